// How GitHub gives tokens out: what a person allowed becomes a grant, and the eleventh of a kind drives one out.
// https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps (read 2026-11)
import type { JsonObject } from '../../model/json.ts';
import { type Allowed, authorityState, type GrantRecord } from '../authority/authority-state.ts';
import type { AuthorityClient } from '../authority/clients.ts';
import { endGrant, endGrants, passTime } from '../authority/grant-ends.ts';
import { expiryMembers, extraMembers, type Issued, startGrant } from '../authority/grants.ts';
import type { Person } from '../authority/people.ts';
import type { Call, Reply } from '../call.ts';
import { oauthAnswer } from './answers.ts';
import { expiringRule, lastingRule } from './registration.ts';
import { normalScopes, offline } from './scopes.ts';

interface Decision {
  readonly client: AuthorityClient;
  readonly person: Person;
  readonly asked: readonly string[];
  readonly ticked: readonly string[];
  /** What the device flow gave is refreshed without the secret. */
  readonly flow: 'code' | 'device';
}

/** Who asks for no scope at all gets every scope that the person has ever given this app. */
export function authorizationOf(call: Call, { client, person, asked, ticked, flow }: Decision): Allowed {
  const grants = Object.values(authorityState(call).grants);
  const earlier = grants.filter((grant) => grant.endedAt === null && isAlike(grant, client.id, person.key));
  const scopes = asked.length > 0 ? ticked : earlier.flatMap((grant) => grant.scopes);
  const more = { flow, offline: ticked.includes(offline) };
  return { clientId: client.id, person: person.key, scopes: normalScopes(scopes), more };
}

export function isAlike(grant: GrantRecord, clientId: string, person: string): boolean {
  return grant.clientId === clientId && grant.person === person;
}

/** Expiry is a setting of the app; an OAuth App may also ask for it at each sign-in, which not every server honours. */
export function firstTokens(call: Call, client: AuthorityClient, allowed: Allowed): Reply {
  const off = call.switched('github-no-expiry');
  const expires = off === undefined || (off === 'unless-offline' && allowed.more.offline === true);
  const issued = startGrant(call, allowed, expires ? expiringRule(client) : lastingRule(client), expires);
  evict(call, allowed);
  return tokenAnswer(call, issued, allowed.scopes);
}

/** `bearer` in lower case, scopes with commas. */
export function tokenAnswer(call: Call, issued: Issued, scopes: readonly string[]): Reply {
  const { accessToken, accessSeconds, refreshToken, refreshSeconds } = issued;
  const refreshing: JsonObject =
    refreshToken === undefined ? {} : { refresh_token: refreshToken, refresh_token_expires_in: refreshSeconds };
  return oauthAnswer(call, {
    access_token: accessToken,
    ...expiryMembers(call, accessSeconds),
    ...refreshing,
    scope: scopes.join(','),
    token_type: 'bearer',
    ...extraMembers(call),
  });
}

const kept = 10;

/** One too many for the same person, app and scopes: the oldest goes that was never used and is older than a minute, else the one longest unused. */
function evict(call: Call, newest: Allowed): void {
  const setOf = (scopes: readonly string[]) => [...scopes].sort().join(' ');
  const alike = Object.entries(authorityState(call).grants)
    .filter(([, grant]) => grant.endedAt === null && isAlike(grant, newest.clientId, newest.person))
    .filter(([, grant]) => setOf(grant.scopes) === setOf(newest.scopes))
    .sort(([, a], [, b]) => a.usedAt - b.usedAt);
  if (alike.length <= kept) return;
  const neverUsed = alike.find(([, grant]) => grant.usedAt === grant.createdAt && grant.createdAt + 60_000 < call.at);
  const [id] = neverUsed ?? alike[0] ?? [];
  if (id !== undefined) endGrant(call, id);
}

const yearMs = 365 * 86_400_000;

/** What nobody used for a year is over, a token without an end too. */
export function before(call: Call): void {
  passTime(call);
  endGrants(call, (grant) => grant.usedAt + yearMs <= call.at);
}
