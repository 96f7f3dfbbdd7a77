// What GitHub's answers mean. Token and device errors come with HTTP 200, under names of GitHub's own.
// https://docs.github.com/en/apps/oauth-apps/maintaining-oauth-apps/troubleshooting-oauth-app-access-token-request-errors,
// https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps (read 2026-11)
import type { AnswerRule } from '../../model/provider.ts';

const redirectMismatch = 'the redirect URI is none of the callback URLs that the app has registered';
const deviceFlowOff = "the device flow is switched off: tick 'Enable Device Flow' in the app's settings";
const tooManyCalls = 'the account has used up its API calls of this hour, which all its apps share';

export const githubAnswers: readonly AnswerRule[] = [
  {
    on: ['token'],
    at: '/error',
    equals: 'bad_refresh_token',
    means: 'grant_dead',
    words: 'the refresh token was used before, has ended or was revoked; GitHub takes each one once',
  },
  {
    on: ['token'],
    at: '/error',
    equals: 'bad_verification_code',
    means: 'grant_dead',
    words: 'the code is wrong, was used before or is older than ten minutes',
  },
  {
    on: ['token', 'device'],
    at: '/error',
    equals: 'incorrect_client_credentials',
    means: 'app_fault',
    words: 'GitHub does not know the client id, or the client secret is wrong or missing',
  },
  {
    on: ['token', 'callback'],
    at: '/error',
    equals: 'redirect_uri_mismatch',
    means: 'app_fault',
    words: redirectMismatch,
  },
  {
    on: ['token', 'device'],
    at: '/error',
    equals: 'unverified_user_email',
    means: 'person_needed',
    words: 'the account has no verified e-mail address: https://github.com/settings/emails',
  },
  {
    on: ['device'],
    at: '/error',
    equals: 'incorrect_device_code',
    means: 'grant_dead',
    words: 'GitHub does not know the device code',
  },
  { on: ['device'], at: '/error', equals: 'device_flow_disabled', means: 'app_fault', words: deviceFlowOff },
  // Seen in its place (2026), where only the name above is documented.
  { on: ['device'], at: '/error', equals: 'unauthorized_client', means: 'app_fault', words: deviceFlowOff },
  {
    on: ['callback'],
    // https://docs.github.com/en/apps/oauth-apps/maintaining-oauth-apps/troubleshooting-authorization-request-errors (read 2026-11)
    at: '/error',
    equals: 'application_suspended',
    means: 'app_fault',
    words: 'GitHub has suspended the app',
  },
  // 403 or 429, and mostly without Retry-After. https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api (read 2026-11)
  {
    on: ['probe', 'revoke'],
    status: 403,
    header: { name: 'x-ratelimit-remaining', equals: '0' },
    means: 'rate_limited',
    words: tooManyCalls,
    retryAfter: { epochIn: 'x-ratelimit-reset' },
  },
  {
    on: ['probe', 'revoke'],
    status: 429,
    header: { name: 'x-ratelimit-remaining', equals: '0' },
    means: 'rate_limited',
    words: tooManyCalls,
    retryAfter: { epochIn: 'x-ratelimit-reset' },
  },
  // https://docs.github.com/en/rest/apps/oauth-applications (read 2026-11)
  {
    on: ['revoke'],
    // Unverified: which of its names a wrong secret gets.
    status: 401,
    means: 'app_fault',
    words: 'GitHub does not accept the client id and client secret',
  },
  // Unverified: which of the two a dead token gets; the check afterwards tells.
  { on: ['revoke'], status: 404, means: 'already_dead', words: 'GitHub does not know the token any more' },
  { on: ['revoke'], status: 422, means: 'already_dead', words: 'GitHub does not know the token any more' },
];
