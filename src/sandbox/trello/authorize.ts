// GET https://auth.atlassian.com/authorize: OAuth 2.0, scopes with spaces, no site to choose.
// https://developer.atlassian.com/cloud/trello/guides/rest-api/oauth-2-confidential-client-usage/ and
// https://github.com/rwjdk/trello-dotnet/wiki/OAuth-2.0 (read 2026-11)
import { type AuthorizeRule, answerWithCode } from '../authority/authorize.ts';
import type { AuthorityClient } from '../authority/clients.ts';
import { issueCode } from '../authority/codes.ts';
import { knownScopes, splitScopes } from '../authority/scope-lists.ts';
import type { Call } from '../call.ts';
import { callbacksOf, clients, codeSpan } from './registration.ts';

export const head = { mark: 'T', appName: 'oauthctl' };

/** https://developer.atlassian.com/cloud/trello/scopes-for-oauth-2-3LO-and-forge-apps/ */
const scopeWords: Readonly<Record<string, string>> = {
  'read:board:trello': 'See boards, lists and cards',
  'write:board:trello': 'Change boards, lists and cards',
  'write:board:membership:trello': 'Change who belongs to a board',
  'read:organization:trello': 'See workspaces',
  'write:organization:trello': 'Change workspaces',
  'write:organization:membership:trello': 'Change who belongs to a workspace',
  'read:member:trello': 'See your profile',
  'write:member:trello': 'Change your profile',
  'read:enterprise:trello': 'See enterprises',
  'write:enterprise:trello': 'Change enterprises',
  offline_access: 'Stay connected while you are away',
};

export function authorizeRule(call: Call): AuthorizeRule<AuthorityClient> {
  return {
    head,
    consentAt: ['auth.atlassian.com', '/authorize'],
    clients,
    responseTypes: ['code'],
    redirect: (client, uri) => callbacksOf(call, client).includes(uri),
    pkce: () => 'supported',
    tells: 'callback',
    isFixed: (scope) => scope === 'offline_access',
    words: (scope) => scopeWords[scope] ?? scope,
    scopes(_call, params) {
      const asked = splitScopes(params.get('scope'));
      if (asked.length === 0)
        return { error: 'invalid_scope', words: 'Missing scope.', shown: 'callback', slip: 'scope' };
      return knownScopes(asked, (scope) => scopeWords[scope] !== undefined, 'callback');
    },
    further(_call, { params }) {
      if (params.get('prompt') !== 'consent') call.violation('prompt', 'prompt=consent is missing');
      return undefined;
    },
    allow(_call, asked, person, scopes) {
      const { client, redirectUri, challenge } = asked;
      const allowed = { clientId: client.id, person: person.key, scopes, more: {} };
      const code = issueCode(call, { ...allowed, redirectUri, challenge }, codeSpan);
      return answerWithCode(call, asked, code, head);
    },
  };
}
