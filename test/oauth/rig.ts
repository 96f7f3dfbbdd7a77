// What the tests of the protocol stand on: a plain provider, an app, answers by hand, and a flow in the fake world.
import type { App } from '../../src/model/app.ts';
import { onlyRole, type RoleTokens } from '../../src/model/connection.ts';
import type { Json } from '../../src/model/json.ts';
import { plainProvider } from '../../src/model/plain-provider.ts';
import type { Fetch, WireRequest, WireResponse } from '../../src/model/ports.ts';
import type { Provider } from '../../src/model/provider.ts';
import { Secret } from '../../src/model/secret.ts';
import type { Grant } from '../../src/oauth/grant.ts';
import type { Held } from '../../src/oauth/held.ts';
import type { Peer } from '../../src/oauth/peer.ts';
import type { FlowPorts, OAuthPorts } from '../../src/oauth/ports.ts';
import type { World } from '../support/world.ts';

export const issuer = 'https://id.acme.example';

const endpoints: Provider['endpoints'] = {
  authorization: `${issuer}/authorize`,
  token: `${issuer}/token`,
  revocation: `${issuer}/revoke`,
  introspection: null,
  userinfo: `${issuer}/userinfo`,
  deviceAuthorization: `${issuer}/device`,
  jwks: null,
};

export function makeProvider(changes: Partial<Provider> = {}): Provider {
  return { ...plainProvider({ id: 'acme', name: 'Acme', issuer, endpoints }), ...changes };
}

export function withEndpoints(changes: Partial<Provider['endpoints']>): Partial<Provider> {
  return { endpoints: { ...endpoints, ...changes } };
}

export function makePeer(changes: Partial<Provider> = {}, app: Partial<App> = {}, secret = 'the-client-secret'): Peer {
  return {
    provider: makeProvider(changes),
    tenant: null,
    app: {
      provider: 'acme',
      name: 'default',
      kind: 'native',
      clientId: 'the-client',
      clientAuth: 'basic',
      redirectUri: null,
      tenant: null,
      hasSecret: secret !== '',
      source: 'stored',
      createdAt: null,
      ...app,
    },
    clientSecret: secret === '' ? undefined : new Secret(secret),
    resource: null,
  };
}

export function heldTokens(access = 'access-1', refresh: string | null = 'refresh-1'): RoleTokens {
  return {
    access: new Secret(access),
    tokenType: 'Bearer',
    expiresAt: null,
    issuedSeconds: null,
    refresh: refresh === null ? null : new Secret(refresh),
  };
}

/** The one token of a grant. */
export function heldBy(tokens: RoleTokens = heldTokens(), granted: readonly string[] = []): Held {
  return { role: onlyRole, tokens, granted };
}

/** What a refresh is asked with. */
export function spendingOf(token: Secret | string, asked: readonly string[] = [], accountId: string | null = null) {
  const refreshToken = typeof token === 'string' ? new Secret(token) : token;
  return { role: onlyRole, refreshToken, asked, accountId, flow: null };
}

export function json(status: number, body: Json, headers: Record<string, string> = {}): WireResponse {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

export function text(status: number, body: string, headers: Record<string, string> = {}): WireResponse {
  return { status, headers, body };
}

export interface Script {
  readonly fetch: Fetch;
  readonly requests: WireRequest[];
  /** The form of the nth request. */
  form(index: number): URLSearchParams;
}

/** Answers in order; the last one again and again. An Error is thrown. */
export function script(...answers: readonly (WireResponse | Error)[]): Script {
  const requests: WireRequest[] = [];
  return {
    requests,
    form: (index) => new URLSearchParams(requests[index]?.body),
    fetch: async (request) => {
      const answer = answers[Math.min(requests.length, answers.length - 1)];
      requests.push(request);
      if (answer === undefined) throw new Error('nothing was to be asked');
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
}

export const nowAt = Date.parse('2026-11-25T10:00:00Z');

export interface TestPorts extends OAuthPorts {
  readonly traced: string[];
}

export function portsOver(fetch: Fetch, at = nowAt): TestPorts {
  const traced: string[] = [];
  return {
    fetch,
    clock: { now: () => at, sleep: async () => {} },
    random: { bytes: (count) => new Uint8Array(count).fill(7) },
    waitMs: 8_000,
    trace: (line) => void traced.push(line),
    traced,
  };
}

export interface FlowRig {
  readonly ports: FlowPorts;
  readonly told: string[];
  readonly said: string[];
  readonly interrupt: () => void;
}

export function flowIn(world: World): FlowRig {
  const { fetch, clock, random, listen, userAgent, prompter } = world.system;
  const stop = new AbortController();
  const told: string[] = [];
  const said: string[] = [];
  const ports = {
    fetch,
    clock,
    random,
    listen,
    userAgent,
    prompter,
    waitMs: 8_000,
    interrupted: stop.signal,
    guarded: <T>(body: () => Promise<T>) => body(),
    trace: () => {},
    tell: (line: string) => void told.push(line),
    say: (line: string) => void said.push(line),
  };
  return { ports, told, said, interrupt: () => stop.abort() };
}

/** Saves nothing; the page carries the account. */
export async function complete(grant: Grant, timing: { readonly humanMs: number }) {
  return { value: { grant, ...timing }, page: { title: "Connected as 'acme'", lines: ['Acme: ann@example.com'] } };
}

/** The token endpoint that most flows need. */
export const tokenAnswer = json(200, { access_token: 'access-1', refresh_token: 'refresh-1', expires_in: 3600 });
