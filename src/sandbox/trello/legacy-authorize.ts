// GET https://trello.com/1/authorize: the grant of before. A key asks, and the token itself comes back behind the '#'; there is no
// code, no state and no refresh token. https://developer.atlassian.com/cloud/trello/guides/rest-api/authorization/ (read 2026-11)
import { type AuthorizeRule, authorize, consent } from '../authority/authorize.ts';
import type { Asked, Complaint } from '../authority/authorize-request.ts';
import { callBack } from '../authority/call-back.ts';
import type { AuthorityClient } from '../authority/clients.ts';
import { startGrant } from '../authority/grants.ts';
import { copyPage, errorPage } from '../authority/pages.ts';
import { knownScopes, splitScopes } from '../authority/scope-lists.ts';
import type { Call, Reply } from '../call.ts';
import type { Params } from '../params.ts';
import { head } from './authorize.ts';
import { expirations, keys, legacyTokenRule } from './registration.ts';

const scopeWords: Readonly<Record<string, string>> = {
  read: 'See your boards and workspaces',
  write: 'Change your boards and workspaces',
  account: 'See your e-mail address and your notifications',
};

export function legacyAuthorize(call: Call): Reply {
  return returnUrlComplaint(call.query) ?? authorize(call, rule);
}

export function legacyConsent(call: Call): Reply {
  return consent(call, rule);
}

/** Trello's own words: https://github.com/natterstefan/react-trello-multiboard/issues/23. What is registered is a person's affair. */
function returnUrlComplaint(params: Params): Reply | undefined {
  const key = keys.find(({ id }) => id === params.get('key'));
  const url = params.get('return_url');
  if (key === undefined || url === undefined || isAllowed(key, url)) return undefined;
  return errorPage({ error: 'Invalid return_url', status: 400, words: 'Invalid return_url' });
}

/** Scheme, host and port must be among the Allowed Origins; path and query are free. */
function isAllowed(client: AuthorityClient, url: string): boolean {
  return URL.canParse(url) && client.redirectUris.includes(new URL(url).origin);
}

const rule: AuthorizeRule<AuthorityClient> = {
  head,
  consentAt: ['trello.com', '/1/authorize'],
  clients: keys,
  names: { client_id: 'key', redirect_uri: 'return_url' },
  responseTypes: ['token'],
  redirect: isAllowed,
  withoutRedirect: 'shown',
  pkce: () => 'silent',
  state: 'none',
  tells: 'page',
  isFixed: (scope) => scope === 'read',
  words: (scope) => scopeWords[scope] ?? scope,
  scopes: (_call, params) =>
    knownScopes(splitScopes(params.get('scope') ?? 'read', ','), (scope) => scopeWords[scope] !== undefined, 'page'),
  further,
  allow(call, asked, person, scopes) {
    const expiration = asked.params.get('expiration') ?? '30days';
    const allowed = { clientId: asked.client.id, person: person.key, scopes, more: { legacy: true } };
    const { accessToken } = startGrant(call, allowed, legacyTokenRule(call, expiration), false);
    if (asked.goesTo === undefined) return copyPage(head, 'token', accessToken);
    return callBack(call, asked.goesTo, [['token', accessToken]], 'fragment');
  },
  /** What a Deny brings is not documented: unverified, and switched by `trello-denied`. */
  refuse(call, { goesTo }, error, words) {
    if (goesTo === undefined || call.switched('trello-denied') !== undefined)
      return errorPage({ error, status: 403, words });
    return callBack(call, goesTo, [['error', error]], 'fragment');
  },
};

function further(call: Call, { params, goesTo }: Asked<AuthorityClient>): Complaint | undefined {
  const refused = (words: string, slip: string): Complaint => ({
    error: 'invalid_request',
    words,
    shown: 'page',
    slip,
  });
  for (const name of ['state', 'redirect_uri', 'client_id'].filter((name) => params.get(name) !== undefined))
    call.violation('parameter', `${name} to a server that has no such parameter`);
  const expiration = params.get('expiration');
  if (expiration !== undefined && !Object.hasOwn(expirations, expiration))
    return refused('Invalid expiration.', 'expiration');
  if (goesTo === undefined || params.get('callback_method') === 'fragment') return undefined;
  return refused('Only callback_method=fragment leads back to return_url.', 'callback_method');
}
