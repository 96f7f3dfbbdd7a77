// A client that does what a correct Asana client does: each test changes one thing.
import { createHash } from 'node:crypto';
import { approve } from '../../src/sandbox/approve.ts';
import type { SandboxResponse } from '../../src/sandbox/sandbox.ts';
import { clientOf, encodeForm, type Form, get, json, post, type Rig, verifier } from './rig.ts';

export const redirectUri = 'http://127.0.0.1:8252/callback/asana';
export const outOfBand = 'urn:ietf:wg:oauth:2.0:oob';
export const authorizePage = 'https://app.asana.com/-/oauth_authorize';

export function authorizationUrl(rig: Rig, change: Form = {}): string {
  const query = encodeForm({
    client_id: clientOf(rig, 'asana', 'native').id,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'users:read tasks:read',
    state: 'a-state-that-holds-256-bits-of-chance',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...change,
  });
  return `${authorizePage}?${query}`;
}

export async function consented(rig: Rig, change: Form = {}): Promise<URL> {
  return new URL(await approve(rig.sandbox, authorizationUrl(rig, change)));
}

/** To the token, revocation or introspection endpoint. */
export function ask(rig: Rig, path: string, form: Form): Promise<SandboxResponse> {
  const { id, secret } = clientOf(rig, 'asana', 'native');
  return post(rig, `https://app.asana.com/-/oauth_${path}`, { client_id: id, client_secret: secret, ...form });
}

export function exchange(rig: Rig, code: string | null, change: Form = {}): Promise<SandboxResponse> {
  const form = { grant_type: 'authorization_code', code: code ?? undefined, redirect_uri: redirectUri };
  return ask(rig, 'token', { ...form, code_verifier: verifier, ...change });
}

export function refresh(rig: Rig, refreshToken: string | undefined, change: Form = {}): Promise<SandboxResponse> {
  return ask(rig, 'token', { grant_type: 'refresh_token', refresh_token: refreshToken, ...change });
}

export function me(rig: Rig, accessToken?: string): Promise<SandboxResponse> {
  return get(rig, 'https://app.asana.com/api/1.0/users/me', accessToken);
}

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly data: { readonly gid: string };
}

/** Consent and exchange. */
export async function connect(rig: Rig, change: Form = {}): Promise<Tokens> {
  const callback = await consented(rig, change);
  const answer = await exchange(rig, callback.searchParams.get('code'));
  if (answer.status !== 200) throw new Error(`not connected: ${answer.status} ${answer.body}`);
  return json<Tokens>(answer);
}
