// The shapes of GitHub's answers: at github.com a form unless JSON was asked for, errors at 200; at api.github.com JSON with its limits.
// https://docs.github.com/en/apps/oauth-apps/maintaining-oauth-apps/troubleshooting-oauth-app-access-token-request-errors (read 2026-11)
import type { Json, JsonObject } from '../../model/json.ts';
import type { Call, Overload, Reply } from '../call.ts';
import { formReply, jsonReply } from '../replies.ts';

const docs = 'https://docs.github.com';

/** The default is a form, and a correct client asks for JSON. */
export function oauthAnswer(call: Call, members: JsonObject, status = 200): Reply {
  if (/\bapplication\/json\b/i.test(call.headers.accept ?? '')) return jsonReply(status, members);
  call.violation('accept', 'Accept is not application/json: the answer comes as a form');
  return formReply(status, Object.fromEntries(Object.entries(members).map(([name, value]) => [name, asText(value)])));
}

function asText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const troubles = `${docs}/apps/managing-oauth-apps/troubleshooting-oauth-app-access-token-request-errors`;

/** 200 is documented for device polls; for the rest it is long-standing, and unverified. */
export function oauthRefusal(call: Call, error: string, words: string, more: JsonObject = {}): Reply {
  const status = Number(call.switched('github-error-status') ?? 200);
  return oauthAnswer(call, { error, error_description: words, error_uri: `${troubles}/#${error}`, ...more }, status);
}

export function pollRefusal(call: Call, error: string, words: string, more: JsonObject = {}): Reply {
  return oauthAnswer(call, { error, error_description: words, error_uri: `${docs}/developers/apps`, ...more });
}

const hourly = 5000;

/** https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api (read 2026-11) */
function limits(remaining: number, resetAt: number): Record<string, string> {
  return {
    'x-ratelimit-limit': String(hourly),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-used': String(hourly - remaining),
    'x-ratelimit-reset': String(Math.ceil(resetAt / 1000)),
    'x-ratelimit-resource': 'core',
  };
}

export function apiAnswer(call: Call, status: number, value: JsonObject, headers: Record<string, string> = {}): Reply {
  return jsonReply(status, value, { ...limits(hourly - 1, call.at + 3_600_000), ...headers });
}

export function apiError(call: Call, status: number, message: string): Reply {
  return apiAnswer(call, status, { message, documentation_url: `${docs}/rest`, status: String(status) });
}

/** The primary limit is 403 and names the second it ends at; Retry-After belongs to the secondary one. */
export function overloaded(call: Call, { status, seconds, headers }: Overload): Reply {
  // What github.com itself says under load is not documented.
  if (status !== 429 || call.url.host !== 'api.github.com')
    return jsonReply(status, { message: 'Try again later.' }, headers);
  const style = call.switched('github-rate-limit');
  const spent = limits(0, call.at + seconds * 1000);
  const told = { documentation_url: `${docs}/rest/using-the-rest-api/rate-limits-for-the-rest-api` };
  if (style === 'secondary')
    return jsonReply(403, { message: 'You have exceeded a secondary rate limit.', ...told }, headers);
  return jsonReply(style === '429' ? 429 : 403, { message: 'API rate limit exceeded for user.', ...told }, spent);
}
