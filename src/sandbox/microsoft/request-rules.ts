// Scopes and options of an authorization request: what is refused, and what is only noted.
// https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-auth-code-flow (read 2026-11)
import type { Asked, Complaint } from '../authority/authorize-request.ts';
import type { AuthorityClient } from '../authority/clients.ts';
import type { Call } from '../call.ts';
import type { Params } from '../params.ts';
import type { Tenant } from './directory.ts';
import { type Aadsts, wordsOf } from './errors.ts';
import { isLoopback } from './response-modes.ts';
import { readScopes } from './scopes.ts';
import { refusedToPersonal } from './sign-in.ts';

export function scopesAsked(params: Params): readonly string[] | Complaint {
  const read = readScopes(params.get('scope') ?? '');
  if (!read.ok) {
    const slip = read.number === '70011' ? { slip: 'scope' } : {};
    return { error: 'invalid_scope', words: read.says, shown: 'callback', ...slip };
  }
  if (read.scopes.length > 0) return read.scopes;
  return { error: 'invalid_request', words: 'scope is missing', shown: 'callback', slip: 'scope' };
}

export function furtherComplaint(call: Call, asked: Asked<AuthorityClient>, tenant: Tenant): Complaint | undefined {
  const { params, scopes } = asked;
  const onPage = call.switched('microsoft-page-error') as Aadsts | undefined;
  if (onPage !== undefined) return { error: `AADSTS${onPage}`, words: wordsOf(onPage), shown: 'page' };
  const invalid = (words: string): Complaint => ({
    error: 'invalid_request',
    words,
    shown: 'callback',
    slip: 'parameter',
  });
  const prompts = (params.get('prompt') ?? '').split(' ').filter((prompt) => prompt !== '');
  if (prompts.includes('none'))
    return { error: 'login_required', words: 'Nobody is signed in, and no page may be shown', shown: 'callback' };
  if (prompts.some((prompt) => !['login', 'consent', 'select_account'].includes(prompt)))
    return invalid('prompt has a value that is not supported');
  if (!['query', 'fragment', 'form_post', undefined].includes(params.get('response_mode')))
    return invalid('response_mode has a value that is not supported');
  if (tenant === 'consumers' && refusedToPersonal(call, scopes))
    return { error: 'invalid_scope', words: 'chats and teams are not for personal accounts', ...toClient('scope') };
  if (call.method === 'GET') noteOptions(call, asked, prompts);
  return undefined;
}

function toClient(slip: string) {
  return { shown: 'callback', slip } as const;
}

/** Let pass, but no correct client sends it. */
function noteOptions(call: Call, { params, redirectUri }: Asked<AuthorityClient>, prompts: readonly string[]): void {
  const mode = params.get('response_mode') ?? 'query';
  if (mode !== 'query' && isLoopback(redirectUri ?? ''))
    call.violation('response_mode', `response_mode=${mode} to a loopback address, which reads the query`);
  if (prompts.includes('select_account') && params.get('login_hint') !== undefined)
    call.violation('prompt', 'prompt=select_account together with login_hint');
}
