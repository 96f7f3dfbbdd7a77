// How Trello's API answers: errors in plain text, headers that count what is left, codes at 429.
// https://developer.atlassian.com/cloud/trello/guides/rest-api/rate-limits/ (read 2026-11)
import type { Json } from '../../model/json.ts';
import type { Call, Overload, Reply } from '../call.ts';
import { jsonReply, textReply } from '../replies.ts';

/** Not in the documentation, but in real answers; a survey says there are none: both. The sandbox does not count. */
function rateHeaders(call: Call): Record<string, string> {
  if (call.switched('trello-rate-headers') === 'absent') return {};
  const limit = (of: string, max: number) => ({
    [`x-rate-limit-api-${of}-interval-ms`]: '10000',
    [`x-rate-limit-api-${of}-max`]: String(max),
    [`x-rate-limit-api-${of}-remaining`]: String(max - 1),
  });
  return { ...limit('token', 100), ...limit('key', 300) };
}

export function apiAnswer(call: Call, value: Json): Reply {
  return jsonReply(200, value, rateHeaders(call));
}

export function apiError(call: Call, status: number, words: string): Reply {
  return textReply(status, words, rateHeaders(call));
}

/** To OAuth 2.0 tokens; in Trello's own plain text, or as other Atlassian gateways do it: unverified. */
export function bearerError(call: Call, status: number, words: string): Reply {
  return call.switched('trello-bearer-error') === 'json'
    ? jsonReply(status, { code: status, message: words }, rateHeaders(call))
    : apiError(call, status, words);
}

const limits: Readonly<Record<string, string>> = {
  key: 'API_KEY_LIMIT_EXCEEDED',
  database: 'API_TOKEN_DB_LIMIT_EXCEEDED',
  cards: 'API_TOO_MANY_CARDS_REQUESTED',
};

/** The API sends no Retry-After, as one client found: unverified, and switched by `trello-retry-after`. */
export function overloaded(call: Call, { status, headers }: Overload): Reply {
  const atApi = call.url.host === 'api.trello.com';
  const told = !atApi || call.switched('trello-retry-after') !== undefined ? headers : {};
  if (status !== 429) return textReply(status, 'Service Unavailable', told);
  if (!atApi) return jsonReply(429, { error: 'too_many_requests' }, told);
  const error = limits[call.switched('trello-limit') ?? ''] ?? 'API_TOKEN_LIMIT_EXCEEDED';
  return jsonReply(429, { error, message: 'Rate limit exceeded' }, told);
}
