// What cannot go together at a provider, refused before anything opens.
import { CliError } from '../errors.ts';
import type { FlowName } from '../model/connection.ts';
import { anApp } from '../model/kind-words.ts';
import type { Constraint, KindRule, Provider } from '../model/provider.ts';
import { scopesOfRole } from '../model/token-roles.ts';
import type { Redirect } from '../oauth/flows/request.ts';

export interface Intent {
  readonly provider: Provider;
  readonly kind: KindRule;
  readonly flow: FlowName;
  readonly scopes: readonly string[];
  readonly redirect: Redirect;
  readonly hasSecret: boolean;
}

/** Throws `grant_unsupported` with the provider's own words. */
export function refuseConflicts(intent: Intent): void {
  const { provider, kind, flow } = intent;
  const broken = provider.constraints.find((rule) => holds(rule, intent));
  if (broken !== undefined) throw new CliError('grant_unsupported', broken.words, { hint: broken.hint });
  if (!kind.flows.includes(flow)) {
    throw new CliError('grant_unsupported', `${anApp(kind)} of ${provider.name} cannot sign in by ${flow}`, {
      hint: `oauthctl provider guide ${provider.id}`,
    });
  }
}

/** Every condition that the rule states. */
function holds(rule: Constraint, { provider, kind, flow, scopes, redirect, hasSecret }: Intent): boolean {
  const { anyScope, scopeOfRole, besidesOtherThan } = rule;
  const conditions = [
    rule.flow === undefined || rule.flow === flow,
    rule.kind === undefined || rule.kind === kind.id,
    rule.redirect === undefined || (flow !== 'device' && rule.redirect === redirect.at),
    rule.secret === undefined || (rule.secret === 'present') === hasSecret,
    anyScope === undefined || anyScope.some((scope) => scopes.includes(scope)),
    scopeOfRole === undefined || scopesOfRole(provider, scopeOfRole, scopes).length > 0,
    besidesOtherThan === undefined ||
      scopes.some((scope) => !besidesOtherThan.includes(scope) && anyScope?.includes(scope) !== true),
  ];
  return conditions.every((condition) => condition);
}
