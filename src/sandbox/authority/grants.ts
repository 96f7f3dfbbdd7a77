// Grants and their tokens: how they begin, go on by refreshing, and end. What a family's tokens are like is its TokenRule.
import type { JsonObject } from '../../model/json.ts';
import type { Call } from '../call.ts';
import { makeSecret } from '../secrets.ts';
import { hashOf } from '../state.ts';
import { type Allowed, authorityState, type GrantRecord, type RefreshRecord } from './authority-state.ts';
import { endAccess, endGrant, isLive } from './grant-ends.ts';

export interface TokenRule {
  readonly accessPrefix: string;
  readonly refreshPrefix: string;
  /** null: no end of its own. */
  readonly accessSeconds: number | null;
  /** Whether a refresh brings a new refresh token. */
  readonly rotates: boolean;
  /** How long a rotated refresh token still works: 0 is single use; null: until its own end. */
  readonly graceSeconds: number | null;
  /** What a refresh does to the access tokens from before. */
  readonly oldAccess: 'lives' | 'dies';
  /** What a second use of a rotated refresh token does to the grant. */
  readonly reuse: 'refused' | 'kills';
  /** When an unused refresh token ends; null: never. */
  readonly idleSeconds: number | null;
  /** When a grant ends however much it is used; null: never. */
  readonly absoluteSeconds: number | null;
  /** So many access tokens of a grant live at once; the oldest ends. */
  readonly liveAccess?: number;
  /** So many grants of one person, client and set of scopes live at once; the one that was longest unused ends. */
  readonly liveGrants?: number;
}

export interface Issued {
  readonly grantId: string;
  readonly accessToken: string;
  readonly accessSeconds: number | null;
  readonly refreshToken: string | undefined;
  /** Until the refresh token ends unused; null: it does not. */
  readonly refreshSeconds: number | null;
}

/** A new grant and its first tokens. `offline` false: no refresh token was asked for. */
export function startGrant(call: Call, allowed: Allowed, rule: TokenRule, offline = true): Issued {
  const state = authorityState(call);
  state.made += 1;
  const grantId = String(state.made);
  const { clientId, person, scopes, more } = allowed;
  const grant = { clientId, person, scopes, more, createdAt: call.at, usedAt: call.at, endedAt: null };
  state.grants[grantId] = grant;
  if (rule.liveGrants !== undefined) endLongestUnused(call, grant, rule.liveGrants);
  const wanted = offline && call.switched('no-refresh-token') === undefined;
  return issue(call, grantId, rule, scopes, wanted ? 'new' : 'none');
}

function endLongestUnused(call: Call, grant: GrantRecord, limit: number): void {
  const setOf = (scopes: readonly string[]) => [...scopes].sort().join(' ');
  const alike = Object.entries(authorityState(call).grants)
    .filter(([, other]) => other.endedAt === null && other.clientId === grant.clientId && other.person === grant.person)
    .filter(([, other]) => setOf(other.scopes) === setOf(grant.scopes))
    .sort(([, a], [, b]) => a.usedAt - b.usedAt);
  for (const [id] of alike.slice(0, Math.max(0, alike.length - limit))) endGrant(call, id);
}

export type RefreshRefusal =
  | 'refresh_token_missing'
  | 'unknown'
  /** An access token. */
  | 'wrong_token'
  | 'token_of_another'
  | 'ended'
  | 'expired'
  | 'reused'
  /** Switched: the grant is as good as gone, or the person must sign in afresh. */
  | 'switched_gone'
  | 'switched_rapt';

export type JudgedRefresh =
  | { readonly ok: true; readonly hash: string; readonly refresh: RefreshRecord; readonly grant: GrantRecord }
  | { readonly ok: false; readonly why: RefreshRefusal };

/** Looks only; but a second use of a rotated token may end its grant. */
export function judgeRefresh(call: Call, token: string | undefined, clientId: string, rule: TokenRule): JudgedRefresh {
  const refused = (why: RefreshRefusal, says?: string): JudgedRefresh => {
    if (says !== undefined) call.violation(why === 'reused' ? 'refresh_token_reused' : why, says);
    return { ok: false, why };
  };
  if (token === undefined) return refused('refresh_token_missing', 'a refresh without a refresh token');
  const { refresh: tokens, access, grants } = authorityState(call);
  const hash = hashOf(token);
  const refresh = tokens[hash];
  if (refresh === undefined)
    return access[hash] === undefined
      ? refused('unknown')
      : refused('wrong_token', 'an access token was sent as a refresh token');
  const grant = grants[refresh.grant];
  if (grant === undefined) return refused('unknown');
  if (grant.clientId !== clientId) return refused('token_of_another', "another client's refresh token");
  const switched = call.switched('invalid-grant');
  if (switched !== undefined) return refused(switched === 'rapt' ? 'switched_rapt' : 'switched_gone');
  if (grant.endedAt !== null || refresh.endedAt !== null) return refused('ended');
  if (!isLive(call, refresh.endsAt)) return refused('expired');
  if (!isOutOfGrace(call, refresh, rule)) return { ok: true, hash, refresh, grant };
  if ((call.switched('reuse') ?? rule.reuse) === 'kills') endGrant(call, refresh.grant);
  return refused('reused', refresh.lost ? undefined : 'a refresh token was sent again after its successor had come');
}

