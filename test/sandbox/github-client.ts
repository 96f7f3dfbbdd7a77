// A client that does what a correct GitHub client does: each test changes one thing.
import { createHash } from 'node:crypto';
import { approve } from '../../src/sandbox/approve.ts';
import type { SandboxResponse } from '../../src/sandbox/sandbox.ts';
import { basic, clientOf, encodeForm, type Form, json, post, type Rig, verifier } from './rig.ts';

export type Kind = 'oauth-app' | 'github-app';

export const kinds: readonly Kind[] = ['oauth-app', 'github-app'];
export const tokenUrl = 'https://github.com/login/oauth/access_token';
/** Good for both: a registered port of the one, any port of the other. */
export const redirectUri = 'http://127.0.0.1:8252/callback/github';

const wantsJson = { accept: 'application/json' };

export function authorizationUrl(rig: Rig, kind: Kind, change: Form = {}): string {
  const query = encodeForm({
    client_id: clientOf(rig, 'github', kind).id,
    redirect_uri: redirectUri,
    scope: kind === 'oauth-app' ? 'user gist user:email' : undefined,
    state: 'a-state-that-holds-256-bits-of-chance',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...change,
  });
  return `https://github.com/login/oauth/authorize?${query}`;
}

export async function consented(rig: Rig, kind: Kind, change: Form = {}): Promise<URL> {
  return new URL(await approve(rig.sandbox, authorizationUrl(rig, kind, change)));
}

function credentials(rig: Rig, kind: Kind): Form {
  const { id, secret } = clientOf(rig, 'github', kind);
  return { client_id: id, client_secret: secret };
}

export function exchange(rig: Rig, kind: Kind, code: string | null, change: Form = {}, headers = {}) {
  const own = { code: code ?? undefined, redirect_uri: redirectUri, code_verifier: verifier };
  return post(rig, tokenUrl, { ...credentials(rig, kind), ...own, ...change }, { ...wantsJson, ...headers });
}

export function refresh(rig: Rig, kind: Kind, token: string | undefined, change: Form = {}) {
  const own = { grant_type: 'refresh_token', refresh_token: token };
  return post(rig, tokenUrl, { ...credentials(rig, kind), ...own, ...change }, wantsJson);
}

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly scope: string;
  readonly expires_in?: number;
}

/** Consent and exchange. */
export async function connect(rig: Rig, kind: Kind, change: Form = {}, sent: Form = {}): Promise<Tokens> {
  const callback = await consented(rig, kind, change);
  const answer = json<Tokens & { error?: string }>(await exchange(rig, kind, callback.searchParams.get('code'), sent));
  if (answer.error !== undefined) throw new Error(`not connected: ${answer.error}`);
  return answer;
}

export function user(rig: Rig, token: string): Promise<SandboxResponse> {
  const headers = { authorization: `Bearer ${token}`, 'user-agent': 'oauthctl-test' };
  return rig.sandbox.answer({ method: 'GET', url: 'https://api.github.com/user', headers });
}

export async function works(rig: Rig, token: string): Promise<boolean> {
  return (await user(rig, token)).status === 200;
}

type Ask = { readonly method?: string; readonly path?: 'token' | 'grant'; readonly headers?: Record<string, string> };

/** To /applications: with Basic and a JSON body, at DELETE too. */
export function asApp(rig: Rig, kind: Kind, body: unknown, ask: Ask = {}): Promise<SandboxResponse> {
  const { id, secret } = clientOf(rig, 'github', kind);
  const { method = 'POST', path = 'token', headers = {} } = ask;
  return rig.sandbox.answer({
    method,
    url: `https://api.github.com/applications/${id}/${path}`,
    headers: { 'content-type': 'application/json', authorization: basic(id, secret), ...headers },
    body: JSON.stringify(body),
  });
}

export function startDevice(rig: Rig, kind: Kind, change: Form = {}): Promise<SandboxResponse> {
  const { id } = clientOf(rig, 'github', kind);
  const scope = kind === 'oauth-app' ? 'repo' : undefined;
  return post(rig, 'https://github.com/login/device/code', { client_id: id, scope, ...change }, wantsJson);
}

export function poll(rig: Rig, kind: Kind, deviceCode: string, change: Form = {}): Promise<SandboxResponse> {
  const form = {
    client_id: clientOf(rig, 'github', kind).id,
    device_code: deviceCode,
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    ...change,
  };
  return post(rig, tokenUrl, form, wantsJson);
}

/** The error of an answer at 200, or 'ok'. */
export async function said(answer: SandboxResponse | Promise<SandboxResponse>): Promise<string> {
  const { status, body } = await answer;
  if (status !== 200) return String(status);
  return (JSON.parse(body) as { error?: string }).error ?? 'ok';
}
