// The shapes of answers that are not pages.
import type { Json, JsonObject } from '../model/json.ts';
import type { Reply } from './call.ts';

const uncached = {
  'cache-control': 'no-cache, no-store, max-age=0, must-revalidate',
  pragma: 'no-cache',
  expires: 'Mon, 01 Jan 1990 00:00:00 GMT',
};

export function jsonReply(status: number, value: Json, headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...uncached, ...headers },
    body: `${JSON.stringify(value, undefined, 2)}\n`,
  };
}

/** What every caller may keep for an hour. */
export function publicJson(value: Json): Reply {
  const reply = jsonReply(200, value);
  return {
    ...reply,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'public, max-age=3600' },
  };
}

export function textReply(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...uncached, ...headers }, body };
}

export function formReply(status: number, values: Readonly<Record<string, string>>): Reply {
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8', ...uncached };
  return { status, headers, body: new URLSearchParams(values).toString() };
}

export function emptyReply(status: number, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { ...uncached, ...headers }, body: '' };
}

/** RFC 6749 §5.2, at whatever status the provider likes. */
export function oauthError(status: number, error: string, description?: string, more: JsonObject = {}): Reply {
  const described = description === undefined ? {} : { error_description: description };
  return jsonReply(status, { error, ...described, ...more });
}

export function redirectReply(status: 302 | 303, location: string): Reply {
  return { status, headers: { location, ...uncached }, body: '' };
}

export function plainPage(status: number, title: string): Reply {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', ...uncached },
    body: `<!doctype html>\n<html lang="en"><title>${title}</title><p>${title}</p></html>\n`,
    says: title,
  };
}
