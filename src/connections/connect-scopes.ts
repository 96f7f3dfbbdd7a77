// Which scopes a sign-in asks for, and who may have to consent to them.
import type { Provider, ScopeRules } from '../model/provider.ts';
import { sameScope } from '../oauth/scopes.ts';
import { isPersonal } from './tenants.ts';
import type { Workspace } from './workspace.ts';

/** `typed`: `S` takes the place of the default, `+S` comes beside it. */
export function chooseScopes(typed: readonly string[], rules: ScopeRules): readonly string[] {
  const split = typed.flatMap((text) => text.split(/[\s]+/)).filter((scope) => scope !== '' && scope !== '+');
  const added = split.filter((scope) => scope.startsWith('+')).map((scope) => scope.slice(1));
  const named = split.filter((scope) => !scope.startsWith('+'));
  return [...new Set([...(named.length > 0 ? named : rules.default), ...added, ...(rules.always ?? [])])];
}

/** An organisation's people may not be able to say yes by themselves; better known before the browser opens. */
export function warnOfConsent(
  workspace: Workspace,
  provider: Provider,
  tenant: string | null,
  scopes: readonly string[],
): void {
  if (isPersonal(provider, tenant)) return;
  const needing = (who: 'admin' | 'blocked-by-default') =>
    scopes.filter((scope) => {
      const known = Object.entries(provider.scopes.known).find(([name]) => sameScope(name, scope, provider.scopes));
      return known?.[1].consent === who;
    });
  const admin = needing('admin');
  if (admin.length > 0) workspace.warn(`only an administrator of the organisation can consent to ${admin.join(', ')}`);
  const blocked = needing('blocked-by-default');
  if (blocked.length > 0) {
    workspace.warn(
      `many organisations let only an administrator consent to ${blocked.join(', ')}: if ${provider.name} shows 'Need admin approval', that is why`,
    );
  }
}
