// From arguments to a command and its input.
import { expect, test } from 'vitest';
import { commands } from '../../src/commands/generated-index.ts';
import { loneCommand } from '../../src/context/lone-command.ts';
import { CliError } from '../../src/errors.ts';
import type { Env } from '../../src/model/ports.ts';
import { parseArguments } from '../../src/program.ts';

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

test('a command alone is understood without the parser, and just the same', () => {
  for (const { definition } of commands) {
    for (const word of [definition.path.join(' '), ...(definition.aliases ?? [])]) {
      const lone = loneCommand([word], commands, env);
      const request = parse(word);
      if (lone?.kind !== 'run' || request.kind !== 'run') expect([word, lone]).toEqual([word, undefined]);
      else {
        expect([word, lone.entry, lone.flags]).toEqual([word, request.entry, request.flags]);
        const given = Object.values(request.input.options).filter((value) => value !== undefined && value !== false);
        expect(given).toEqual([]);
      }
    }
  }
  expect(loneCommand(['list', '--json'], commands, env)).toBeUndefined();
  expect(loneCommand([], commands, env)).toBeUndefined();
});

test('OAUTHCTL_NO_INPUT is --no-input', () => {
  const inCi = { ...env, get: (name: string) => (name === 'OAUTHCTL_NO_INPUT' ? '1' : undefined) };
  const request = parseArguments(['list'], commands, inCi, '');
  expect(request).toMatchObject({ kind: 'run', flags: { noInput: true } });
});
