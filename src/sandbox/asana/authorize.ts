// GET https://app.asana.com/-/oauth_authorize. A wrong client or address ends on a page, and the app never hears of it.
// https://developers.asana.com/docs/oauth (read 2026-11)
import { type AuthorizeRule, answerWithCode } from '../authority/authorize.ts';
import type { Complaint } from '../authority/authorize-request.ts';
import { callBack, issMember } from '../authority/call-back.ts';
import type { AuthorityClient } from '../authority/clients.ts';
import { issueCode } from '../authority/codes.ts';
import { errorPage } from '../authority/pages.ts';
import { tickedByItself } from '../authority/people.ts';
import { exactly, type RedirectRule } from '../authority/redirects.ts';
import type { Call } from '../call.ts';
import { clients, codeSpan, outOfBand } from './registration.ts';
import { isIdentity, scopesAsked, scopeWords } from './scopes.ts';

const head = { mark: 'A', appName: 'oauthctl' };

/**
 * The documentation wants https or the out-of-band address; http://127.0.0.1 is taken in practice when the "native or command-line app"
 * box is off: https://github.com/Asana/devrel-examples. Both ways are switched.
 */
function redirectRule(call: Call): RedirectRule {
  const taken = call.peek('asana-redirects');
  if (taken === undefined) return exactly;
  return (client, uri) => exactly(client, uri) && (uri === outOfBand) === (taken === 'oob-only');
}

export function authorizeRule(call: Call): AuthorizeRule<AuthorityClient> {
  const shows = call.peek('asana-redirects') !== 'no-oob';
  return {
    head,
    consentAt: ['app.asana.com', '/-/oauth_authorize'],
    clients,
    responseTypes: ['code'],
    redirect: redirectRule(call),
    ...(shows ? { shownUri: outOfBand } : {}),
    pkce: () => 'supported',
    tells: 'callback',
    scopes: scopesAsked,
    // All of it or nothing: there is nothing to untick on the page.
    isFixed: (scope) => call.consent === 'browser' || isIdentity(scope),
    words: scopeWords,
    further(here): Complaint | undefined {
      if (here.switched('asana-distribution') === undefined) return undefined;
      return { error: 'invalid_request', words: 'This app is not available to your workspace.', shown: 'page' };
    },
    allow(here, asked, person, scopes) {
      const { client, redirectUri, challenge } = asked;
      const granted = tickedByItself(here, scopes, isIdentity);
      const more = { pkce: challenge !== null };
      const allowed = { clientId: client.id, person: person.key, scopes: granted, more };
      const code = issueCode(here, { ...allowed, redirectUri, challenge }, codeSpan);
      return answerWithCode(here, asked, code, head, [issMember(here, undefined)]);
    },
    refuse(here, { goesTo, state }, error, words) {
      if (goesTo === undefined) return errorPage({ error, status: 403, words });
      return callBack(here, goesTo, [
        ['error', error],
        ['error_description', words],
        ['state', state],
      ]);
    },
  };
}
