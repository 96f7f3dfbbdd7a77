// Scopes as sets: a provider may spell back what was asked in another way, and grant less or more.
import type { ScopeRules } from '../model/provider.ts';

/** What the provider answered, in the spelling that was asked where it is the same scope; without repetitions. */
export function foldScopes(
  answered: readonly string[],
  asked: readonly string[],
  rules: ScopeRules,
): readonly string[] {
  const spelling = new Map([...asked].reverse().map((scope) => [canonical(scope, rules), scope]));
  const folded = new Map(answered.map((scope) => [canonical(scope, rules), scope]));
  return [...folded].map(([key, scope]) => spelling.get(key) ?? scope);
}

/** Asked and not granted, neither by itself nor by a scope that implies it. */
export function missingScopes(
  asked: readonly string[],
  granted: readonly string[],
  rules: ScopeRules,
): readonly string[] {
  const held = new Set(granted.map((scope) => canonical(scope, rules)));
  const holds = (scope: string) => held.has(canonical(scope, rules));
  return asked.filter((scope) => {
    const facts = Object.hasOwn(rules.known, scope) ? rules.known[scope] : undefined;
    return !holds(scope) && facts?.notEchoed !== true && !facts?.impliedBy?.some(holds);
  });
}

export function sameScope(a: string, b: string, rules: ScopeRules): boolean {
  return canonical(a, rules) === canonical(b, rules);
}

/** Two spellings of one scope have the same canonical form. */
function canonical(scope: string, rules: ScopeRules): string {
  const renamed = Object.hasOwn(rules.rename, scope) ? (rules.rename[scope] ?? scope) : scope;
  const prefix = rules.stripPrefixes.find((start) => renamed.startsWith(start) && renamed.length > start.length);
  const bare = prefix === undefined ? renamed : renamed.slice(prefix.length);
  return rules.caseless ? bare.toLowerCase() : bare;
}
