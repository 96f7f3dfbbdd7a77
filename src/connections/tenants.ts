// Which directory of a provider signs people in, where it has several.
import { CliError } from '../errors.ts';
import type { Provider } from '../model/provider.ts';

/** What a tenant's id or domain is made of; it becomes part of an address. */
const tenantPattern = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i;

/** Null where the provider has no tenants. `asked` by flag or app; the provider's default when undefined or null. Throws for what cannot be. */
export function tenantFor({ id, name, tenant: rule }: Provider, asked: string | null | undefined): string | null {
  if (rule === undefined) {
    if (asked === undefined || asked === null) return null;
    throw new CliError('invalid_value', `${name} has no tenants`, { hint: 'leave --tenant out' });
  }
  const tenant = (asked ?? rule.default).toLowerCase();
  if (!tenantPattern.test(tenant)) {
    throw new CliError('invalid_value', `'${tenant}' is no tenant: ${rule.words.join(', ')}, an id or a domain`, {
      hint: `oauthctl provider guide ${id}`,
    });
  }
  const refused = rule.refused.find((entry) => entry.tenant === tenant);
  if (refused === undefined) return tenant;
  throw new CliError('grant_unsupported', `${name} cannot be used with the tenant '${tenant}': ${refused.says}`, {
    hint: `leave --tenant out (${rule.default}), or give your organisation's`,
  });
}

/** Whether the tenant, by its word or its id, is one that everybody knows: its people belong to no organisation with rules of its own. */
export function isPersonal({ tenant: rule }: Provider, tenant: string | null): boolean {
  if (tenant === null || rule === undefined) return false;
  return Object.entries(rule.claimOf).some(([word, { is }]) => is !== undefined && (word === tenant || is === tenant));
}
