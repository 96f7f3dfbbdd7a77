// A client that does what a correct Trello client does, in both of Trello's ways: each test changes one thing.
import { createHash } from 'node:crypto';
import { approve } from '../../src/sandbox/approve.ts';
import type { SandboxResponse } from '../../src/sandbox/sandbox.ts';
import { clientOf, encodeForm, type Form, json, postJson, type Rig, verifier } from './rig.ts';

const authority = 'https://auth.atlassian.com';
const api = 'https://api.trello.com/1';
export const tokenUrl = `${authority}/oauth/token`;
export const redirectUri = 'http://localhost:8252/callback/trello';

export type Kind = 'oauth2' | 'confidential';

export function authorizationUrl(rig: Rig, change: Form = {}, kind: Kind = 'oauth2'): string {
  const query = encodeForm({
    client_id: clientOf(rig, 'trello', kind).id,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'read:board:trello read:member:trello offline_access',
    prompt: 'consent',
    state: 'a-state-that-holds-256-bits-of-chance',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...change,
  });
  return `${authority}/authorize?${query}`;
}

export async function consented(rig: Rig, change: Form = {}, kind: Kind = 'oauth2'): Promise<URL> {
  return new URL(await approve(rig.sandbox, authorizationUrl(rig, change, kind)));
}

/** To the token or revocation endpoint. */
function ask(rig: Rig, path: string, kind: Kind, body: Form): Promise<SandboxResponse> {
  const { id, secret } = clientOf(rig, 'trello', kind);
  return postJson(rig, `${authority}/oauth/${path}`, { client_id: id, client_secret: secret || undefined, ...body });
}

export function exchange(rig: Rig, code: string | null, change: Form = {}, kind: Kind = 'oauth2') {
  return ask(rig, 'token', kind, {
    grant_type: 'authorization_code',
    code: code ?? undefined,
    redirect_uri: redirectUri,
    code_verifier: verifier,
    ...change,
  });
}

export function refresh(rig: Rig, refreshToken: string, change: Form = {}, kind: Kind = 'oauth2') {
  return ask(rig, 'token', kind, { grant_type: 'refresh_token', refresh_token: refreshToken, ...change });
}

export function revoke(rig: Rig, token: string, kind: Kind = 'oauth2') {
  return ask(rig, 'revoke', kind, { token });
}

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly scope: string;
}

/** Consent and exchange. */
export async function connect(rig: Rig, change: Form = {}, kind: Kind = 'oauth2'): Promise<Tokens> {
  const callback = await consented(rig, change, kind);
  const answer = await exchange(rig, callback.searchParams.get('code'), {}, kind);
  if (answer.status !== 200) throw new Error(`not connected: ${answer.status} ${answer.body}`);
  return json<Tokens>(answer);
}

export function call(rig: Rig, path: string, authorization: string, method = 'GET'): Promise<SandboxResponse> {
  return rig.sandbox.answer({ method, url: `${api}${path}`, headers: { authorization } });
}

export const probe = '/members/me?fields=id,username,fullName';

export function me(rig: Rig, accessToken: string): Promise<SandboxResponse> {
  return call(rig, probe, `Bearer ${accessToken}`);
}

export const returnUrl = 'http://127.0.0.1:8252/callback/trello/a-nonce?attempt=1';

export function legacyUrl(rig: Rig, change: Form = {}): string {
  const query = encodeForm({
    key: clientOf(rig, 'trello', 'legacy').id,
    response_type: 'token',
    scope: 'read,write',
    expiration: 'never',
    name: 'oauthctl',
    callback_method: 'fragment',
    return_url: returnUrl,
    ...change,
  });
  return `https://trello.com/1/authorize?${query}`;
}

/** The token of the older grant, taken from the fragment. */
export async function legacyConnect(rig: Rig, change: Form = {}): Promise<string> {
  const { hash } = new URL(await approve(rig.sandbox, legacyUrl(rig, change)));
  const token = new URLSearchParams(hash.slice(1)).get('token');
  if (token === null) throw new Error('no token in the fragment');
  return token;
}

export function keyHeader(rig: Rig, token: string, key = clientOf(rig, 'trello', 'legacy').id): string {
  return `OAuth oauth_consumer_key="${key}", oauth_token="${token}"`;
}
