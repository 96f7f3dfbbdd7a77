// What Dropbox's answers mean: RFC 6749's names at the token endpoint, a tag in `error` at the API.
// https://github.com/dropbox/dropbox-api-spec/blob/main/auth.stone (read 2026-11)
import type { AnswerRule } from '../../model/provider.ts';

const tag = '/error/.tag';

export const dropboxAnswers: readonly AnswerRule[] = [
  {
    on: ['token'],
    at: '/error',
    equals: 'invalid_grant',
    // Seen after a revocation: https://github.com/liamvinberg/packbat/issues/37
    means: 'grant_dead',
    words: 'Dropbox does not honour it any more, and gives no reason',
  },
  {
    on: ['probe', 'revoke'],
    at: tag,
    equals: 'invalid_access_token',
    means: 'already_dead',
    words: 'Dropbox no longer accepts the access token: it was revoked, or the app was disconnected',
  },
  {
    on: ['probe'],
    at: tag,
    equals: 'expired_access_token',
    means: 'already_dead',
    words: 'the access token has expired',
  },
  {
    on: ['revoke'],
    at: tag,
    equals: 'expired_access_token',
    // The grant lives behind it: a refresh first, then the same call.
    means: 'transient',
    words: 'the access token has expired, and only a living one can end the grant',
  },
  {
    on: ['probe', 'revoke'],
    at: tag,
    equals: 'missing_scope',
    means: 'scope_missing',
    words: 'the granted scopes do not cover this call',
  },
  {
    on: ['probe', 'revoke'],
    at: tag,
    equals: 'user_suspended',
    means: 'person_needed',
    words: 'the Dropbox account is suspended',
  },
  {
    on: ['probe', 'revoke'],
    at: tag,
    equals: 'invalid_select_user',
    means: 'app_fault',
    words: 'this is the token of a whole team, which must name a member with each call; oauthctl does not do that',
  },
  {
    on: ['probe', 'revoke'],
    at: tag,
    equals: 'route_access_denied',
    means: 'app_fault',
    words: "the app's access type does not allow this call",
  },
  {
    on: ['probe', 'revoke'],
    status: 429,
    means: 'rate_limited',
    words: 'Dropbox was asked too often for now',
    retryAfter: { at: '/error/retry_after' },
  },
];
