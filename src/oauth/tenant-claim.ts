// Which tenant an id_token speaks of: every tenant is an issuer of its own, and some of them may not answer for the one that
// was asked.
import type { JsonObject } from '../model/json.ts';
import type { TenantRule } from '../model/provider.ts';
import { plainText } from './foreign-text.ts';
import type { Peer } from './peer.ts';

/** The issuer of the tenant that the token names. Without such a claim it is the template itself, which no token carries. */
export function issuerForTenant(rule: TenantRule, claims: JsonObject): string {
  const { issuer } = rule;
  const claim = tenantIn(rule, claims);
  return claim === null ? issuer.template : issuer.template.replace(/\{\w+\}/, () => claim);
}

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Why the token's tenant cannot answer for the one that was signed in to; null when it can. A domain cannot be compared. */
export function wrongTenant({ provider, tenant: chosen }: Peer, claims: JsonObject): string | null {
  const rule = provider.tenant;
  if (rule === undefined) return null;
  const wanted = chosen ?? rule.default;
  const claim = tenantIn(rule, claims) ?? '';
  const limit = Object.hasOwn(rule.claimOf, wanted) ? rule.claimOf[wanted] : undefined;
  const { is, not }: { is?: string; not?: string } = limit ?? (isSingle(rule, wanted) ? { is: wanted } : {});
  const same = (id: string) => id.toLowerCase() === claim.toLowerCase();
  const isRight = (is === undefined || same(is)) && (not === undefined || !same(not));
  return isRight ? null : `it is from the tenant '${plainText(claim)}', which is none of '${wanted}'`;
}

function isSingle({ words }: TenantRule, tenant: string): boolean {
  return !words.includes(tenant) && uuid.test(tenant);
}

function tenantIn({ issuer }: TenantRule, claims: JsonObject): string | null {
  const claim = claims[issuer.claim];
  return typeof claim === 'string' && claim !== '' ? claim : null;
}
