// What the answers of Atlassian's token endpoint and of Trello's API mean. The API's own errors are mostly plain text.
import type { AnswerRule } from '../../model/provider.ts';

const tokenDead = 'Trello no longer accepts the token: it was deleted, has ended, or belongs to another key';
const unknownKey = 'Trello does not know the API key; the client id of an OAuth 2.0 client is none';

// 300 requests in 10 seconds for a key, 100 for a token, 100 in 900 seconds for /1/members.
// https://developer.atlassian.com/cloud/trello/guides/rest-api/rate-limits/ (read 2026-11). No Retry-After was seen by clients
// of 2026 (unverified); the windows are 10 seconds long, so that is the pause when none comes.
const pause = { seconds: 10 };
const keyLimit = 'the API key was used too often for now';
const tokenLimit = 'the token was used too often for now';

export const trelloAnswers: readonly AnswerRule[] = [
  {
    on: ['token'],
    at: '/error',
    equals: 'invalid_grant',
    // At HTTP 403. https://developer.atlassian.com/cloud/oauth/getting-started/refresh-tokens/ (read 2026-11)
    means: 'grant_dead',
    words: 'the refresh token is unknown to Atlassian: expired, revoked, or used before',
  },
  {
    on: ['token'],
    // Seen with `unauthorized_client` at 403, of the same token endpoint: https://github.com/raycast/extensions/issues/11836 (2024)
    at: '/error_description',
    equals: 'refresh_token is invalid',
    means: 'grant_dead',
    words: 'the refresh token is unknown to Atlassian: expired, revoked, or used before',
  },
  // Plain text at 401. https://docs.sim.ai/integrations/trello-service-account.md, https://github.com/ln5freetom/trello-oauth2 (2026)
  { on: ['probe', 'revoke'], text: 'invalid token', means: 'already_dead', words: tokenDead },
  { on: ['probe', 'revoke'], text: 'invalid key', means: 'app_fault', words: unknownKey },
  {
    on: ['probe', 'revoke'],
    at: '/error',
    equals: 'API_KEY_LIMIT_EXCEEDED',
    means: 'rate_limited',
    words: keyLimit,
    retryAfter: pause,
  },
  {
    on: ['probe', 'revoke'],
    at: '/error',
    equals: 'API_TOKEN_LIMIT_EXCEEDED',
    means: 'rate_limited',
    words: tokenLimit,
    retryAfter: pause,
  },
  {
    on: ['probe', 'revoke'],
    status: 429,
    means: 'rate_limited',
    words: 'Trello was asked too often for now',
    retryAfter: pause,
  },
];
