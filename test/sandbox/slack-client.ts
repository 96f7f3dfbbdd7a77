// A client that does what a correct Slack client does: each test changes one thing.
import { createHash } from 'node:crypto';
import { approve } from '../../src/sandbox/approve.ts';
import type { SandboxResponse } from '../../src/sandbox/sandbox.ts';
import { clientOf, encodeForm, type Form, get, json, post, type Rig, verifier } from './rig.ts';

export type Kind = 'pkce' | 'confidential';

const origin = 'https://slack.com';
export const localhost = 'http://localhost:8252/callback/slack';
export const https = 'https://app.example.com/callback/slack';
export const accessUrl = `${origin}/api/oauth.v2.access`;

/** The PKCE app asks for the person's scopes, the confidential app for the bot's too. */
export function authorizationUrl(rig: Rig, kind: Kind, change: Form = {}): string {
  const pkce = {
    redirect_uri: localhost,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  };
  const query = encodeForm({
    client_id: clientOf(rig, 'slack', kind).id,
    user_scope: 'users:read,channels:history',
    state: 'a-state-that-holds-256-bits-of-chance',
    ...(kind === 'pkce' ? pkce : { redirect_uri: https, scope: 'chat:write,commands' }),
    ...change,
  });
  return `${origin}/oauth/v2/authorize?${query}`;
}

export async function consented(rig: Rig, kind: Kind, change: Form = {}): Promise<URL> {
  return new URL(await approve(rig.sandbox, authorizationUrl(rig, kind, change)));
}

function credentials(rig: Rig, kind: Kind): Form {
  const { id, secret } = clientOf(rig, 'slack', kind);
  return { client_id: id, client_secret: kind === 'pkce' ? undefined : secret };
}

export function exchange(rig: Rig, kind: Kind, code: string | null, change: Form = {}, headers = {}) {
  const own = kind === 'pkce' ? { redirect_uri: localhost, code_verifier: verifier } : { redirect_uri: https };
  const form = { ...credentials(rig, kind), code: code ?? undefined, ...own, ...change };
  return post(rig, accessUrl, form, headers);
}

export function refresh(rig: Rig, kind: Kind, token: string | undefined, change: Form = {}) {
  const form = { ...credentials(rig, kind), grant_type: 'refresh_token', refresh_token: token, ...change };
  return post(rig, accessUrl, form);
}

export function authTest(rig: Rig, token: string): Promise<SandboxResponse> {
  return get(rig, `${origin}/api/auth.test`, token);
}

export function revoke(rig: Rig, token: string, form: Form = {}): Promise<SandboxResponse> {
  return post(rig, `${origin}/api/auth.revoke`, form, { authorization: `Bearer ${token}` });
}

export interface RoleTokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly scope: string;
  readonly token_type: string;
  readonly expires_in?: number;
}

export interface Installed extends RoleTokens {
  readonly authed_user: RoleTokens & { readonly id: string };
  readonly ok: boolean;
}

/** Consent and exchange. */
export async function connect(rig: Rig, kind: Kind, change: Form = {}): Promise<Installed> {
  const callback = await consented(rig, kind, change);
  const answer = json<Installed & { error?: string }>(await exchange(rig, kind, callback.searchParams.get('code')));
  if (!answer.ok) throw new Error(`not connected: ${answer.error}`);
  return answer;
}

/** `ok`, or the error by its name. */
export async function said(answer: SandboxResponse | Promise<SandboxResponse>): Promise<string> {
  const { ok, error } = json<{ ok: boolean; error?: string }>(await answer);
  return ok ? 'ok' : String(error);
}
