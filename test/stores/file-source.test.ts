// The seal key in a file: who may read it, and where it is never made.
import { describe, expect, test } from 'vitest';
import { Secret } from '../../src/model/secret.ts';
import type { KeySourceChoice } from '../../src/model/store.ts';
import { fileSource } from '../../src/stores/key-sources/file-source.ts';
import { createWorld } from '../support/world.ts';
import { expectError } from './expect-error.ts';
import { dataFolder, plugTree } from './tree.ts';

const text = Buffer.from('an example seal key of 32 bytes!').toString('base64');
const keyPath = '/run/keys/oauthctl';
const file: KeySourceChoice = { type: 'file', path: keyPath };

describe('file', () => {
  test('a new tree makes a missing one, 0600', async () => {
    const world = createWorld();
    world.files.set('/run/keys/other', '');
    const key = await plugTree(world, { explicit: file }).keyring.key();
    expect(world.files.get(keyPath)).toBe(`${key.bytes.reveal()}\n`);
    expect(world.files.entries.get(keyPath)?.mode).toBe(0o600);
    expect((await plugTree(world.another()).keyring.key()).bytes.reveal()).toBe(key.bytes.reveal());
  });

  test('a new tree takes one that is there, and leaves it as it is', async () => {
    const world = createWorld();
    world.files.set(keyPath, text);
    expect((await plugTree(world, { explicit: file }).keyring.key()).bytes.reveal()).toBe(text);
    expect(world.files.get(keyPath)).toBe(text);
  });

  test('everyone’s to read is told, group access is not', async () => {
    const world = createWorld();
    world.files.set(keyPath, text, { mode: 0o644 });
    const first = plugTree(world, { explicit: file });
    await first.keyring.key();
    const second = plugTree(world.another());
    await second.keyring.key();
    expect(first.warnings).toEqual([expect.stringContaining(keyPath)]);
    expect(second.warnings).toEqual(first.warnings);
    world.files.set(keyPath, text, { mode: 0o640 });
    const third = plugTree(world.another());
    await third.keyring.key();
    expect(third.warnings).toEqual([]);
  });

  test('is not made beside the data it opens', async () => {
    for (const path of [`${dataFolder}/key`, `${dataFolder}/keys/../deep/key`, `${dataFolder.toUpperCase()}/key`]) {
      const world = createWorld();
      const error = await expectError('key_unavailable', () =>
        plugTree(world, { explicit: { type: 'file', path } }).keyring.key(),
      );
      expect(error.hint).toContain('--key file:');
      expect(world.files.get(path)).toBeUndefined();
      expect(world.files.get(`${dataFolder}/key.json`)).toBeUndefined();
    }
  });

  test('one that lies there already is taken, and the sandbox may make one', async () => {
    const path = `${dataFolder}/seal.key`;
    const sandbox = createWorld();
    await plugTree(sandbox, { fallback: { type: 'file', path }, mayCreateBeside: true }).keyring.key();
    expect(sandbox.files.get(path)).toBeDefined();
    const own = createWorld();
    own.files.set(path, text);
    expect((await plugTree(own, { explicit: { type: 'file', path } }).keyring.key()).bytes.reveal()).toBe(text);
    // Somebody else who can write there may have put key and key.json there: so each later call says so.
    const later = plugTree(own.another());
    await later.keyring.key();
    expect(later.warnings).toEqual([expect.stringContaining(`${path} lies in the data folder`)]);
    const again = plugTree(sandbox.another(), { mayCreateBeside: true });
    await again.keyring.key();
    expect(again.warnings).toEqual([]);
  });

  test('a folder beside the data folder with a longer name is not inside it', async () => {
    const world = createWorld();
    world.files.set(`${dataFolder}-keys/other`, '');
    await plugTree(world, { explicit: { type: 'file', path: `${dataFolder}-keys/key` } }).keyring.key();
    expect(world.files.get(`${dataFolder}-keys/key`)).toBeDefined();
  });

  test('is never made again beside sealed records', async () => {
    const world = createWorld();
    world.files.set('/run/keys/other', '');
    await plugTree(world, { explicit: file }).keyring.key();
    world.files.set(`${dataFolder}/connections/gmail.json`, '{}');
    world.files.entries.delete(keyPath);
    const error = await expectError('key_missing', () => plugTree(world).keyring.key());
    expect(error.message).toContain(keyPath);
    expect(world.files.get(keyPath)).toBeUndefined();
  });

  test.each(['denied', 'foreign_owner', 'other'] as const)(
    'that cannot be read (%s) is unavailable, not absent',
    async (kind) => {
      const world = createWorld();
      world.files.faults.push({ kind, method: 'readNamed' });
      const error = await expectError('key_unavailable', () => plugTree(world, { explicit: file }).keyring.key());
      expect(error.message).toContain(keyPath);
      expect(world.files.get(keyPath)).toBeUndefined();
    },
  );

  test('that does not hold what was written is unavailable', async () => {
    const world = createWorld();
    world.files.set('/run/keys/other', '');
    const forgetful = { ...world.system.files, createOwn: async () => true };
    await expectError('key_unavailable', () => fileSource(forgetful, keyPath).create('k1', new Secret(text)));
  });

  test('that cannot be made is unavailable', async () => {
    const world = createWorld();
    await expectError('key_unavailable', () => plugTree(world, { explicit: file }).keyring.key());
    expect(world.files.get(`${dataFolder}/key.json`)).toBeUndefined();
  });
});
