// A program that prints the seal key: how its words are split, how long it may take, and what is told when it fails.
import { describe, expect, test } from 'vitest';
import { commandWords } from '../../src/model/command-words.ts';
import type { Spawned } from '../../src/model/ports.ts';
import { createWorld } from '../support/world.ts';
import { expectError } from './expect-error.ts';
import { dataFolder, plugTree } from './tree.ts';

const key = Buffer.alloc(32, 3).toString('base64');
const prints =
  (output: string, exit = 0) =>
  (): Spawned => ({ kind: 'ended', exit, output });
const command = (words: string) => ({ explicit: { type: 'command', command: words } }) as const;

describe('the words of a command', () => {
  test.each([
    ['pass show oauthctl', ['pass', 'show', 'oauthctl']],
    ["  op read 'op://Private/the key/password' ", ['op', 'read', 'op://Private/the key/password']],
    ['a "b c" d\\ e', ['a', 'b c', 'd e']],
    ['"say \\"hello\\"" \\\\', ['say "hello"', '\\']],
    ["'it'\"'\"'s' ''", ["it's", '']],
    ['C:\\tools\\pass.exe show', ['C:\\tools\\pass.exe', 'show']],
    ['echo $KEY `id` | cat; *', ['echo', '$KEY', '`id`', '|', 'cat;', '*']],
  ])('%s', (text, words) => {
    expect(commandWords(text)).toEqual(words);
  });

  test.each(['', '   ', "pass 'show", 'pass "show', "''"])('%j are none', (text) => {
    expect(commandWords(text)).toBeUndefined();
  });
});

describe('a program that prints the key', () => {
  test('is run without a shell, and its key seals a new tree', async () => {
    const world = createWorld();
    world.program = prints(`${key}\n`);
    const made = await plugTree(world, command('vault kv get "-field=oauthctl key"')).keyring.key();
    expect(made.bytes.reveal()).toBe(key);
    expect(world.spawned.map(({ argv }) => argv)).toEqual([['vault', 'kv', 'get', '-field=oauthctl key']]);
    expect(JSON.parse(world.files.get(`${dataFolder}/key.json`) ?? '')).toMatchObject({
      version: 2,
      source: { type: 'command', command: 'vault kv get "-field=oauthctl key"' },
    });
    const later = world.another();
    later.program = prints(key);
    expect((await plugTree(later).keyring.key()).bytes.reveal()).toBe(key);
  });

  test('has 10 s where nobody is, and 60 s where somebody can answer its dialog', async () => {
    for (const terminal of [false, true]) {
      const world = createWorld({ terminal });
      world.program = prints(key);
      await plugTree(world, command('pass')).keyring.key();
      expect(world.spawned[0]?.timeoutMs).toBe(terminal ? 60_000 : 10_000);
    }
  });

  test.each<[string, () => Spawned, RegExp]>([
    ['that is not there', () => ({ kind: 'not_started', why: 'ENOENT' }), /'pass' could not be started \(ENOENT\)/],
    ['that fails', prints('secret words', 3), /'pass' ended with exit 3/],
    ['that was killed', () => ({ kind: 'killed', signal: 'SIGSEGV' }), /'pass' was ended by SIGSEGV/],
    ['that hangs', () => ({ kind: 'timed_out' }), /'pass' did not answer within 10 s/],
    ['that never stops', () => ({ kind: 'too_long' }), /'pass' prints more than any key is long/],
    ['that prints something else', prints('secret words'), /what 'pass' prints does not hold a seal key/],
    ['that prints nothing', prints('\n'), /'pass' printed no seal key/],
  ])('%s: key_unavailable, with its first word only and never its output', async (_, program, words) => {
    const world = createWorld();
    world.program = program;
    const error = await expectError('key_unavailable', () =>
      plugTree(world, command('pass show work/key')).keyring.key(),
    );
    expect(error.message).toMatch(words);
    expect(`${error.message} ${error.hint}`).not.toMatch(/secret words|work\/key/);
    expect(error.hint).toBeDefined();
    expect(world.files.get(`${dataFolder}/key.json`)).toBeUndefined();
  });

  test('that prints another key than the tree’s is key_mismatch', async () => {
    const world = createWorld();
    world.program = prints(key);
    await plugTree(world, command('pass')).keyring.key();
    world.program = prints(Buffer.alloc(32, 4).toString('base64'));
    await expectError('key_mismatch', () => plugTree(world).keyring.key());
  });
});
