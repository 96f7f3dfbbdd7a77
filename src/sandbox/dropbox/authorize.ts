// GET https://www.dropbox.com/oauth2/authorize. Without redirect_uri the code is shown for pasting.
// https://developers.dropbox.com/oauth-guide (read 2026-11)
import { authorityState } from '../authority/authority-state.ts';
import { type AuthorizeRule, answerWithCode } from '../authority/authorize.ts';
import type { Asked, Complaint } from '../authority/authorize-request.ts';
import { callBack } from '../authority/call-back.ts';
import type { AuthorityClient } from '../authority/clients.ts';
import { issueCode } from '../authority/codes.ts';
import { errorPage } from '../authority/pages.ts';
import type { Person } from '../authority/people.ts';
import { exactly } from '../authority/redirects.ts';
import { knownScopes, splitScopes } from '../authority/scope-lists.ts';
import type { Call, Reply } from '../call.ts';
import type { Params } from '../params.ts';
import { clients, codeSpan, identityScopes, scopeWords, tickedScopes } from './registration.ts';

const head = { mark: 'D', appName: 'oauthctl' };

export const authorizeRule: AuthorizeRule<AuthorityClient> = {
  head,
  consentAt: ['www.dropbox.com', '/oauth2/authorize'],
  clients,
  responseTypes: ['code'],
  redirect: exactly,
  withoutRedirect: 'shown',
  // With a secret it is one or the other.
  pkce: ({ kind }) => (kind === 'confidential' ? 'either' : 'supported'),
  tells: 'callback',
  // Every app may see whose account it has: the Permissions tab does not let that tick be taken away.
  isFixed: (scope) => scope === 'account_info.read' || identityScopes.includes(scope),
  words: (scope) => scopeWords[scope] ?? 'See who you are',
  scopes: askedScopes,
  further,
  allow,
  refuse(call, asked, error, words) {
    if (asked.goesTo === undefined) return errorPage({ error, status: 403, words });
    return callBack(call, asked.goesTo, [
      ['error', error],
      ['error_description', words],
      ['state', asked.state],
    ]);
  },
};

/** Left out: every scope that is ticked in the Permissions tab. */
function askedScopes(call: Call, params: Params): readonly string[] | Complaint {
  const asked = splitScopes(params.get('scope'));
  const ticked = tickedScopes(call);
  if (asked.length === 0) return ticked;
  const unticked = asked.find((scope) => scopeWords[scope] !== undefined && !ticked.includes(scope));
  if (unticked !== undefined)
    return { error: 'invalid_scope', words: `The app may not ask for ${unticked}.`, shown: 'callback' };
  return knownScopes(asked, (scope) => ticked.includes(scope) || identityScopes.includes(scope), 'callback');
}

const longestState = 500;

function further(call: Call, { params, state }: Asked<AuthorityClient>): Complaint | undefined {
  const refused = (words: string, slip: string): Complaint => ({
    error: 'invalid_request',
    words,
    shown: 'page',
    slip,
  });
  if (Buffer.byteLength(state ?? '') > longestState) return refused('The state is longer than 500 bytes.', 'state');
  const type = params.get('token_access_type');
  if (type === 'legacy') call.violation('token_access_type', 'tokens that never end are deprecated');
  if (type === undefined || ['online', 'offline', 'legacy'].includes(type)) return undefined;
  return refused('Invalid token_access_type.', 'token_access_type');
}

function allow(call: Call, asked: Asked<AuthorityClient>, person: Person, scopes: readonly string[]): Reply {
  const { client, redirectUri, challenge, params } = asked;
  const included = params.get('include_granted_scopes') === undefined ? [] : grantedBefore(call, client, person);
  if (included === undefined)
    return errorPage({
      error: 'invalid_scope',
      status: 400,
      words: 'include_granted_scopes, and nothing was granted.',
    });
  const code = issueCode(
    call,
    {
      clientId: client.id,
      person: person.key,
      scopes: [...new Set([...scopes, ...included])],
      more: { access: params.get('token_access_type') ?? 'online', nonce: params.get('nonce') ?? null },
      redirectUri,
      challenge,
    },
    codeSpan,
  );
  return answerWithCode(call, asked, code, head);
}

/** undefined: this person has never linked the app, and asking for what was granted is an error. */
function grantedBefore(call: Call, client: AuthorityClient, person: Person): readonly string[] | undefined {
  const live = Object.values(authorityState(call).grants).filter(
    ({ clientId, person: whose, endedAt }) => clientId === client.id && whose === person.key && endedAt === null,
  );
  return live.length === 0 ? undefined : live.flatMap(({ scopes }) => scopes);
}