function isOutOfGrace(call: Call, { rotatedAt }: RefreshRecord, rule: TokenRule): boolean {
  if (rotatedAt === null) return false;
  const switched = call.switched('grace');
  const seconds = switched === undefined ? rule.graceSeconds : Number(switched);
  return seconds !== null && rotatedAt + seconds * 1000 <= call.at;
}

/** The next tokens of a grant. `scopes`: of this access token, when fewer were asked for. */
export function refreshGrant(
  call: Call,
  { refresh, grant }: Extract<JudgedRefresh, { ok: true }>,
  rule: TokenRule,
  scopes: readonly string[] = grant.scopes,
): Issued {
  grant.usedAt = call.at;
  if ((call.switched('old-access') ?? rule.oldAccess) === 'dies') endAccess(call, refresh.grant, 0);
  const rotation = call.switched('rotation');
  const rotates = rotation === undefined ? rule.rotates : rotation === 'always';
  if (!rotates) refresh.endsAt = refreshEnd(call, grant, rule);
  else {
    refresh.rotatedAt ??= call.at;
    call.ifLost(() => {
      refresh.lost = true;
    });
  }
  return issue(call, refresh.grant, rule, scopes, rotates ? 'new' : 'none');
}

function issue(
  call: Call,
  grantId: string,
  rule: TokenRule,
  scopes: readonly string[],
  refreshToken: 'new' | 'none',
): Issued {
  const state = authorityState(call);
  const life = call.switched('access-life');
  const accessSeconds = life === undefined ? rule.accessSeconds : Number(life);
  const accessToken = makeSecret(call.random, rule.accessPrefix);
  const expiresAt = accessSeconds === null ? null : call.at + accessSeconds * 1000;
  state.access[hashOf(accessToken)] = { grant: grantId, scopes, issuedAt: call.at, expiresAt, endedAt: null };
  if (rule.liveAccess !== undefined) endAccess(call, grantId, rule.liveAccess);
  const grant = state.grants[grantId];
  if (refreshToken === 'none' || grant === undefined)
    return { grantId, accessToken, accessSeconds, refreshToken: undefined, refreshSeconds: null };
  const made = makeSecret(call.random, rule.refreshPrefix);
  const endsAt = refreshEnd(call, grant, rule);
  state.refresh[hashOf(made)] = { grant: grantId, endsAt, rotatedAt: null, endedAt: null, lost: false };
  const refreshSeconds = endsAt === null ? null : Math.floor((endsAt - call.at) / 1000);
  return { grantId, accessToken, accessSeconds, refreshToken: made, refreshSeconds };
}

function refreshEnd(call: Call, grant: GrantRecord, rule: TokenRule): number | null {
  const switched = call.switched('refresh-life');
  if (switched !== undefined) return call.at + Number(switched) * 1000;
  const idle = rule.idleSeconds === null ? null : call.at + rule.idleSeconds * 1000;
  const absolute = rule.absoluteSeconds === null ? null : grant.createdAt + rule.absoluteSeconds * 1000;
  return idle === null || absolute === null ? (idle ?? absolute) : Math.min(idle, absolute);
}

/** `expires_in` as the switch `expires-in` wants it; without an end there is none. */
export function expiryMembers(call: Call, seconds: number | null): JsonObject {
  if (seconds === null) return {};
  const written = { absent: {}, string: { expires_in: String(seconds) }, zero: { expires_in: 0 } };
  const how = call.switched('expires-in') as keyof typeof written | undefined;
  return how === undefined ? { expires_in: seconds } : written[how];
}

/** For the end of every token answer. */
export function extraMembers(call: Call): JsonObject {
  return call.switched('extra-fields') === undefined
    ? {}
    : { future_member: { nested: [1, null] }, not_before_policy: 0 };
}
