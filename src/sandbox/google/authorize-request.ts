// Reads an authorization request and says what is wrong with it. What is wrong is shown in the browser and never called back.
// https://developers.google.com/identity/protocols/oauth2/native-app#step-2:-send-a-request-to-googles-oauth-2.0-server
import { storedChallenge } from '../authority/pkce.ts';
import type { Call } from '../call.ts';
import type { Params } from '../params.ts';
import { findClient } from './client-auth.ts';
import type { GoogleClient } from './project.ts';
import { redirectComplaint } from './redirect-uris.ts';
import { isKnownScope, spelledBack, splitScopes } from './scopes.ts';

export interface Asked {
  readonly client: GoogleClient;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly state: string | undefined;
  /** In S256 form. */
  readonly challenge: string | null;
  readonly nonce: string | null;
  readonly accessType: string | undefined;
  readonly prompts: readonly string[];
  readonly loginHint: string | undefined;
  readonly incremental: boolean;
}

interface BrowserError {
  readonly error: string;
  readonly status: number;
  readonly words: string;
  readonly slip: boolean;
}

export type Judged =
  | { readonly ok: true; readonly asked: Asked }
  | { readonly ok: false; readonly complaint: BrowserError };

export function judgeRequest(call: Call, params: Params): Judged {
  const client = findClient(params.get('client_id'));
  if (client === undefined) return { ok: false, complaint: clientComplaint(params) };
  const redirectUri = params.get('redirect_uri');
  const complaint =
    missing(params, 'redirect_uri') ??
    redirectComplaint(client, redirectUri ?? '') ??
    missing(params, 'response_type') ??
    missing(params, 'scope') ??
    valueComplaint(call, params) ??
    scopeComplaint(params);
  if (complaint !== undefined) return { ok: false, complaint };
  const promptList = prompts(params);
  return {
    ok: true,
    asked: {
      client,
      redirectUri: redirectUri ?? '',
      scopes: spelledBack(splitScopes(params.get('scope') ?? '')),
      state: params.get('state'),
      challenge: storedChallenge(params),
      nonce: params.get('nonce') ?? null,
      accessType: params.get('access_type'),
      prompts: promptList,
      loginHint: params.get('login_hint'),
      incremental: params.get('include_granted_scopes') === 'true',
    },
  };
}

function invalid(words: string): BrowserError {
  return { error: 'invalid_request', status: 400, words, slip: true };
}

function missing(params: Params, name: string): BrowserError | undefined {
  return params.get(name) === undefined ? invalid(`Required parameter is missing: ${name}`) : undefined;
}

function clientComplaint(params: Params): BrowserError {
  if (params.get('client_id') === undefined) return invalid('Required parameter is missing: client_id');
  return { error: 'invalid_client', status: 401, words: 'The OAuth client was not found.', slip: false };
}

/** Documented prompts are none, consent and select_account: https://developers.google.com/identity/openid-connect/openid-connect */
function valueComplaint(call: Call, params: Params): BrowserError | undefined {
  const [twice] = params.repeated;
  if (twice !== undefined) return invalid(`OAuth 2 parameters can only have a single value: ${twice}`);
  const bad = (name: string) => invalid(`Invalid parameter value for ${name}: ${params.get(name)}`);
  if (params.get('response_type') !== 'code') return bad('response_type');
  if (!['query', undefined].includes(params.get('response_mode'))) return bad('response_mode');
  if (!['online', 'offline', undefined].includes(params.get('access_type'))) return bad('access_type');
  if (!['plain', 'S256', undefined].includes(params.get('code_challenge_method'))) return bad('code_challenge_method');
  // RFC 7636 §4.1: 43 to 128 unreserved characters; the S256 form has 43.
  const length = params.get('code_challenge_method') === 'S256' ? '{43}' : '{43,128}';
  const shape = new RegExp(`^[A-Za-z0-9._~-]${length}$`);
  if (!shape.test(params.get('code_challenge') ?? 'x'.repeat(43))) return bad('code_challenge');
  const list = prompts(params);
  const known = ['none', 'consent', 'select_account'];
  const unknown = list.find((prompt) => !known.includes(prompt));
  if (unknown !== undefined && !(unknown === 'login' && call.switched('prompt-login') === 'accepted'))
    return invalid(`Invalid parameter value for prompt: Invalid prompt: ${unknown}`);
  if (list.includes('none') && list.length > 1) return bad('prompt');
  const wantsMore = params.get('include_granted_scopes') === 'true';
  const installed = findClient(params.get('client_id'))?.type === 'desktop';
  if (wantsMore && installed && call.switched('incremental-installed') === 'refused')
    return invalid('Incremental authorization is not available to installed apps.');
  return undefined;
}

function scopeComplaint(params: Params): BrowserError | undefined {
  const spelled = spelledBack(splitScopes(params.get('scope') ?? ''));
  const list = (scopes: readonly string[]) => `[${scopes.join(', ')}]`;
  const wrong = spelled.filter((scope) => !isKnownScope(scope));
  if (wrong.length === 0) return undefined;
  const right = spelled.filter(isKnownScope);
  const words = `Some requested scopes were invalid. {valid=${list(right)}, invalid=${list(wrong)}}`;
  // Scopes are typed by people; the client passes them on.
  return { error: 'invalid_scope', status: 400, words, slip: false };
}

function prompts(params: Params): string[] {
  return (params.get('prompt') ?? '').split(' ').filter((prompt) => prompt !== '');
}

/** What Google lets pass and a correct client would not send all the same. */
export function noteSlips(call: Call, asked: Asked): void {
  const { query } = call;
  if ((asked.state ?? '').length < 22) call.violation('state', 'state is missing or holds less than 128 bits');
  if (asked.challenge === null) call.violation('pkce_missing', 'no code_challenge');
  else if (query.get('code_challenge_method') !== 'S256')
    call.violation('pkce_plain', 'the code_challenge is the verifier itself: S256 was not asked for');
  if (asked.incremental && asked.client.type !== 'web')
    call.violation('incremental', 'include_granted_scopes does nothing for installed apps');
  const secrets = ['client_secret', 'code_verifier', 'access_token', 'refresh_token'];
  const shown = secrets.filter((name) => query.get(name) !== undefined);
  if (shown.length > 0) call.violation('secret_in_url', `${shown.join(', ')} in the URL that the browser is given`);
}
