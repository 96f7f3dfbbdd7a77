// What Asana's answers mean: OAuth's JSON at its own addresses, `errors` at the API.
import type { AnswerRule } from '../../model/provider.ts';

const scopeWords =
  "the app's permission scopes do not fit: with 'Full permissions' it takes --scope default and nothing else, otherwise only the scopes that are ticked there, and never default";

export const asanaAnswers: readonly AnswerRule[] = [
  {
    on: ['token'],
    at: '/error',
    equals: 'invalid_grant',
    // Seen, at 400, with a description that names the parameter:
    // https://forum.asana.com/t/615160, https://forum.asana.com/t/738321
    means: 'grant_dead',
    words: 'Asana does not honour it any more, and gives no reason',
  },
  {
    on: ['token'],
    at: '/error',
    equals: 'invalid_client',
    means: 'app_fault',
    words:
      'Asana does not know the client id, or the client secret is wrong or missing, which is wanted beside PKCE too',
  },
  // https://developers.asana.com/docs/oauth-scopes, seen: https://docs.unified.to/skills/asana-oauth-app/SKILL.md (2026)
  { on: ['token', 'callback'], at: '/error', equals: 'forbidden_scopes', means: 'app_fault', words: scopeWords },
  { on: ['token', 'callback'], at: '/error', equals: 'invalid_scope', means: 'app_fault', words: scopeWords },
  {
    on: ['probe'],
    status: 401,
    // The message is 'Not Authorized'. https://developers.asana.com/docs/errors (read 2026-11)
    means: 'already_dead',
    words: 'Asana no longer accepts the access token',
  },
  {
    on: ['probe'],
    status: 403,
    at: '/errors',
    // https://developers.asana.com/docs/errors (read 2026-11); https://forum.asana.com/t/1077797
    means: 'scope_missing',
    words: 'the granted scopes do not cover this call',
  },
];
