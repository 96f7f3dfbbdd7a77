// GET https://github.com/login/oauth/authorize. No response_type is needed, and iss comes back.
// https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps and
// https://docs.github.com/en/apps/oauth-apps/maintaining-oauth-apps/troubleshooting-authorization-request-errors (read 2026-11)
import { type AuthorizeRule, answerWithCode } from '../authority/authorize.ts';
import type { Asked, Complaint } from '../authority/authorize-request.ts';
import { callBack, issMember } from '../authority/call-back.ts';
import type { AuthorityClient } from '../authority/clients.ts';
import { issueCode } from '../authority/codes.ts';
import { errorPage } from '../authority/pages.ts';
import { anyLoopbackPort, exactly, type RedirectRule } from '../authority/redirects.ts';
import type { Call, Reply } from '../call.ts';
import { clients, codeSpan, isGitHubApp, issuer } from './registration.ts';
import { askedScopes } from './scopes.ts';
import { authorizationOf } from './tokens.ts';

export const head = { mark: 'G', appName: 'oauthctl' };

export function ruleFor(call: Call): AuthorizeRule<AuthorityClient> {
  return {
    head,
    consentAt: ['github.com', '/login/oauth/authorize'],
    clients,
    responseTypes: ['code'],
    responseType: 'optional',
    redirect: redirectRule(call.switched('github-app-port')),
    misdirected: 'first-registered',
    withoutRedirect: 'first-registered',
    pkce: () => 'supported',
    scopes: (at, params, client) => askedScopes(at, client, params.get('scope')),
    further,
    tells: 'page',
    isFixed: () => false,
    words: () => 'A scope of GitHub',
    hint: (params) => params.get('login'),
    // Without https GitHub always asks which account.
    choosesAccount: (params) =>
      params.get('prompt') === 'select_account' || !params.get('redirect_uri')?.startsWith('https:'),
    allow(at, asked, person, scopes) {
      const { client, redirectUri } = asked;
      const challenge = knowsPkce(at) ? asked.challenge : null;
      const allowed = authorizationOf(at, { client, person, asked: asked.scopes, ticked: scopes, flow: 'code' });
      const code = issueCode(at, { ...allowed, redirectUri, challenge }, codeSpan);
      return answerWithCode(at, asked, code, head, [issMember(at, issuer)]);
    },
    refuse,
  };
}

/** Since 2025-07-14: https://github.blog/changelog/2025-07-14-pkce-support-for-oauth-and-github-app-authentication/. Older copies say no. */
export function knowsPkce(call: Call): boolean {
  return call.switched('github-pkce') === undefined;
}

/** Any port is documented for OAuth Apps only; whether GitHub Apps have it too is unverified. */
function redirectRule(port: string | undefined): RedirectRule {
  return (client, uri) => (isGitHubApp(client) && port !== 'any' ? exactly : anyLoopbackPort)(client, uri);
}

function further(call: Call, { redirectUri, params }: Asked<AuthorityClient>): Complaint | undefined {
  const refused = (error: string, words: string, slip: string): Complaint => ({ error, words, shown: 'page', slip });
  if (call.switched('github-suspended') !== undefined)
    return { error: 'application_suspended', words: 'Your application has been suspended.', shown: 'callback' };
  if (redirectUri === null)
    call.violation('redirect_missing', 'redirect_uri is left out: the first registered one is used, whichever that is');
  if (params.get('code_challenge') !== undefined && params.get('code_challenge_method') !== 'S256')
    return refused('invalid_request', 'code_challenge_method must be S256.', 'pkce_method');
  // Not among the documented parameters; ignored or refused: unverified.
  if (params.get('response_type') !== undefined && call.switched('github-response-type') !== undefined)
    return { error: 'invalid_request', words: 'response_type is not known.', shown: 'page' };
  return undefined;
}

/** A wrong redirect is told to the registered address, where most likely nobody listens. */
function refuse(call: Call, asked: Asked<AuthorityClient>, error: string, words: string): Reply {
  const { goesTo, client, state } = asked;
  const onPage = error === 'redirect_uri_mismatch' && isGitHubApp(client) && call.switched('github-app-mismatch');
  if (goesTo === undefined || onPage) return errorPage({ error, status: 400, words });
  const described = error === 'access_denied' ? 'The user has denied your application access.' : words;
  return callBack(call, goesTo, [
    ['error', error],
    ['error_description', described],
    ['error_uri', `https://docs.github.com/apps/troubleshooting-authorization-request-errors/#${error}`],
    ['state', state],
    issMember(call, issuer),
  ]);
}
