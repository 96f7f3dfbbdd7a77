// How grants and tokens end, and what a token is good for.
import type { Call } from '../call.ts';
import { hashOf } from '../state.ts';
import {
  type AccessRecord,
  authorityState,
  forgetWhatIsOver,
  type GrantRecord,
  type RefreshRecord,
} from './authority-state.ts';

export function isLive(call: Call, endsAt: number | null): boolean {
  return endsAt === null || endsAt > call.at;
}

/** With all its tokens. */
export function endGrant(call: Call, grantId: string): void {
  const grant = authorityState(call).grants[grantId];
  if (grant !== undefined) grant.endedAt ??= call.at;
}

export function endGrants(call: Call, ends: (grant: GrantRecord) => boolean): void {
  for (const [id, grant] of Object.entries(authorityState(call).grants)) if (ends(grant)) endGrant(call, id);
}

/** Of a grant's access tokens only the newest `kept` go on. */
export function endAccess(call: Call, grantId: string, kept: number): void {
  const live = Object.values(authorityState(call).access).filter(
    ({ grant, endedAt, expiresAt }) => grant === grantId && endedAt === null && isLive(call, expiresAt),
  );
  for (const token of live.slice(0, Math.max(0, live.length - kept))) token.endedAt = call.at;
}

/** One token; its grant and the other tokens go on. */
export function endToken(call: Call, token: FoundToken): void {
  token.record.endedAt ??= call.at;
}

export type FoundToken = {
  readonly grantId: string;
  readonly grant: GrantRecord;
  /** Whether it still works. */
  readonly live: boolean;
} & (
  | { readonly kind: 'access'; readonly record: AccessRecord }
  | { readonly kind: 'refresh'; readonly record: RefreshRecord }
);

/** A token of either kind, dead or alive, as long as it is remembered. */
export function findToken(call: Call, token: string | undefined): FoundToken | undefined {
  if (token === undefined) return undefined;
  const { access, refresh, grants } = authorityState(call);
  const hash = hashOf(token);
  const record = access[hash] ?? refresh[hash];
  const grant = record === undefined ? undefined : grants[record.grant];
  if (record === undefined || grant === undefined) return undefined;
  const goesOn = grant.endedAt === null && record.endedAt === null;
  const found = { grantId: record.grant, grant };
  if ('expiresAt' in record)
    return { ...found, kind: 'access', record, live: goesOn && isLive(call, record.expiresAt) };
  const live = goesOn && record.rotatedAt === null && isLive(call, record.endsAt);
  return { ...found, kind: 'refresh', record, live };
}

/** What a family's `before` does at least: time passes, and a person may remove the app. */
export function passTime(call: Call): void {
  forgetWhatIsOver(call);
  if (call.switched('revoked-by-user') !== undefined) endGrants(call, () => true);
}
