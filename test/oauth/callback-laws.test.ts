// What holds for any answer that a browser, or a person who pastes, may bring: which are taken, and what is said of the rest.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CliError } from '../../src/errors.ts';
import type { Attempt } from '../../src/oauth/attempt.ts';
import { pathOf } from '../../src/oauth/attempt.ts';
import { judgeCallback, parseCallback, type Verdict } from '../../src/oauth/callback.ts';
import { readPasted } from '../../src/oauth/flows/pasted.ts';
import { issuer, makeProvider } from './rig.ts';

const state = 'the-state-of-this-attempt';
const secret = 'SECRET-code-4711';
const query: Attempt = {
  state,
  stateIn: 'query',
  gives: 'code',
  verifier: null,
  nonce: null,
  redirectUri: 'http://127.0.0.1:4000/callback/acme',
  scopes: [],
};
const path: Attempt = { ...query, stateIn: 'path', gives: 'token', redirectUri: `http://localhost:4000/cb/${state}` };

const word = fc.oneof(
  fc.string({ unit: 'grapheme-ascii', maxLength: 12 }),
  fc.constantFrom('', state, `${state} `, state.toUpperCase(), state.slice(1), '__proto__', issuer, `${issuer}/`),
);
const name = fc.constantFrom(
  'state',
  'code',
  'token',
  'access_token',
  'error',
  'iss',
  'error_description',
  'x',
  'State',
);
const pairs = fc.array(
  fc.tuple(name, fc.oneof({ weight: 2, arbitrary: word }, { weight: 1, arbitrary: fc.constantFrom(state, secret) })),
  { maxLength: 7 },
);
const spelled = (all: readonly (readonly [string, string])[]) =>
  all.map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join('&');
const rule = fc.constantFrom('required', 'if_present', 'never');
const all = (members: readonly (readonly [string, string])[], wanted: string) =>
  members.filter(([key]) => key === wanted).map(([, value]) => value);

const wordsOf = (verdict: Verdict) =>
  verdict.kind === 'stray'
    ? verdict.why
    : verdict.kind === 'ended'
      ? `${verdict.error.message} ${verdict.error.hint}`
      : '';

test('a code is taken with exactly one state, the right one, one code, no error, and the right iss where it counts', () => {
  fc.assert(
    fc.property(pairs, rule, (members, iss) => {
      const verdict = judgeCallback(parseCallback(spelled(members)), query, makeProvider({ iss }));
      const [states, codes, errors, issuers] = ['state', 'code', 'error', 'iss'].map((key) => all(members, key));
      const single = ['state', 'code', 'token', 'access_token', 'error', 'iss'].every(
        (key) => all(members, key).length < 2,
      );
      const issFits = iss === 'never' || issuers?.[0] === issuer || (iss === 'if_present' && issuers?.length === 0);
      const good = single && states?.[0] === state && errors?.length === 0 && (codes?.[0] ?? '') !== '' && issFits;
      expect(verdict.kind === 'code').toBe(good);
      if (verdict.kind === 'code') expect(verdict.code.reveal()).toBe(codes?.[0]);
      // Nothing ends the attempt but an answer to it.
      if (verdict.kind === 'ended') expect(states).toEqual([state]);
    }),
    { numRuns: 800 },
  );
});

test('a token is taken at the address of this attempt only, whatever state it carries', () => {
  const place = fc.constantFrom(pathOf(path), `${pathOf(path)}/`, '/cb', '/cb/', `/cb/${state.toUpperCase()}`, '');
  fc.assert(
    fc.property(pairs, place, (members, at) => {
      const verdict = judgeCallback(parseCallback(spelled(members), at), path, makeProvider({ iss: 'never' }));
      if (at !== pathOf(path)) expect(verdict.kind).toBe('stray');
      if (verdict.kind === 'token') expect(all(members, 'error')).toEqual([]);
    }),
    { numRuns: 800 },
  );
});

test('what is said of an answer never holds its code or its token', () => {
  const others = pairs.map((members) => members.filter(([, value]) => value !== secret));
  const holder = fc.constantFrom('code', 'token', 'access_token');
  fc.assert(
    fc.property(others, holder, fc.nat({ max: 7 }), rule, (members, key, at, iss) => {
      const withSecret = [...members.slice(0, at), [key, secret] as const, ...members.slice(at)];
      for (const attempt of [query, path]) {
        const verdict = judgeCallback(parseCallback(spelled(withSecret), pathOf(path)), attempt, makeProvider({ iss }));
        expect(wordsOf(verdict)).not.toContain(secret);
      }
    }),
    { numRuns: 800 },
  );
});

test('whatever is pasted, nothing is thrown, and nothing without the state is taken', () => {
  const around = fc.constantFrom('', ' ', '<', '"', '\n', `${query.redirectUri}?`, 'http://x/#', '?');
  const text = fc.oneof(fc.string({ unit: 'binary-ascii' }), pairs.map(spelled));
  fc.assert(
    fc.property(around, text, around, (before, pasted, after) => {
      const whole = `${before}${pasted}${after}`;
      for (const attempt of [query, path]) {
        const verdict = judgeCallback(readPasted(whole, attempt), attempt, makeProvider());
        if (!decodes(whole).includes(state)) expect(verdict.kind).toBe('stray');
        if (verdict.kind === 'ended') expect(verdict.error).toBeInstanceOf(CliError);
      }
    }),
    { numRuns: 400 },
  );
});

/** As tolerant as the reader: escapes that are none stay, and white space within is the terminal's. */
function decodes(text: string): string {
  return text
    .replace(/\s+/g, '')
    .replace(/%([0-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
