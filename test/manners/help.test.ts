// How help speaks: one line per thing, without a capital or a full stop, short enough for a terminal; and its examples work.
import { expect, test } from 'vitest';
import { commands } from '../../src/commands/generated-index.ts';
import { globalOptions } from '../../src/model/global-options.ts';
import { parseArguments } from '../../src/program.ts';
import { shellWords } from '../cli/transcript.ts';
import { createWorld } from '../support/world.ts';

const definitions = commands.map(({ definition }) => definition);
const options = [...globalOptions, ...definitions.flatMap((definition) => definition.options)];
const lines = [
  ...definitions.map(({ summary }) => summary),
  ...definitions.flatMap((definition) => definition.arguments.map(({ says }) => says)),
  ...options.map(({ says }) => says),
];

test('lines start in lower case, where they do not start with a name', () => {
  expect(lines.filter((line) => /^[A-Z][a-z]/.test(line))).toEqual([]);
});

test('lines have no full stop', () => {
  expect(lines.filter((line) => line.endsWith('.'))).toEqual([]);
});

test('lines have 72 characters at most', () => {
  expect(lines.filter((line) => line.length > 72)).toEqual([]);
});

test('placeholders are in capitals', () => {
  expect(options.map(({ value }) => value ?? 'X').filter((value) => value !== value.toUpperCase())).toEqual([]);
});

test('every command has an example, and every example is understood', () => {
  const { env } = createWorld().system;
  const runnable = commands.filter(({ load }) => load !== undefined).map(({ definition }) => definition);
  expect(runnable.filter(({ examples }) => examples.length === 0).map(({ path }) => path)).toEqual([]);
  for (const { examples } of runnable)
    for (const example of examples) {
      // Of a longer line of shell, the part that is ours.
      const [, ours = ''] = /(oauthctl [^|<>)]*)/.exec(example) ?? [];
      const request = parseArguments(shellWords(ours).slice(1), commands, env, '');
      expect({ example, kind: request.kind }).toEqual({ example, kind: 'run' });
    }
});
