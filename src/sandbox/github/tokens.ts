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
import { expiringRule, isGitHubApp, lastingRule } from './registration.ts';
import { normalScopes, offline } from './scopes.ts';

export type Flow = 'code' | 'device';

/** Who asks for no scope at all gets every scope that the person has ever given this app. */
export function authorizationOf(
  call: Call,
  client: AuthorityClient,
  person: Person,
  asked: readonly string[],
  ticked: readonly string[],
  flow: Flow,
): Allowed {
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
  const byScope = off === 'unless-offline' && allowed.more.offline === true && !isGitHubApp(client);
  const expires = off === undefined || byScope;
  const { clientId, person, scopes, more } = allowed;
  const grant = { clientId, person, scopes, more: { ...more, expires } };
  const issued = startGrant(call, grant, expires ? expiringRule(client) : lastingRule(client), expires);
  evict(call, grant);
  return tokenAnswer(call, issued, scopes);
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

/** A token without an end is over when nobody used it for a year. */
export function before(call: Call): void {
  passTime(call);
  endGrants(call, (grant) => grant.more.expires === false && grant.usedAt + yearMs <= call.at);
}
