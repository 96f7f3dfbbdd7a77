// Reading and judging what the browser brings back: cases, and what holds for any query.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CliError } from '../../src/errors.ts';
import type { Attempt } from '../../src/oauth/attempt.ts';
import { judgeCallback, parseCallback } from '../../src/oauth/callback.ts';
import { queryIn } from '../../src/oauth/flows/door.ts';
import { issuer, makeProvider } from './rig.ts';

const attempt: Attempt = {
  state: 'the-state',
  verifier: null,
  nonce: null,
  redirectUri: 'http://127.0.0.1:4000/callback/acme',
  scopes: [],
};

function judge(query: string, iss: 'required' | 'if_present' | 'never' = 'if_present') {
  const verdict = judgeCallback(parseCallback(query), attempt, makeProvider({ iss }));
  if (verdict.kind === 'code') return `code ${verdict.code.reveal()}`;
  return verdict.kind === 'stray' ? `stray: ${verdict.why}` : `${verdict.error.code}: ${verdict.error.message}`;
}

describe('a code', () => {
  test.each([
    ['plain', 'code=abc&state=the-state', 'abc'],
    ['with unescaped members', `state=the-state&iss=${issuer}&code=4/0Aab:c`, '4/0Aab:c'],
    ['escaped', 'state=the-state&code=4%2F0Aab%3Ac', '4/0Aab:c'],
    ['with a plus that nobody escaped', 'state=the-state&code=a+b==', 'a+b=='],
    [
      'with members nobody knows, twice even',
      'hd=x&session_state=a&hd=y&scope=a+b&code=abc&state=the-state&authuser=0',
      'abc',
    ],
    ['with escapes that are none', 'code=50%&state=the-state&x=%zz', '50%'],
  ])('%s', (_, query, code) => {
    expect(judge(query)).toBe(`code ${code}`);
  });
});

describe('not an answer to this attempt', () => {
  test.each([
    ['code=abc', 'it carries no state'],
    ['', 'it carries no state'],
    ['code=abc&state=other', 'its state is not the one of this sign-in'],
    ['code=abc&state=', 'its state is not the one of this sign-in'],
    ['code=abc&state=the-state&state=the-state', '"state" came more than once'],
    ['code=abc&code=def&state=the-state', '"code" came more than once'],
    [`code=abc&state=the-state&iss=${issuer}&iss=x`, '"iss" came more than once'],
    ['error=a&error=b&state=the-state', '"error" came more than once'],
    ['state=the-state', 'it carries neither a code nor an error'],
    ['state=the-state&code=', 'it carries neither a code nor an error'],
    ['error=access_denied', 'it carries no state'],
  ])('%s', (query, why) => {
    expect(judge(query)).toBe(`stray: ${why}`);
  });
});

describe('iss (RFC 9207)', () => {
  const code = 'code=abc&state=the-state';
  test.each([
    ['required', code, 'issuer_mismatch'],
    ['required', `${code}&iss=${encodeURIComponent(issuer)}`, 'code'],
    ['required', `${code}&iss=${issuer}/`, 'issuer_mismatch'],
    ['if_present', code, 'code'],
    ['if_present', `${code}&iss=https://evil.example`, 'issuer_mismatch'],
    ['if_present', `${code}&iss=`, 'issuer_mismatch'],
    ['never', `${code}&iss=https://other.example`, 'code'],
    ['required', 'error=access_denied&state=the-state', 'consent_denied'],
    ['required', 'error=access_denied&state=the-state&iss=https://evil.example', 'issuer_mismatch'],
  ] as const)('%s: %s', (rule, query, outcome) => {
    expect(judge(query, rule)).toMatch(new RegExp(`^${outcome}\\b`));
  });

  test('says both', () => {
    expect(judge(`${code}&iss=https://evil.example`)).toBe(
      `issuer_mismatch: the answer in the browser says that it comes from 'https://evil.example'; expected was ${issuer}`,
    );
  });
});

test.each([
  ['access_denied', 'consent_denied', 4],
  ['temporarily_unavailable', 'provider_unavailable', 6],
  ['server_error', 'provider_unavailable', 6],
  ['unauthorized_client', 'app_rejected', 5],
  ['invalid_scope', 'scope_missing', 4],
  ['invalid_request', 'provider_refused', 5],
  ['constructor', 'provider_refused', 5],
])('error=%s ends the attempt as %s', (error, code, exit) => {
  const query = `error=${error}&error_description=said+by%1B%5B31m+it&state=the-state`;
  const verdict = judgeCallback(parseCallback(query), attempt, makeProvider());
  if (verdict.kind !== 'ended') throw new Error(verdict.kind);
  expect(verdict.error).toBeInstanceOf(CliError);
  expect(verdict.error).toMatchObject({ code, exit });
  expect(verdict.error.message).toContain(`(${error}: said by [31m it)`);
  expect(verdict.error.hint).toMatch(/^oauthctl /);
});

describe('for any query', () => {
  const word = fc.string({ unit: 'grapheme', maxLength: 12 });

  test('what a form encodes is read back', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(
          fc.tuple(
            word.filter((name) => name !== ''),
            word,
          ),
          { selector: ([name]) => name },
        ),
        (pairs) => {
          const { values, repeated } = parseCallback(new URLSearchParams(pairs).toString());
          expect([...values]).toEqual(pairs);
          expect(repeated.size).toBe(0);
        },
      ),
    );
  });

  test('reading never fails, and no text without the state is a code', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary-ascii' }), fc.string({ unit: 'grapheme' })),
        fc.constantFrom('', 'code=x&', 'error=y&', 'state=%'),
        (query, before) => {
          const verdict = judgeCallback(parseCallback(before + query), attempt, makeProvider());
          expect(verdict.kind).toBe('stray');
        },
      ),
    );
  });

  test('a member that comes twice is told, wherever it stands', () => {
    fc.assert(
      fc.property(fc.constantFrom('state', 'code', 'error', 'iss'), fc.array(word), (name, others) => {
        const rest = others.map((other) => `x=${encodeURIComponent(other)}`);
        const query = [`${name}=1`, ...rest, `${name}=1`, 'state=the-state'].join('&');
        expect(judge(query)).toMatch(/^stray: "\w+" came more than once$/);
      }),
    );
  });
});

test.each([
  ['http://127.0.0.1:4000/callback/acme?code=a&state=b', 'code=a&state=b'],
  ['  <http://127.0.0.1:4000/callback/acme?code=a&state=b>\n', 'code=a&state=b'],
  ['"http://127.0.0.1:4000/callback/acme?code=a&state=b#_=_"', 'code=a&state=b'],
  ['http://127.0.0.1:4000/callback/acme?code=a&st\n  ate=b', 'code=a&state=b'],
  ['?code=a&state=b', 'code=a&state=b'],
  ['code=a&state=b', 'code=a&state=b'],
  ['https://me.example/cb?x=http://a?b', 'x=http://a?b'],
])('pasted: %j', (pasted, query) => {
  expect(queryIn(pasted)).toBe(query);
});
