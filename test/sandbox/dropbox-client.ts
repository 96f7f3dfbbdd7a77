// A client that does what a correct Dropbox client does: each test changes one thing.
import { createHash } from 'node:crypto';
import { approve } from '../../src/sandbox/approve.ts';
import type { SandboxResponse } from '../../src/sandbox/sandbox.ts';
import { clientOf, encodeForm, type Form, json, post, type Rig, verifier } from './rig.ts';

const api = 'https://api.dropboxapi.com';
export const tokenUrl = `${api}/oauth2/token`;
export const redirectUri = 'http://localhost:8252/callback/dropbox';
export const state = 'a-state-that-holds-256-bits-of-chance';

export type Kind = 'public' | 'confidential';
type Headers = Record<string, string>;

export function authorizationUrl(rig: Rig, change: Form = {}, kind: Kind = 'public'): string {
  const query = encodeForm({
    client_id: clientOf(rig, 'dropbox', kind).id,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'account_info.read files.metadata.read',
    token_access_type: 'offline',
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...change,
  });
  return `https://www.dropbox.com/oauth2/authorize?${query}`;
}

export async function consented(rig: Rig, change: Form = {}, kind: Kind = 'public'): Promise<URL> {
  return new URL(await approve(rig.sandbox, authorizationUrl(rig, change, kind)));
}

export function exchange(
  rig: Rig,
  code: string | null,
  change: Form = {},
  kind: Kind = 'public',
  headers: Headers = {},
) {
  const { id, secret } = clientOf(rig, 'dropbox', kind);
  const form = {
    grant_type: 'authorization_code',
    code: code ?? undefined,
    redirect_uri: redirectUri,
    code_verifier: verifier,
    client_id: id,
    client_secret: secret || undefined,
    ...change,
  };
  return post(rig, tokenUrl, form, headers);
}

export function refresh(rig: Rig, refreshToken: string, change: Form = {}, kind: Kind = 'public') {
  const { id, secret } = clientOf(rig, 'dropbox', kind);
  return post(rig, tokenUrl, {
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
    client_id: id,
    client_secret: secret || undefined,
    ...change,
  });
}

/** A call of the API, by default one without an argument. */
export function call(rig: Rig, path: string, accessToken: string, headers: Headers = {}, body?: string) {
  const sent = { authorization: `Bearer ${accessToken}`, ...headers };
  return rig.sandbox.answer({ method: 'POST', url: `${api}/2/${path}`, headers: sent, body });
}

export function me(rig: Rig, accessToken: string, headers: Headers = {}): Promise<SandboxResponse> {
  return call(rig, 'users/get_current_account', accessToken, headers);
}

export function revoke(rig: Rig, accessToken: string): Promise<SandboxResponse> {
  return call(rig, 'auth/token/revoke', accessToken);
}

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly account_id: string;
  readonly scope: string;
  readonly id_token: string;
  readonly expires_in: number;
}

/** Consent and exchange. */
export async function connect(rig: Rig, change: Form = {}, kind: Kind = 'public'): Promise<Tokens> {
  const callback = await consented(rig, change, kind);
  const answer = await exchange(rig, callback.searchParams.get('code'), {}, kind);
  if (answer.status !== 200) throw new Error(`not connected: ${answer.status} ${answer.body}`);
  return json<Tokens>(answer);
}

/** What an API error says, in one word. */
export function tagOf(answer: SandboxResponse): string {
  return json<{ error: { '.tag': string } }>(answer).error['.tag'];
}
