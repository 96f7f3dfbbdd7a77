// A client that does what a correct Notion client does: each test changes one thing.
import { approve } from '../../src/sandbox/approve.ts';
import type { SandboxResponse } from '../../src/sandbox/sandbox.ts';
import { basic, clientOf, encodeForm, type Form, json, postJson, type Rig } from './rig.ts';

const origin = 'https://api.notion.com/v1';
export const redirectUri = 'http://localhost:8252/callback/notion';
const version = { 'notion-version': '2026-03-11' };

type Headers = Record<string, string>;

export function authorizationUrl(rig: Rig, change: Form = {}): string {
  const query = encodeForm({
    client_id: clientOf(rig, 'notion', 'public').id,
    redirect_uri: redirectUri,
    response_type: 'code',
    owner: 'user',
    state: 'a-state-that-holds-256-bits-of-chance',
    ...change,
  });
  return `${origin}/oauth/authorize?${query}`;
}

export async function consented(rig: Rig, change: Form = {}): Promise<URL> {
  return new URL(await approve(rig.sandbox, authorizationUrl(rig, change)));
}

/** To the token, introspection or revocation endpoint. */
export function ask(rig: Rig, path: string, body: Form, headers: Headers = {}): Promise<SandboxResponse> {
  const { id, secret } = clientOf(rig, 'notion', 'public');
  return postJson(rig, `${origin}/oauth/${path}`, body, { authorization: basic(id, secret), ...version, ...headers });
}

export function exchange(rig: Rig, code: string | null, change: Form = {}, headers: Headers = {}) {
  const body = { grant_type: 'authorization_code', code: code ?? undefined, redirect_uri: redirectUri, ...change };
  return ask(rig, 'token', body, headers);
}

export function refresh(rig: Rig, refreshToken: string, change: Form = {}) {
  return ask(rig, 'token', { grant_type: 'refresh_token', refresh_token: refreshToken, ...change });
}

export function me(rig: Rig, accessToken: string, headers: Headers = version): Promise<SandboxResponse> {
  const sent = { authorization: `Bearer ${accessToken}`, ...headers };
  return rig.sandbox.answer({ method: 'GET', url: `${origin}/users/me`, headers: sent });
}

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly workspace_id: string;
  readonly bot_id: string;
  readonly owner: { readonly user: { readonly id: string; readonly person: object } };
}

/** Consent and exchange. */
export async function connect(rig: Rig, change: Form = {}): Promise<Tokens> {
  const callback = await consented(rig, change);
  const answer = await exchange(rig, callback.searchParams.get('code'));
  if (answer.status !== 200) throw new Error(`not connected: ${answer.status} ${answer.body}`);
  return json<Tokens>(answer);
}
