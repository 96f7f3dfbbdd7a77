// Folding scopes and finding the missing ones: cases, and what holds for any scopes.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ScopeRules } from '../../src/model/provider.ts';
import { foldScopes, missingScopes } from '../../src/oauth/scopes.ts';

const plain: ScopeRules = {
  default: [],
  known: {},
  separator: { ask: ' ', answer: ' ' },
  rename: {},
  caseless: false,
  stripPrefixes: [],
};
const long = 'https://www.example.com/auth/userinfo.email';
const renaming: ScopeRules = { ...plain, rename: { email: long } };
const graph: ScopeRules = { ...plain, caseless: true, stripPrefixes: ['https://graph.example.com/'] };

describe('folding', () => {
  test.each([
    ['as asked', plain, ['a', 'b'], ['a', 'b'], ['a', 'b']],
    ['the long name of what was asked by its short one', renaming, [long, 'openid'], ['email'], ['email', 'openid']],
    ['the long name where the long name was asked', renaming, [long], [long], [long]],
    ['the short name where the long name was asked', renaming, ['email'], [long], [long]],
    ['another case and a prefix', graph, ['https://graph.example.com/user.read'], ['User.Read'], ['User.Read']],
    ['what nobody asked for stays', graph, ['Mail.Read'], ['User.Read'], ['Mail.Read']],
    ['case counts where it does', plain, ['A'], ['a'], ['A']],
    ['said twice, held once', renaming, ['email', long], ['email'], ['email']],
    [
      'a prefix alone is a scope of its own',
      graph,
      ['https://graph.example.com/'],
      ['x'],
      ['https://graph.example.com/'],
    ],
  ])('%s', (_, rules, answered, asked, folded) => {
    expect(foldScopes(answered, asked, rules)).toEqual(folded);
  });

  test('the asked spelling that comes first wins', () => {
    expect(foldScopes([long], ['email', long], renaming)).toEqual(['email']);
    expect(foldScopes([long], [long, 'email'], renaming)).toEqual([long]);
  });
});

describe('missing', () => {
  const rules: ScopeRules = {
    ...renaming,
    known: {
      read: { says: 'read', impliedBy: ['write'] },
      offline_access: { says: 'refresh', notEchoed: true },
    },
  };
  test.each([
    ['nothing', ['email'], [long], []],
    ['what was not granted', ['email', 'write'], ['email'], ['write']],
    ['not what a wider scope implies', ['read'], ['write'], []],
    ['a wider scope is not implied by a narrower one', ['write'], ['read'], ['write']],
    ['not what a provider never lists', ['offline_access'], [], []],
  ])('%s', (_, asked, granted, missing) => {
    expect(missingScopes(asked, granted, rules)).toEqual(missing);
  });
});

describe('for any scopes', () => {
  // Names of members that every object inherits, too.
  const scope = fc.oneof(
    fc.constantFrom('a', 'b', 'email', long, 'constructor', '__proto__', 'toString'),
    fc.string({ minLength: 1, maxLength: 8 }),
  );
  const scopes = fc.array(scope, { maxLength: 8 });
  const anyRules = fc.constantFrom(plain, renaming, graph);

  test('folding again changes nothing', () => {
    fc.assert(
      fc.property(scopes, scopes, anyRules, (answered, asked, rules) => {
        const once = foldScopes(answered, asked, rules);
        expect(foldScopes(once, asked, rules)).toEqual(once);
      }),
    );
  });

  test('everything that was granted as asked is not missing, and nothing that was not asked is', () => {
    fc.assert(
      fc.property(scopes, scopes, anyRules, (answered, asked, rules) => {
        const granted = foldScopes(answered, asked, rules);
        const missing = missingScopes(asked, granted, rules);
        expect(missing.every((name) => asked.includes(name))).toBe(true);
        expect(missing.some((name) => granted.includes(name))).toBe(false);
        expect(missingScopes(asked, foldScopes(asked, asked, rules), rules)).toEqual([]);
      }),
    );
  });

  test('the order of the answer decides nothing', () => {
    fc.assert(
      fc.property(scopes, scopes, anyRules, (answered, asked, rules) => {
        const there = missingScopes(asked, foldScopes(answered, asked, rules), rules);
        expect(missingScopes(asked, foldScopes([...answered].reverse(), asked, rules), rules)).toEqual(there);
      }),
    );
  });
});
