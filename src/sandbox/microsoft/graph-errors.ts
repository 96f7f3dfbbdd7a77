// Errors of Microsoft Graph, and how it and the token endpoint refuse under load.
// https://learn.microsoft.com/en-us/graph/errors and https://learn.microsoft.com/en-us/graph/throttling (read 2026-11)
import type { JudgedAccess } from '../authority/bearer.ts';
import type { Call, Overload, Reply } from '../call.ts';
import { jsonReply } from '../replies.ts';
import { loginHost } from './directory.ts';
import { aadError, makeGuid } from './errors.ts';

type Headers = Readonly<Record<string, string>>;

export function graphError(call: Call, status: number, code: string, message: string, headers: Headers = {}): Reply {
  const requestId = makeGuid(call);
  const date = new Date(call.at).toISOString().slice(0, 19);
  const innerError = { date, 'request-id': requestId, 'client-request-id': requestId };
  return jsonReply(status, { error: { code, message, innerError } }, { 'request-id': requestId, ...headers });
}

type Dead = Extract<JudgedAccess, { ok: false }>['why'] | 'audience';

const deadWords: Readonly<Partial<Record<Dead, string>>> = {
  token_missing: 'Access token is empty.',
  expired: 'Lifetime validation failed, the token is expired.',
  audience: 'Access token validation failure. Invalid audience.',
};

export function unauthenticated(call: Call, why: Dead): Reply {
  const headers = {
    'www-authenticate': `Bearer realm="", authorization_uri="https://${loginHost}/common/oauth2/authorize"`,
  };
  return graphError(
    call,
    401,
    'InvalidAuthenticationToken',
    deadWords[why] ?? 'Access token validation failure.',
    headers,
  );
}

export function forbidden(call: Call, message: string): Reply {
  return graphError(call, 403, 'Forbidden', message);
}

/** Graph names a time; whether the token endpoint does is unverified, and switched by `retry-after`. */
export function overloaded(call: Call, { status, headers }: Overload): Reply {
  if (call.url.host === loginHost) {
    const reply = aadError(call, '90055', { status });
    return { ...reply, headers: { ...reply.headers, ...headers } };
  }
  return status === 429
    ? graphError(call, 429, 'TooManyRequests', 'Too many requests.', headers)
    : graphError(
        call,
        status,
        status === 503 ? 'serviceNotAvailable' : 'generalException',
        'Try again later.',
        headers,
      );
}
