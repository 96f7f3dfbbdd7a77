// A standing authorization server (RFC 6749, 7009, 7636, 7662, 8414, 9207) for programs that run beside it: consents by
// itself, rotates refresh tokens, ends the grant when one is used twice, and counts what it is asked.
import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { good, leafKey } from '../../support/certificates.ts';

export const clientId = 'e2e-client';
export const clientSecret = 'e2e-client-secret-5b1d9c';

export interface AuthorizationServer {
  readonly issuer: string;
  /** On 127.0.0.1. */
  readonly port: number;
  /** Every secret that it gave out or was shown: codes, verifiers, tokens. */
  readonly secrets: ReadonlySet<string>;
  /** Access tokens in the order of issue. */
  readonly accessTokens: readonly string[];
  refreshes(): number;
  revocations(): number;
}

interface Grant {
  alive: boolean;
  access: string;
  refresh: string;
}

interface State {
  readonly secrets: Set<string>;
  readonly accessTokens: string[];
  readonly codes: Map<string, { readonly challenge: string; readonly redirect: string }>;
  readonly grants: Grant[];
  readonly spent: Map<string, Grant>;
  refreshes: number;
  revocations: number;
}

export interface ServerOptions {
  /** Of the first access token of a grant; refreshed ones live for an hour. */
  readonly firstExpiresIn?: number;
  /** Served over TLS as this host, to which only a proxy leads. */
  readonly secureAs?: string;
}

interface Answer {
  readonly status: number;
  readonly body?: object;
  readonly location?: string;
}

const fresh = (state: State, prefix: string) => {
  const secret = `${prefix}-${randomBytes(24).toString('base64url')}`;
  state.secrets.add(secret);
  return secret;
};

const metadata = (issuer: string) => ({
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  revocation_endpoint: `${issuer}/revoke`,
  introspection_endpoint: `${issuer}/introspect`,
  response_types_supported: ['code'],
  grant_types_supported: ['authorization_code', 'refresh_token'],
  code_challenge_methods_supported: ['S256'],
  token_endpoint_auth_methods_supported: ['client_secret_basic'],
  authorization_response_iss_parameter_supported: true,
});

function authorize(state: State, issuer: string, query: URLSearchParams): Answer {
  const redirect = query.get('redirect_uri') ?? '';
  const code = fresh(state, 'code');
  state.codes.set(code, { challenge: query.get('code_challenge') ?? '', redirect });
  const location = new URL(redirect);
  location.searchParams.set('code', code);
  location.searchParams.set('state', query.get('state') ?? '');
  location.searchParams.set('iss', issuer);
  return { status: 302, location: location.href };
}

const refused = (error: string): Answer => ({ status: 400, body: { error } });

function issue(state: State, grant: Grant, expiresIn: number): Answer {
  if (grant.refresh !== '') state.spent.set(grant.refresh, grant);
  grant.access = fresh(state, 'access');
  grant.refresh = fresh(state, 'refresh');
  state.accessTokens.push(grant.access);
  const { access, refresh } = grant;
  return {
    status: 200,
    body: { access_token: access, refresh_token: refresh, token_type: 'Bearer', expires_in: expiresIn, scope: 'read' },
  };
}

function exchange(state: State, form: URLSearchParams, options: ServerOptions): Answer {
  const code = state.codes.get(form.get('code') ?? '');
  const verifier = form.get('code_verifier') ?? '';
  state.codes.delete(form.get('code') ?? '');
  state.secrets.add(verifier);
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  if (code?.challenge !== challenge || code.redirect !== form.get('redirect_uri')) return refused('invalid_grant');
  const grant = { alive: true, access: '', refresh: '' };
  state.grants.push(grant);
  return issue(state, grant, options.firstExpiresIn ?? 3600);
}

function refresh(state: State, token: string): Answer {
  state.refreshes++;
  const grant = state.grants.find((each) => each.alive && each.refresh === token);
  if (grant) return issue(state, grant, 3600);
  const reused = state.spent.get(token);
  if (reused) reused.alive = false;
  return refused('invalid_grant');
}

function answer(state: State, issuer: string, url: URL, form: URLSearchParams, options: ServerOptions): Answer {
  const token = form.get('token') ?? '';
  const grant = state.grants.find((each) => each.access === token || each.refresh === token);
  switch (url.pathname) {
    case '/.well-known/oauth-authorization-server':
      return { status: 200, body: metadata(issuer) };
    case '/authorize':
      return authorize(state, issuer, url.searchParams);
    case '/token':
      if (form.get('grant_type') === 'refresh_token') return refresh(state, form.get('refresh_token') ?? '');
      return exchange(state, form, options);
    case '/introspect':
      return { status: 200, body: { active: grant?.alive ?? false } };
    case '/revoke':
      state.revocations++;
      if (grant) grant.alive = false;
      return { status: 200 };
    default:
      return { status: 404 };
  }
}

async function handle(request: IncomingMessage, response: ServerResponse, respond: Responder): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const { status, body, location } = respond(url, new URLSearchParams(Buffer.concat(parts).toString()), request);
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store', ...(location && { location }) };
  response.writeHead(status, headers).end(body ? JSON.stringify(body) : '');
}

type Responder = (url: URL, form: URLSearchParams, request: IncomingMessage) => Answer;

const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;

/** Listens until the test is over. */
export async function startAuthorizationServer(options: ServerOptions = {}): Promise<AuthorizationServer> {
  const state: State = {
    secrets: new Set([clientSecret]),
    accessTokens: [],
    codes: new Map(),
    grants: [],
    spent: new Map(),
    refreshes: 0,
    revocations: 0,
  };
  let issuer = '';
  const respond: Responder = (url, form, request) => {
    if (request.method === 'POST' && request.headers.authorization !== authorization)
      return { status: 401, body: { error: 'invalid_client' } };
    return answer(state, issuer, url, form, options);
  };
  const listener: RequestListener = (request, response) => void handle(request, response, respond);
  const { secureAs } = options;
  const server = secureAs ? createSecureServer({ key: leafKey, cert: good }, listener) : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  issuer = secureAs ? `https://${secureAs}` : `http://127.0.0.1:${port}`;
  return {
    issuer,
    port,
    secrets: state.secrets,
    accessTokens: state.accessTokens,
    refreshes: () => state.refreshes,
    revocations: () => state.revocations,
  };
}
