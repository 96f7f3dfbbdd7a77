// GET https://slack.com/oauth/v2/authorize: `scope` asks for the bot, `user_scope` for the person. Errors stay on Slack's page.
// https://docs.slack.dev/authentication/installing-with-oauth and https://docs.slack.dev/authentication/using-pkce (read 2026-11)

import { type AuthorizeRule, answerWithCode, authorize } from '../authority/authorize.ts';
import type { Asked, Complaint } from '../authority/authorize-request.ts';
import { callBack, issMember } from '../authority/call-back.ts';
import type { AuthorityClient } from '../authority/clients.ts';
import { issueCode } from '../authority/codes.ts';
import { errorPage } from '../authority/pages.ts';
import { below, type RedirectRule } from '../authority/redirects.ts';
import { knownScopes, splitScopes } from '../authority/scope-lists.ts';
import type { Call, Reply } from '../call.ts';
import type { Params } from '../params.ts';
import { botPrefix } from './answers.ts';
import { clients, codeSpan } from './workspace.ts';

const head = { mark: 'S', appName: 'oauthctl' };

export function authorizePage(call: Call): Reply {
  const server = clients.find(({ id, kind }) => id === call.query.get('client_id') && kind !== 'pkce');
  if (server !== undefined && call.query.get('redirect_uri')?.startsWith('http:'))
    call.violation('redirect_scheme', `the ${server.kind} app wants https, at localhost too`);
  return authorize(call, ruleFor(call));
}

export function ruleFor(call: Call): AuthorizeRule<AuthorityClient> {
  // Scopes can be unticked only where the app marks them as optional: https://docs.slack.dev/changelog/2026/03/16/optional-scopes/
  const optional = call.peek('reduced-scopes') !== undefined;
  return {
    head,
    consentAt: ['slack.com', '/oauth/v2/authorize'],
    clients,
    responseTypes: ['code'],
    responseType: 'optional',
    redirect: redirectRule(call.switched('slack-loopback')),
    withoutRedirect: 'first-registered',
    pkce: ({ kind }) => (kind === 'pkce' ? 'required' : 'silent'),
    tells: 'page',
    isFixed: () => !optional,
    words: (scope) => (scope.startsWith(botPrefix) ? 'The bot may' : 'In your name'),
    scopes: askedScopes,
    further,
    allow(at, asked, person, scopes) {
      const { client, redirectUri, challenge } = asked;
      const code = issueCode(
        at,
        { clientId: client.id, person: person.key, scopes, more: {}, redirectUri, challenge },
        codeSpan,
      );
      return answerWithCode(at, asked, code, head, [issOf(at)]);
    },
    refuse(at, { goesTo, state }, error, words) {
      if (goesTo === undefined) return errorPage({ error, status: 400, words });
      const named = error === 'access_denied' ? (at.switched('slack-denied') ?? error) : error;
      return callBack(at, goesTo, [['error', named], ['state', state], issOf(at)]);
    },
  };
}

/** That none is sent is only not documented. */
function issOf(call: Call): readonly [string, string | undefined] {
  return issMember(call, call.switched('slack-iss') === undefined ? undefined : 'https://slack.com');
}

/** Whether an address passes where the documentation speaks of a name, and whether the settings take a name, is unverified. */
function redirectRule(loopback: string | undefined): RedirectRule {
  if (loopback === 'unregistered') return (client, uri) => !isDesktop(uri) && below(client, uri);
  if (loopback === 'address') return (client, uri) => below(client, uri.replace('//127.0.0.1:', '//localhost:'));
  return below;
}

function isDesktop(uri: string | null): boolean {
  return /^http:\/\/(localhost|127\.0\.0\.1)[:/]/.test(uri ?? '');
}

const parted = /^[a-z_-]+(\.[a-z_-]+)*:[a-z_-]+(\.[a-z_-]+)*$/;
const unparted = ['commands', 'incoming-webhook', 'identify'];

function isScope(scope: string): boolean {
  return parted.test(scope) || unparted.includes(scope);
}

function askedScopes(_call: Call, params: Params): readonly string[] | Complaint {
  const user = splitScopes(params.get('user_scope'), ',');
  const bot = splitScopes(params.get('scope'), ',');
  if (user.length + bot.length === 0)
    return { error: 'no_scopes', words: 'No scopes were asked for.', shown: 'page', slip: 'scope' };
  const known = knownScopes([...user, ...bot], isScope, 'page');
  return 'error' in known ? known : [...user, ...bot.map((scope) => `${botPrefix}${scope}`)];
}

function further(_call: Call, { client, redirectUri, scopes, params }: Asked<AuthorityClient>): Complaint | undefined {
  const refused = (error: string, words: string, slip: string): Complaint => ({ error, words, shown: 'page', slip });
  if (redirectUri === null && client.redirectUris.length > 1)
    return refused('bad_redirect_uri', 'redirect_uri is missing, and several are registered.', 'redirect_missing');
  if (isDesktop(redirectUri) && scopes.some((scope) => scope.startsWith(botPrefix)))
    return refused('invalid_scope', 'A desktop redirect cannot ask for bot scopes.', 'bot_scopes');
  if (client.kind === 'pkce' && params.get('code_challenge_method') !== 'S256')
    return refused('invalid_request', 'code_challenge_method must be S256.', 'pkce_method');
  return undefined;
}
