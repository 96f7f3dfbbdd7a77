// Folding and roles with the scope data of every provider that ships: what must hold for any part of what they know.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Provider } from '../../src/model/provider.ts';
import { bareScope, roleOfScope, rolesOf, scopesOfRole } from '../../src/model/token-roles.ts';
import { scopeParams } from '../../src/oauth/attempt.ts';
import { foldScopes, missingScopes, sameScope } from '../../src/oauth/scopes.ts';
import { shippedProviders } from '../../src/providers/generated-index.ts';

const shipped = await Promise.all(Object.values(shippedProviders).map(async (load) => (await load()).provider));
/** One has no scopes at all. */
const providers = shipped.filter(({ scopes }) => Object.keys(scopes.known).length > 0);

/** Every way in which the provider may spell a scope that it knows. */
function spellings({ scopes: { known, rename, stripPrefixes, caseless } }: Provider): readonly string[] {
  const names = [...new Set([...Object.keys(known), ...Object.entries(rename).flat()])];
  return names.flatMap((name) => [
    name,
    ...stripPrefixes.map((prefix) => `${prefix}${name}`),
    ...(caseless ? [name.toUpperCase(), name.toLowerCase()] : []),
  ]);
}

describe.each(providers.map((provider) => [provider.id, provider] as const))('%s', (_, provider) => {
  const rules = provider.scopes;
  const known = fc.constantFrom(...spellings(provider));
  const odd = fc.constantFrom('__proto__', 'constructor', 'unheard.of', 'A', 'a');
  const scopes = fc.array(fc.oneof({ weight: 6, arbitrary: known }, { weight: 1, arbitrary: odd }), { maxLength: 8 });
  const holds = (list: readonly string[], scope: string) => list.some((other) => sameScope(other, scope, rules));

  test('folding is done once and for all, repeats nothing and loses nothing that was granted', () => {
    fc.assert(
      fc.property(scopes, scopes, (answered, asked) => {
        const folded = foldScopes(answered, asked, rules);
        expect(foldScopes(folded, asked, rules)).toEqual(folded);
        for (const scope of answered) expect(holds(folded, scope), scope).toBe(true);
        for (const scope of folded) expect(holds(answered, scope), scope).toBe(true);
        for (const [at, scope] of folded.entries()) expect(holds(folded.slice(at + 1), scope), scope).toBe(false);
      }),
    );
  });

  test('what was granted as asked is spelled as asked', () => {
    fc.assert(
      fc.property(scopes, scopes, (answered, asked) => {
        for (const scope of foldScopes(answered, asked, rules)) {
          if (holds(asked, scope)) expect(asked).toContain(scope);
        }
      }),
    );
  });

  test('the order in which it is answered or asked decides nothing', () => {
    fc.assert(
      fc.property(scopes, scopes, fc.nat(), (answered, asked, turn) => {
        const turned = [...answered.slice(turn % 8), ...answered.slice(0, turn % 8)].reverse();
        const [one = [], other = []] = [answered, turned].map((list) => foldScopes(list, asked, rules));
        // What nobody asked for, and came in two spellings, keeps either.
        expect(one).toHaveLength(other.length);
        for (const scope of one) expect(holds(other, scope), scope).toBe(true);
        const missing = (list: readonly string[], wanted: readonly string[]) =>
          [...missingScopes(wanted, list, rules)].sort();
        expect(missing(turned, asked)).toEqual(missing(answered, [...asked].reverse()));
      }),
    );
  });

  test('missing is what was asked, less what was granted under any spelling or by a wider scope', () => {
    fc.assert(
      fc.property(scopes, scopes, (granted, asked) => {
        const missing = missingScopes(asked, granted, rules);
        expect(missing.filter((scope) => !asked.includes(scope) || holds(granted, scope))).toEqual([]);
        // More granted never means more missing.
        for (const scope of missingScopes(asked, [...granted, ...asked.slice(1)], rules))
          expect(missing).toContain(scope);
        expect(missingScopes(asked, [...granted, ...missing], rules)).toEqual([]);
      }),
    );
  });

  test('a scope that another implies is not missing beside it', () => {
    for (const [scope, { impliedBy = [] }] of Object.entries(rules.known)) {
      for (const wider of impliedBy) expect(missingScopes([scope], [wider], rules), `${scope} by ${wider}`).toEqual([]);
    }
  });

  test('every scope belongs to one role, and the request asks for each of them once, in its place', () => {
    const attempt = fc.uniqueArray(fc.constantFrom(...Object.keys(rules.known)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(attempt, (asked) => {
        const roles = rolesOf(provider).map(({ id }) => scopesOfRole(provider, id, asked));
        expect(roles.flat().sort()).toEqual([...asked].sort());
        const sent = Object.entries(scopeParams(provider, asked)).flatMap(([param, text]) =>
          text.split(rules.separator.ask).map((bare) => `${param} ${bare}`),
        );
        const expected = asked.map(
          (scope) => `${roleOfScope(provider, scope).scopeParam} ${bareScope(provider, scope)}`,
        );
        expect(sent.sort()).toEqual(expected.sort());
      }),
    );
  });
});
