// The first run of a tree: one key is made, whatever number of processes ask and whoever is killed on the way.
import { describe, expect, test } from 'vitest';
import { Secret } from '../../src/model/secret.ts';
import { createWorld } from '../support/world.ts';
import { expectError } from './expect-error.ts';
import { dataFolder, plugTree } from './tree.ts';

const keyFile = `${dataFolder}/key.json`;
const record = `${dataFolder}/connections/gmail.json`;
const otherKey = Buffer.alloc(32, 5).toString('base64');

describe('the first run', () => {
  test('puts 32 bytes into the keychain, and only then writes key.json', async () => {
    const world = createWorld();
    const key = await plugTree(world).keyring.key();
    expect(key.kid).toMatch(/^[0-9a-f]{32}$/);
    expect(Buffer.from(key.bytes.reveal(), 'base64')).toHaveLength(32);
    expect([...world.keychain.items]).toEqual([[`seal-key/${key.kid}`, key.bytes.reveal()]]);
    expect(world.keychain.calls).toEqual(['get', 'set', 'get'].map((call) => `${call} seal-key/${key.kid}`));
    const file = JSON.parse(world.files.get(keyFile) ?? '');
    expect(file).toEqual({
      version: 1,
      tree: expect.stringMatching(/^[0-9a-f]{32}$/),
      kid: key.kid,
      source: { type: 'keychain' },
      created_at: '2026-11-25T10:00:00Z',
      host: 'fake-host',
      check: expect.stringMatching(/^[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/),
    });
    expect(world.files.get(keyFile)).not.toContain(key.bytes.reveal());
    expect(world.files.paths(dataFolder).filter((path) => !path.includes('/locks/'))).toEqual([keyFile]);
  });

  test('is not run again: the next process finds the same key with one question', async () => {
    const world = createWorld();
    const first = await plugTree(world).keyring.key();
    world.keychain.calls.length = 0;
    const other = plugTree(world.another()).keyring;
    expect((await other.key()).bytes.reveal()).toBe(first.bytes.reveal());
    await other.key();
    await other.fingerprint('gmail', new Secret('t'));
    expect(world.keychain.calls).toEqual([`get seal-key/${first.kid}`]);
  });

  test('of twenty processes at once makes one key', async () => {
    const world = createWorld();
    const processes = [world, ...Array.from({ length: 19 }, () => world.another())];
    const keys = await Promise.all(processes.map((one) => plugTree(one).keyring.key()));
    expect(new Set(keys.map((key) => key.bytes.reveal())).size).toBe(1);
    expect(world.keychain.items.size).toBe(1);
  });

  test('that is killed at any step leaves a tree in which the next run makes or finds its key', async () => {
    for (let nth = 1; ; nth++) {
      for (const after of [false, true]) {
        const world = createWorld();
        const dying = world.another();
        world.files.faults.push({ kind: 'killed', nth, after });
        const first = await Promise.race([
          plugTree(dying).keyring.key(),
          world.system.clock.sleep(3_600_000).then(() => undefined),
        ]);
        world.files.faults.length = 0;
        const next = await plugTree(world).keyring.key();
        expect(world.keychain.items.size, `killed at change ${nth}, after: ${after}`).toBe(1);
        expect(await plugTree(world.another()).keyring.key()).toEqual(next);
        if (first !== undefined && !after) return;
      }
    }
  });

  test('replaces the empty item that a killed keychain daemon left', async () => {
    const world = createWorld();
    world.keychain.failure = 'not_responding';
    await expectError('key_unavailable', () => plugTree(world).keyring.key());
    const draft = JSON.parse(world.files.get(`${dataFolder}/key.draft.json`) ?? '');
    world.keychain.failure = undefined;
    world.keychain.items.set(`seal-key/${draft.kid}`, '');
    const key = await plugTree(world).keyring.key();
    expect(key.kid).toBe(draft.kid);
    expect([...world.keychain.items]).toEqual([[`seal-key/${draft.kid}`, key.bytes.reveal()]]);
  });

  test('takes the key of a write that was rejected and stored all the same', async () => {
    const world = createWorld();
    world.keychain.failure = 'not_responding';
    await expectError('key_unavailable', () => plugTree(world).keyring.key());
    const draft = JSON.parse(world.files.get(`${dataFolder}/key.draft.json`) ?? '');
    world.keychain.failure = undefined;
    world.keychain.items.set(`seal-key/${draft.kid}`, otherKey);
    expect((await plugTree(world).keyring.key()).bytes.reveal()).toBe(otherKey);
  });

  test('stops when the keychain does not give back what it took', async () => {
    const world = createWorld();
    const { keychain } = world.system;
    const lying = { ...keychain, get: async () => ({ ok: true as const, value: undefined }) };
    const tree = plugTree({ ...world, system: { ...world.system, keychain: lying } });
    await expectError('key_unavailable', () => tree.keyring.key());
    expect(world.files.get(keyFile)).toBeUndefined();
  });

  test('with another choice of source forgets the draft', async () => {
    const world = createWorld({ env: { OAUTHCTL_KEY: otherKey } });
    world.keychain.failure = 'unavailable';
    await expectError('key_unavailable', () => plugTree(world).keyring.key());
    const draft = JSON.parse(world.files.get(`${dataFolder}/key.draft.json`) ?? '');
    const key = await plugTree(world, { explicit: { type: 'env' } }).keyring.key();
    expect(key.kid).not.toBe(draft.kid);
    expect(JSON.parse(world.files.get(keyFile) ?? '').source).toEqual({ type: 'env' });
  });

  test('beside sealed files without key.json is refused: they would be lost', async () => {
    for (const file of [record, `${dataFolder}/apps/gmail.json`, `${dataFolder}/connections/gmail (copy).JSON`]) {
      const world = createWorld();
      world.files.set(file, '{}');
      const error = await expectError('key_missing', () => plugTree(world).keyring.key());
      expect(error.hint).toContain('oauthctl key reset');
      expect(world.keychain.items.size).toBe(0);
      expect(world.files.get(keyFile)).toBeUndefined();
    }
  });
});
