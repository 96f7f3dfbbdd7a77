// The words of a command that was named in one text.
import { expect, it } from 'vitest';
import { commandWords } from '../../src/model/command-words.ts';

it.each([
  ['gh secret set NAME', ['gh', 'secret', 'set', 'NAME']],
  ['  pass   show oauth/key  ', ['pass', 'show', 'oauth/key']],
  [`op read 'op://My Vault/key'`, ['op', 'read', 'op://My Vault/key']],
  [`a "b c" d"e f"g''`, ['a', 'b c', 'de fg']],
  [`a "say \\"hi\\" \\\\"`, ['a', 'say "hi" \\']],
  ['a b\\ c', ['a', 'b c']],
  [`a '' ""`, ['a', '', '']],
  ['C:\\Tools\\gh.exe a', ['C:\\Tools\\gh.exe', 'a']],
  [`'C:\\Program Files\\gh.exe' a`, ['C:\\Program Files\\gh.exe', 'a']],
  ['a $HOME * ; rm | b > c', ['a', '$HOME', '*', ';', 'rm', '|', 'b', '>', 'c']],
  ['a\tb\nc', ['a', 'b', 'c']],
])('%s', (text, words) => {
  expect(commandWords(text)).toEqual(words);
});

it.each(['', '   ', "a 'b", 'a "b', `'' a`, 'a b"', `"a\\"`])('no words: %s', (text) => {
  expect(commandWords(text)).toBeUndefined();
});
