// Access tokens at APIs: RFC 6750.
import type { Call } from '../call.ts';
import type { AccessRecord, GrantRecord } from './authority-state.ts';
import { findToken } from './grant-ends.ts';

export type JudgedAccess =
  | { readonly ok: true; readonly access: AccessRecord; readonly grant: GrantRecord; readonly grantId: string }
  /** `ended`: it was good once, and was revoked or ran out. */
  | { readonly ok: false; readonly why: 'token_missing' | 'unknown' | 'wrong_token' | 'expired' | 'ended' };

/** The token of `Authorization: Bearer`. One in the query is not read. */
export function readBearer(call: Call): string | undefined {
  if (call.query.get('access_token') !== undefined)
    call.violation('secret_in_url', 'access_token in the URL, where logs keep it');
  return /^bearer +(\S+)$/i.exec(call.headers.authorization ?? '')?.[1];
}

/** A dead token is nobody's slip. */
export function judgeAccess(call: Call, token: string | undefined): JudgedAccess {
  if (token === undefined) {
    call.violation('token_missing', 'an API call without an access token');
    return { ok: false, why: 'token_missing' };
  }
  const found = findToken(call, token);
  if (found === undefined) return { ok: false, why: 'unknown' };
  if (found.kind === 'refresh') {
    call.violation('wrong_token', 'a refresh token was sent where an access token belongs');
    return { ok: false, why: 'wrong_token' };
  }
  const { record, grant, grantId, live } = found;
  if (live) return { ok: true, access: record, grant, grantId };
  return { ok: false, why: grant.endedAt === null && record.endedAt === null ? 'expired' : 'ended' };
}
