// Foreign text cannot steer a terminal, break a column or reorder a line.
import { expect, test } from 'vitest';
import { harmless, harmlessJson, harmlessLines } from '../../src/ui/harmless.ts';

test.each([
  ['an escape sequence', 'a\u001B[2J\u001B]0;title\u0007b', 'a[2J]0;titleb'],
  ['the eight-bit one', 'a\u009B31mb', 'a31mb'],
  ['a line that pretends to be another', 'a\r\nerror: b', 'a error: b'],
  ['tabs, which would be another column', 'a\tb', 'a b'],
  ['bidirectional overrides and isolates', 'a\u202Egpj.exe\u2066\u2069\u200F\u061C', 'agpj.exe'],
  ['a backspace and a NUL', 'a\b\u0000b', 'ab'],
  ['line and paragraph separators', 'a\u2028b\u2029c', 'a b c'],
  ['half a surrogate pair', 'a\uD800b', 'ab'],
  ['nothing: letters of any script, and joined emoji', 'Zoë 名前 👩‍💻 می‌خواهم', 'Zoë 名前 👩‍💻 می‌خواهم'],
])('%s', (_, foreign, shown) => {
  expect(harmless(foreign)).toBe(shown);
});

test('several lines stay lines', () => {
  expect(harmlessLines('a\u001B\nb\n')).toBe('a\nb\n');
});

test('JSON keeps the value and loses the effect', () => {
  const value = { name: 'a\u009B\u202E\u2028\u007F\uD800\u001B' };
  const json = harmlessJson(JSON.stringify(value));
  expect(json).toMatch(/^[\x20-\x7e]+$/);
  expect(JSON.parse(json)).toEqual(value);
});
