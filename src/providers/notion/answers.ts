// What Notion's answers mean: RFC 6749's names at the OAuth addresses, `code` at the API.
// https://developers.notion.com/reference/status-codes, https://developers.notion.com/reference/request-limits (read 2026-11)
import type { AnswerRule } from '../../model/provider.ts';

export const notionAnswers: readonly AnswerRule[] = [
  {
    on: ['token'],
    at: '/error',
    equals: 'invalid_grant',
    means: 'grant_dead',
    words: 'Notion does not honour it any more, and gives no reason',
  },
  {
    on: ['token', 'revoke'],
    at: '/error',
    equals: 'invalid_client',
    means: 'app_fault',
    words: 'Notion does not know the client id, or the client secret is wrong',
  },
  {
    on: ['probe'],
    at: '/code',
    equals: 'unauthorized',
    means: 'already_dead',
    words: 'Notion no longer accepts the access token',
  },
  {
    on: ['probe'],
    at: '/code',
    equals: 'restricted_resource',
    means: 'scope_missing',
    words: "the connection's capabilities do not cover this call",
  },
  // One limit per connection and minute, one that all connections of a workspace share; both say Retry-After.
  {
    on: ['probe', 'revoke'],
    at: '/code',
    equals: 'rate_limited',
    means: 'rate_limited',
    words: 'the connection, or all connections of the workspace together, asked too often for now',
  },
  // Notion's own trouble; says Retry-After too.
  { on: ['token', 'probe', 'revoke'], status: 529, means: 'transient', words: 'Notion is overloaded' },
];
