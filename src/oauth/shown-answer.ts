// What openid-client is shown of an answer: oddities that are no harm are put right, so that it judges what is left.
// The answer itself is kept as it came; see `Wire`.
import type { Json, JsonObject } from '../model/json.ts';
import { isJsonObject } from '../model/json.ts';
import { type Answer, errorDescription, errorName, isSuccess } from './answer.ts';
import type { Holder } from './token-answer.ts';

/** A success of a plain endpoint as 200, an error inside a success as 400 (GitHub and others answer errors at 200). */
export function showAnswer(answer: Answer): Response {
  return isJsonObject(answer.json) ? show(answer, answer.json) : shown(answer.status, undefined);
}

/**
 * The token endpoint's answer (RFC 6749 §5.1) without the id_token, which is checked by itself: see identity.ts.
 * One of its tokens stands for all: openid-client knows no more. `isRefusal`: an error in it has a meaning.
 */
export function showTokenAnswer(answer: Answer, holders: readonly Holder[], isRefusal: boolean): Response {
  if (!isJsonObject(answer.json)) return showAnswer(answer);
  const held: JsonObject = holders[0]?.holder ?? {};
  const { access_token, refresh_token, scope, expires_in } = held;
  const expiresIn = readSeconds(expires_in);
  const members = {
    ...(typeof access_token === 'string' ? { access_token } : {}),
    // The type is kept beside (RFC 6749 §7.1 makes it caseless); one that needs a proof of possession is refused there.
    token_type: 'bearer',
    ...(typeof refresh_token === 'string' && refresh_token !== '' ? { refresh_token } : {}),
    ...(readScope(scope) === null ? {} : { scope: readScope(scope) }),
    ...(expiresIn === null ? {} : { expires_in: expiresIn }),
  };
  // Beside a token, an error that means nothing ("error_code": "0") is none: a rotated token comes only once.
  const granted = !isRefusal && isSuccess(answer) && typeof access_token === 'string' && access_token !== '';
  return granted ? shown(200, members) : show(answer, members);
}

const defaultCodeSeconds = 900;
const defaultIntervalSeconds = 5;

/** The device endpoint's answer (RFC 8628 §3.2); `uriAt` is what this provider calls `verification_uri`. */
export function showDeviceAnswer(answer: Answer, uriAt: string): Response {
  if (!isJsonObject(answer.json)) return showAnswer(answer);
  const { json } = answer;
  const uri = json[uriAt];
  const complete = json.verification_uri_complete;
  return show(answer, {
    ...(typeof json.device_code === 'string' ? { device_code: json.device_code } : {}),
    ...(typeof json.user_code === 'string' ? { user_code: json.user_code } : {}),
    ...(typeof uri === 'string' ? { verification_uri: uri } : {}),
    ...(typeof complete === 'string' && complete !== '' ? { verification_uri_complete: complete } : {}),
    expires_in: readSeconds(json.expires_in) ?? defaultCodeSeconds,
    interval: readSeconds(json.interval) ?? defaultIntervalSeconds,
  });
}

function show(answer: Answer, members: JsonObject): Response {
  const error = errorName(answer) ?? (isJsonObject(answer.json) && isJsonObject(answer.json.error) ? 'unknown' : null);
  if (isSuccess(answer) && error === null) return shown(200, members);
  const description = errorDescription(answer);
  const status = isSuccess(answer) ? 400 : answer.status;
  const named = { error: error ?? 'unknown', ...(description === null ? {} : { error_description: description }) };
  return shown(status, named);
}

function shown(status: number, members: JsonObject | undefined): Response {
  // A Response can carry no other status, and none of these a body.
  const possible = status >= 200 && status <= 599 ? status : 502;
  const bodiless = possible === 204 || possible === 205 || possible === 304;
  const body = bodiless ? null : members === undefined ? '' : JSON.stringify(members);
  return new Response(body, { status: possible, headers: { 'content-type': 'application/json' } });
}

const longestSeconds = 100 * 365 * 86_400;

/** Numbers and texts of whole or broken seconds; null for what tells nothing: absent, null, 0, negative, absurd. */
export function readSeconds(value: Json | undefined): number | null {
  if (typeof value !== 'number' && typeof value !== 'string') return null;
  const seconds = Math.floor(Number(value));
  return seconds > 0 && seconds <= longestSeconds ? seconds : null;
}

/** A text, or an array of texts; null when there is nothing in it. */
export function readScope(value: Json | undefined): string | null {
  const text = Array.isArray(value) ? value.filter((item) => typeof item === 'string').join(' ') : value;
  return typeof text === 'string' && text.trim() !== '' ? text : null;
}
