// What a person pastes at the end of a sign-in, as terminals and chat programs leave it.
import { describe, expect, test } from 'vitest';
import type { Attempt } from '../../src/oauth/attempt.ts';
import { judgeCallback } from '../../src/oauth/callback.ts';
import { pasteWords, readPasted } from '../../src/oauth/flows/pasted.ts';
import { makeProvider } from './rig.ts';

const code: Attempt = {
  state: 'the-state',
  stateIn: 'query',
  gives: 'code',
  verifier: null,
  nonce: null,
  redirectUri: 'http://127.0.0.1:4000/callback/acme',
  scopes: [],
};
const token: Attempt = { ...code, stateIn: 'path', gives: 'token', redirectUri: 'http://localhost:4000/cb/the-state' };
const printedCode: Attempt = { ...code, stateIn: 'printed', redirectUri: null };
const printedToken: Attempt = { ...printedCode, gives: 'token' };

const read = (pasted: string, attempt: Attempt) => {
  const { path, values } = readPasted(pasted, attempt);
  return [path, Object.fromEntries(values)];
};

const address = 'http://127.0.0.1:4000/callback/acme';

test.each([
  [`${address}?code=a&state=b`, address, { code: 'a', state: 'b' }],
  [`  <${address}?code=a&state=b>\n`, address, { code: 'a', state: 'b' }],
  [`"${address}?code=a&state=b#_=_"`, address, { code: 'a', state: 'b' }],
  [`${address}?code=a&st\n  ate=b`, address, { code: 'a', state: 'b' }],
  ['?code=a&state=b', '', { code: 'a', state: 'b' }],
  ['code=a&state=b', '', { code: 'a', state: 'b' }],
  ['https://me.example/cb?x=http://a?b', 'https://me.example/cb', { x: 'http://a?b' }],
  ['just-a-code', '', {}],
])('where a code comes: %j', (pasted, path, values) => {
  expect(read(pasted, code)).toEqual([path, values]);
});

test.each([
  ['http://localhost:4000/cb/the-state#token=a', 'http://localhost:4000/cb/the-state', { token: 'a' }],
  ['localhost:4000/cb/the-state#token=a', 'localhost:4000/cb/the-state', { token: 'a' }],
  ['http://localhost:4000/cb/the-state?x=1#token=a', 'http://localhost:4000/cb/the-state', { token: 'a' }],
  ['http://localhost:4000/cb/the-state?error=b', 'http://localhost:4000/cb/the-state', { error: 'b' }],
  ['#token=a', '', { token: 'a' }],
  ['just-a-token', '', {}],
])('where a token comes: %j', (pasted, path, values) => {
  expect(read(pasted, token)).toEqual([path, values]);
});

describe('where a page prints it', () => {
  test.each([
    ['4/0Aab:c+d==', { code: '4/0Aab:c+d==' }],
    [' "abc\ndef" ', { code: 'abcdef' }],
    ['code=abc', { code: 'abc' }],
    ['https://acme.example/done?code=abc&state=x', { code: 'abc', state: 'x' }],
    ['error=access_denied', { error: 'access_denied' }],
    ['https://acme.example/done', {}],
  ])('a code: %j', (pasted, values) => {
    expect(read(pasted, printedCode)[1]).toEqual(values);
  });

  test.each([
    ['ATTA0123', { token: 'ATTA0123' }],
    ['token=ATTA0123', { token: 'ATTA0123' }],
    ['https://acme.example/#token=ATTA0123', { token: 'ATTA0123' }],
    ['https://acme.example/#access_token=ATTA0123', { access_token: 'ATTA0123' }],
    ['https://acme.example/?code=abc', { code: 'abc' }],
  ])('a token: %j', (pasted, values) => {
    expect(read(pasted, printedToken)[1]).toEqual(values);
  });
});

test('half of a surrogate pair, as a broken clipboard leaves it, is no code and no crash', () => {
  for (const attempt of [printedCode, printedToken]) {
    const verdict = judgeCallback(readPasted('abc\ud800def', attempt), attempt, makeProvider());
    expect(verdict).toEqual({ kind: 'stray', why: expect.stringContaining('characters that no') });
  }
});

test('what to paste is said, and said again', () => {
  expect(pasteWords(code, 'Acme').ask).toContain(`begins with ${address} `);
  expect(pasteWords(code, 'Acme').again).toContain('after the "?"');
  expect(pasteWords(token, 'Acme').again).toContain('after the "#"');
  expect(pasteWords(printedCode, 'Acme').ask).toBe(
    'At the end Acme shows a code. Copy it and paste it here (it is not shown):',
  );
  expect(pasteWords(printedToken, 'Acme').again).toBe('Paste the token as the page of Acme shows it.');
});
