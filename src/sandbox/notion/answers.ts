// The shapes of Notion's answers: OAuth's at the token endpoints, its own everywhere else, a request_id in each.
// https://developers.notion.com/reference/request-limits and https://github.com/makenotion/notion-sdk-js (read 2026-11)
import type { JsonObject } from '../../model/json.ts';
import type { Call, Overload, Reply } from '../call.ts';
import { jsonReply } from '../replies.ts';
import { requestId } from './connection.ts';

export function answer(call: Call, value: JsonObject): Reply {
  return jsonReply(200, { ...value, request_id: requestId(call) });
}

export function refusal(call: Call, status: number, error: string, words: string): Reply {
  return jsonReply(status, { error, error_description: words, request_id: requestId(call) });
}

export function apiError(call: Call, status: number, code: string, message: string, more: JsonObject = {}): Reply {
  return jsonReply(status, { object: 'error', status, code, message, ...more, request_id: requestId(call) });
}

/** 529 is Notion's own. Its rate limit says whose budget it was. */
export function overloaded(call: Call, { status, headers }: Overload): Reply {
  const codes: Readonly<Record<number, string>> = {
    429: 'rate_limited',
    500: 'internal_server_error',
    503: 'service_unavailable',
    529: 'service_overload',
  };
  const reason = status === 429 ? { additional_data: { rate_limit_reason: 'connection' } } : {};
  const reply = apiError(call, status, codes[status] ?? 'internal_server_error', 'Try again later.', reason);
  return { ...reply, headers: { ...reply.headers, ...headers } };
}

/** Mandatory on API calls, introspection and revocation: https://developers.notion.com/reference/versioning */
const versions = ['2022-06-28', '2025-09-03', '2026-03-11'];

export function versionComplaint(call: Call): Reply | undefined {
  const version = call.headers['notion-version'] || undefined;
  if (version !== undefined && versions.includes(version)) return undefined;
  call.violation('notion_version', `Notion-Version is ${version === undefined ? 'missing' : `'${version}'`}`);
  const [code, message] =
    version === undefined
      ? ['missing_version', 'Notion-Version header should be defined.']
      : ['validation_error', 'Notion-Version header is not a known version.'];
  return apiError(call, 400, code, message);
}
