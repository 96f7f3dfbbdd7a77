// Help as a reader meets it: one style, no line too long, examples that work.
import { expect, test } from 'vitest';
import { commands } from '../../src/commands/generated-index.ts';
import type { Env } from '../../src/model/ports.ts';
import { parseArguments } from '../../src/program.ts';
import { commandHelp, groupHelp } from '../../src/ui/help.ts';

const env: Env = { get: () => undefined, platform: 'linux', homeFolder: '/', workingFolder: '/' };
const parse = (line: string) => parseArguments(line.split(' '), commands, env, 'oauthctl 1.2.3');
const definitions = commands.map(({ definition }) => definition);
const pages = commands.map(({ definition, load }) => {
  const { path } = definition;
  return [path.join(' '), load === undefined ? groupHelp(path, definitions) : commandHelp(definition)] as const;
});

test.each([['oauthctl', groupHelp([], definitions)] as const, ...pages])('%s fits 80 columns', (_, page) => {
  // An example is one command, which cannot be broken.
  const lines = page.split('\n').filter((line) => !/^ {2}(oauthctl|curl|source) /.test(line));
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});

test.each(definitions.map((definition) => [definition.path.join(' '), definition] as const))(
  '%s: words in one style, examples that parse',
  (_, { summary, options, arguments: takes, examples }) => {
    for (const words of [summary, ...options.map(({ says }) => says), ...takes.map(({ says }) => says)]) {
      expect(words).toMatch(/^(?!the the)[^A-Z].*[^.\s]$|^PKCE|^[A-Z]{2}/);
    }
    for (const { value } of options.filter((option) => option.value !== undefined)) {
      expect(value).toMatch(/^[A-Z][A-Z=]*$/);
    }
    for (const example of examples.filter((line) => line.startsWith('oauthctl ') && !/[|<>]/.test(line))) {
      expect(parse(example.slice('oauthctl '.length))).toMatchObject({ kind: 'run' });
    }
  },
);

test('of what does not exist names what does', () => {
  expect(parse('lst --help')).toMatchObject({ kind: 'refused', error: { code: 'usage' } });
  expect(parse('help connect')).toMatchObject({
    kind: 'print',
    text: expect.stringContaining('usage: oauthctl connect'),
  });
  expect(parse('--version')).toEqual({ kind: 'print', text: 'oauthctl 1.2.3\n' });
});
