// A client that does what a correct Microsoft client does: each test changes one thing.
import { createHash } from 'node:crypto';
import { approve } from '../../src/sandbox/approve.ts';
import type { SandboxResponse } from '../../src/sandbox/sandbox.ts';
import { clientOf, encodeForm, type Form, json, post, type Rig, verifier } from './rig.ts';

export const redirectUri = 'http://localhost:49152/callback/outlook';
export const directoryId = 'd1ec7012-0000-4000-8000-000000000001';
export const consumersId = '9188040d-6c67-4c5b-b112-36a304b66dad';
export const scope = 'openid profile email offline_access User.Read Mail.Read';

export function loginUrl(tenant: string, path: string): string {
  return `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/${path}`;
}

export function publicId(rig: Rig): string {
  return clientOf(rig, 'outlook', 'public').id;
}

/** Without a tenant: `common`. */
export function authorizationUrl(rig: Rig, { tenant = 'common', ...change }: Form = {}): string {
  const query = encodeForm({
    client_id: publicId(rig),
    redirect_uri: redirectUri,
    response_type: 'code',
    response_mode: 'query',
    scope,
    state: 'a-state-that-holds-256-bits-of-chance',
    nonce: 'a-nonce-that-holds-256-bits-of-chance',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...change,
  });
  return `${loginUrl(tenant, 'authorize')}?${query}`;
}

export async function consented(rig: Rig, change: Form = {}): Promise<URL> {
  return new URL(await approve(rig.sandbox, authorizationUrl(rig, change)));
}

export function ask(rig: Rig, { tenant = 'common', ...form }: Form): Promise<SandboxResponse> {
  return post(rig, loginUrl(tenant, 'token'), { client_id: publicId(rig), ...form });
}

export function exchange(rig: Rig, code: string | null, change: Form = {}): Promise<SandboxResponse> {
  const form = { grant_type: 'authorization_code', code: code ?? undefined, redirect_uri: redirectUri };
  return ask(rig, { ...form, code_verifier: verifier, ...change });
}

export function refresh(rig: Rig, refreshToken: string | undefined, change: Form = {}): Promise<SandboxResponse> {
  return ask(rig, { grant_type: 'refresh_token', refresh_token: refreshToken, scope, ...change });
}

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly id_token: string;
  readonly scope: string;
  readonly expires_in: number;
}

/** Consent and exchange. `exchanged`: what the exchange changes. */
export async function connect(rig: Rig, change: Form = {}, exchanged: Form = {}): Promise<Tokens> {
  const callback = await consented(rig, change);
  const sent = { tenant: change.tenant, redirect_uri: change.redirect_uri ?? redirectUri, ...exchanged };
  const answer = await exchange(rig, callback.searchParams.get('code'), sent);
  if (answer.status !== 200) throw new Error(`not connected: ${answer.status} ${answer.body}`);
  return json<Tokens>(answer);
}

export interface AadError {
  readonly error: string;
  readonly error_description: string;
  readonly error_codes: readonly number[];
}

/** `[status, error, number]` of a refusal. */
export function refusal(answer: SandboxResponse): [number, string, number | undefined] {
  const { error, error_codes } = json<AadError>(answer);
  return [answer.status, error, error_codes[0]];
}

export const graph = (path: string) => `https://graph.microsoft.com${path}`;
