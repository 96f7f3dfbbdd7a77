// The tokens of one grant, and which scopes belong to which of them.
import { onlyRole } from './connection.ts';
import type { Provider, TokenRole } from './provider.ts';

const only: TokenRole = {
  id: onlyRole,
  scopeParam: 'scope',
  scopePrefix: '',
  at: '',
  tokenType: 'bearer',
  namesAccount: true,
};

/** The primary first. */
export function rolesOf({ roles }: { readonly roles?: Provider['roles'] | undefined }): readonly TokenRole[] {
  return roles ?? [only];
}

export function roleNamed(provider: Pick<Provider, 'roles'>, id: string): TokenRole | undefined {
  return rolesOf(provider).find((role) => role.id === id);
}

/** The role that a scope, as people write it, belongs to: the one with the longest prefix that fits. */
export function roleOfScope(provider: Pick<Provider, 'roles'>, scope: string): TokenRole {
  const fitting = rolesOf(provider).filter(({ scopePrefix }) => scope.startsWith(scopePrefix));
  return fitting.sort((a, b) => b.scopePrefix.length - a.scopePrefix.length)[0] ?? only;
}

/** Those of the scopes that belong to the role, as people write them. */
export function scopesOfRole(provider: Pick<Provider, 'roles'>, id: string, scopes: readonly string[]): string[] {
  return scopes.filter((scope) => roleOfScope(provider, scope).id === id);
}

/** As the provider writes it. */
export function bareScope(provider: Pick<Provider, 'roles'>, scope: string): string {
  return scope.slice(roleOfScope(provider, scope).scopePrefix.length);
}
