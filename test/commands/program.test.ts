// From arguments to a command and its input.
import { describe, expect, test } from 'vitest';
import { commands } from '../../src/commands/generated-index.ts';
import { CliError } from '../../src/errors.ts';
import type { Env } from '../../src/model/ports.ts';
import { parseArguments } from '../../src/program.ts';
import { commandHelp, groupHelp } from '../../src/ui/help.ts';

const env: Env = { get: () => undefined, platform: 'linux', homeFolder: '/', workingFolder: '/' };
const parse = (line: string) => parseArguments(line.split(' '), commands, env, 'oauthctl 1.2.3');

function parsed(line: string) {
  const request = parse(line);
  if (request.kind !== 'run') throw new Error(`${line} does not run: ${JSON.stringify(request)}`);
  return request;
}

function refusal(line: string) {
  const request = parse(line);
  if (request.kind !== 'refused' || !(request.error instanceof CliError)) throw new Error(`${line} is not refused`);
  return { command: request.command, code: request.error.code, exit: request.error.exit };
}

test('arguments, options and flags, wherever they stand', () => {
  const { entry, input, flags } = parsed(
    '--json connect gmail:work --scope a -s b --no-browser --wait 5m --sandbox -q',
  );
  expect(entry.definition.path).toEqual(['connect']);
  expect(input.arguments).toEqual({ 'PROVIDER[:LABEL]': 'gmail:work' });
  expect(input.options).toMatchObject({ scope: ['a', 'b'], noBrowser: true, wait: 300, device: undefined });
  expect(flags).toMatchObject({ json: true, sandbox: true, quiet: true, verbose: false, dataDir: undefined });
});

test('what was not typed is not there', () => {
  const { input, flags } = parsed('connect gmail');
  expect(Object.values(input.options).filter((value) => value !== undefined && value !== false)).toEqual([]);
  expect(Object.values(flags).filter((value) => value !== undefined && value !== false)).toEqual([]);
});

test('an alias is the command itself', () => {
  expect(parsed('check gmail acme').entry.definition.path).toEqual(['status']);
  expect(parsed('check gmail acme').input.arguments).toEqual({ CONNECTION: ['gmail', 'acme'] });
});

test('a value may be left out where the definition says so', () => {
  expect(parsed('status --watch').input.options.watch).toBe(true);
  expect(parsed('status --watch 10').input.options.watch).toBe(10);
  expect(parsed('status').input.options.watch).toBeUndefined();
});

test('after the first --, nothing is a flag', () => {
  expect(parsed('check -- --all --').input).toMatchObject({
    arguments: { CONNECTION: ['--all', '--'] },
    options: { all: undefined },
  });
});

test('spans of time in any unit, and nothing else', () => {
  expect(parsed('status --warn 36h').input.options.warn).toBe(129_600);
  expect(parsed('list --timeout 3').flags.timeoutSeconds).toBe(3);
  expect(refusal('list --timeout -3')).toMatchObject({ command: 'list', exit: 2 });
  expect(refusal('list --timeout 1.5')).toMatchObject({ code: 'invalid_value' });
});

test.each([
  ['connct', null, 'usage'],
  ['app', undefined, undefined],
  ['app sett gmail', 'app', 'usage'],
  ['list --jsn', 'list', 'usage'],
  ['list extra', 'list', 'usage'],
  ['connect', 'connect', 'usage'],
  ['token gmail --format', 'token', 'usage'],
  ['token gmail --format xml', 'token', 'invalid_value'],
  ['refresh --concurrency many', 'refresh', 'invalid_value'],
])('%s', (line, command, code) => {
  if (code === undefined) expect(parse(line)).toMatchObject({ kind: 'print' });
  else expect(refusal(line)).toEqual({ command, code, exit: 2 });
});

test('OAUTHCTL_NO_INPUT is --no-input', () => {
  const inCi = { ...env, get: (name: string) => (name === 'OAUTHCTL_NO_INPUT' ? '1' : undefined) };
  const request = parseArguments(['list'], commands, inCi, '');
  expect(request).toMatchObject({ kind: 'run', flags: { noInput: true } });
});

describe('help', () => {
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
    expect(refusal('lst --help')).toMatchObject({ code: 'usage' });
    expect(parse('help connect')).toMatchObject({
      kind: 'print',
      text: expect.stringContaining('usage: oauthctl connect'),
    });
    expect(parse('--version')).toEqual({ kind: 'print', text: 'oauthctl 1.2.3\n' });
  });
});
