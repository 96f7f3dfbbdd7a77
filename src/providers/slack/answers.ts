// What Slack's answers mean. Errors come at HTTP 200 with `ok: false`, and are known by their name alone.
// https://docs.slack.dev/reference/methods/oauth.v2.user.access, https://docs.slack.dev/reference/methods/auth.test (read 2026-11)
import type { AnswerRule } from '../../model/provider.ts';

const error = '/error';
const tokenDead = 'Slack no longer accepts the token';
const appRemoved = 'the token was revoked, or the app was removed from the workspace';
const accountGone = "the account or the workspace is deactivated, or the bot's app was removed";
const movesAway =
  'the workspace is moving into an Enterprise organisation: when that is done, sign in there; the grant was not ended';
const busy = 'Slack cannot answer now';

export const slackAnswers: readonly AnswerRule[] = [
  // Refreshing. A note has `invalid_grant` at 400 instead (https://nango.dev/blog/slack-oauth-refresh-token-invalid-grant):
  // unverified, and RFC 6749's name means the same here at any status.
  {
    on: ['token'],
    at: error,
    equals: 'invalid_refresh_token',
    means: 'grant_dead',
    words: 'the refresh token is expired, revoked or used up',
  },
  {
    on: ['token'],
    at: error,
    equals: 'token_expired',
    means: 'grant_dead',
    words: 'the refresh token has expired',
    explains: true,
  },
  { on: ['token'], at: error, equals: 'token_revoked', means: 'grant_dead', words: appRemoved, explains: true },
  { on: ['token'], at: error, equals: 'account_inactive', means: 'grant_dead', words: accountGone, explains: true },
  // The code's exchange.
  {
    on: ['token'],
    at: error,
    equals: 'invalid_code',
    means: 'grant_dead',
    // https://docs.slack.dev/authentication/installing-with-oauth (read 2026-11)
    words: 'the code is older than its ten minutes, was used before, or is of another app',
  },
  {
    on: ['token'],
    at: error,
    equals: 'bad_redirect_uri',
    means: 'app_fault',
    words: 'the redirect URI is not the one that the sign-in began with, or not registered for the app',
  },
  {
    on: ['token'],
    at: error,
    equals: 'invalid_client_id',
    means: 'app_fault',
    words: 'Slack does not know the client id',
  },
  {
    on: ['token'],
    at: error,
    equals: 'bad_client_secret',
    means: 'app_fault',
    words: 'the client secret is wrong, or missing where PKCE is not switched on',
  },
  {
    on: ['token'],
    at: error,
    equals: 'invalid_grant_type',
    means: 'app_fault',
    words: "Slack takes no grant of this type from the app; refreshing needs its 'token rotation' setting",
  },
  {
    on: ['token'],
    at: error,
    equals: 'oauth_authorization_url_mismatch',
    means: 'app_fault',
    words: 'the sign-in began at another authorization address than the one that this token address belongs to',
  },
  {
    on: ['token', 'callback'],
    at: error,
    equals: 'invalid_team_for_non_distributed_app',
    // Seen: https://docs.slack.dev/app-management/distribution says what to switch, and not the name (read 2026-11).
    means: 'app_fault',
    words: 'the app belongs to another workspace: activate its public distribution, or sign in to its own workspace',
  },
  {
    on: ['token'],
    at: error,
    equals: 'no_scopes',
    means: 'scope_missing',
    words: 'the sign-in asked for no scope',
  },
  {
    on: ['token'],
    at: error,
    equals: 'no_user_scopes',
    means: 'scope_missing',
    words: 'the sign-in asked for no user scope',
  },
  // Checking and revoking: of that one token.
  { on: ['probe', 'revoke'], at: error, equals: 'invalid_auth', means: 'already_dead', words: tokenDead },
  {
    on: ['probe', 'revoke'],
    at: error,
    equals: 'token_expired',
    means: 'already_dead',
    words: 'the access token has expired',
  },
  { on: ['probe', 'revoke'], at: error, equals: 'token_revoked', means: 'already_dead', words: appRemoved },
  { on: ['probe', 'revoke'], at: error, equals: 'account_inactive', means: 'already_dead', words: accountGone },
  // Anywhere.
  {
    on: ['token', 'probe', 'revoke'],
    at: error,
    equals: 'org_login_required',
    means: 'person_needed',
    words: movesAway,
  },
  { on: ['token', 'probe', 'revoke'], at: error, equals: 'team_added_to_org', means: 'transient', words: movesAway },
  { on: ['token', 'probe', 'revoke'], at: error, equals: 'internal_error', means: 'transient', words: busy },
  { on: ['token', 'probe', 'revoke'], at: error, equals: 'fatal_error', means: 'transient', words: busy },
  { on: ['token', 'probe', 'revoke'], at: error, equals: 'service_unavailable', means: 'transient', words: busy },
];
