// The shapes of Slack's answers: HTTP 200 whether it went well or not, and `ok` says which.
// https://docs.slack.dev/authentication/installing-with-oauth (read 2026-11)
import type { JsonObject } from '../../model/json.ts';
import type { Call, Overload, Reply } from '../call.ts';
import { jsonReply } from '../replies.ts';

export function answer(value: JsonObject, scopes?: readonly string[]): Reply {
  return jsonReply(200, { ok: true, ...value }, scopeHeader(scopes));
}

export function failure(error: string, scopes?: readonly string[]): Reply {
  return jsonReply(200, { ok: false, error }, scopeHeader(scopes));
}

/** On every answer to a token: what that token may do. */
function scopeHeader(scopes: readonly string[] | undefined): Record<string, string> {
  return scopes === undefined ? {} : { 'x-oauth-scopes': bare(scopes).join(',') };
}

/** Bot scopes carry a prefix in the sandbox's records, since both lists come in one consent; on the wire nothing does. */
export const botPrefix = 'bot:';

export function bare(scopes: readonly string[]): string[] {
  return scopes.map((scope) => (scope.startsWith(botPrefix) ? scope.slice(botPrefix.length) : scope));
}

/** What a workspace or an administrator stands in the way with. */
export function refusal(call: Call): Reply | undefined {
  const error = call.switched('slack-refuses');
  return error === undefined ? undefined : failure(error);
}

/** https://docs.slack.dev/apis/web-api/rate-limits (read 2026-11) */
export function overloaded(_call: Call, { status, headers }: Overload): Reply {
  return jsonReply(status, { ok: false, error: status === 429 ? 'ratelimited' : 'internal_error' }, headers);
}
