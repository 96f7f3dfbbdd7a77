// The store `keychain-items`: the contract of all stores at every size of item, where things rest, and which store a tree has.
import { describe, expect, test } from 'vitest';
import type { RecordContent, Store } from '../../src/model/store.ts';
import { createWorld } from '../support/world.ts';
import { expectError } from './expect-error.ts';
import { editRecord, newer, opened, plugItems, recordItems, worldWithItems } from './items-in-world.ts';
import { acme, contentOf, gmail, save, storeContract, underLock } from './store-contract.ts';
import { dataFolder, fileOf, plugTree } from './tree.ts';

const limits = [512, 2_560, 100_000];

for (const largest of limits) {
  storeContract(`keychain-items of ${largest} bytes`, () => {
    const world = createWorld();
    world.keychain.largestItem = largest;
    return {
      store: plugItems(world).store,
      another: () => plugItems(world.another()).store,
      damage: (ref) => editRecord(world, ref, (text) => text.slice(0, -20)),
      age: (ref) => editRecord(world, ref, (text) => text.replace('"version": 2', '"version": 3')),
      swap: (one, other) => editRecord(world, other, () => world.files.get(fileOf(one)) ?? ''),
      everything: () =>
        [
          ...world.files
            .paths(dataFolder)
            .filter((path) => !path.includes('/locks/'))
            .map((path) => `${path}\n${world.files.get(path)}`),
          ...[...world.keychain.items]
            .filter(([account]) => account.startsWith('record/'))
            .map((item) => item.join('\n')),
        ].join('\n'),
    };
  });
}

const longContent = (length: number): RecordContent => ({
  ...contentOf(gmail),
  secrets: { token: 'x'.repeat(length) },
});

describe('where records rest', () => {
  test.each(limits)('a record larger than an item, at a limit of %d bytes', async (largest) => {
    const { world, store } = await worldWithItems(largest);
    const content = longContent(2.5 * largest);
    await save(store, gmail, 1, content);
    expect(await opened(plugItems(world.another()).store)).toEqual(content.secrets);
    const lengths = recordItems(world).map((account) => world.keychain.items.get(account)?.length ?? 0);
    expect(Math.max(...lengths)).toBe(largest);
    expect(lengths.filter((length) => length === largest).length).toBeGreaterThan(2);
    expect((await store.read(gmail))?.generation).toBe(2);
  });

  test('the file holds what is clear and points; no sealed part is in it, no clear fact in the items', async () => {
    const { world } = await worldWithItems();
    const file = JSON.parse(world.files.get(fileOf(gmail)) ?? '');
    expect(Object.keys(file)).toEqual(['version', 'kind', 'name', 'generation', 'binding', 'facts', 'sealed_in']);
    expect(file).toMatchObject({ version: 2, sealed_in: { store: 'keychain-items', parts: 1 } });
    expect(recordItems(world)).toEqual([`record/connections/gmail#1/${file.sealed_in.id}/1`]);
    expect([...world.keychain.items.values()].join()).not.toContain('account');
  });

  test('two trees with records of one name never meet', async () => {
    const { world, store } = await worldWithItems();
    const other = plugItems(world.another(), { dataFolder: '/home/ben/oauthctl' }).store;
    await save(other, gmail, 0, newer);
    await save(other, gmail, 1, newer);
    expect(await opened(store)).toEqual(contentOf(gmail).secrets);
    await underLock(other, gmail, (lock) => other.remove(gmail, lock));
    expect(await opened(store)).toEqual(contentOf(gmail).secrets);
  });

  test('list and names ask no keychain', async () => {
    const { world } = await worldWithItems();
    world.keychain.failure = 'locked';
    const calls = world.keychain.calls.length;
    const { store } = plugItems(world.another());
    expect(await store.list('connections')).toMatchObject([{ ok: true, record: { store: 'keychain-items' } }]);
    expect(await store.names('connections')).toEqual(['gmail']);
    expect(world.keychain.calls).toHaveLength(calls);
  });

  test('a record of before or after a migration is read wherever it rests', async () => {
    const world = createWorld();
    await save(plugTree(world).store, gmail);
    await save(plugTree(world).store, acme);
    // What a migration that was killed leaves.
    world.files.set(`${dataFolder}/store.json`, '{"version":1,"store":"keychain-items","moving_from":"files"}');
    const { store } = plugTree(world.another());
    await save(store, gmail, 1, newer);
    const listed = await store.list('connections');
    expect(listed.map((one) => one.ok && one.record.store)).toEqual(['keychain-items', 'files']);
    expect(await opened(store)).toEqual(newer.secrets);
    expect(await (await store.read(acme))?.open()).toEqual(contentOf(acme).secrets);
  });

  test('whoever read the record may still open it while it is refreshed, and is told when it was changed more often', async () => {
    const { store } = await worldWithItems();
    const read = await store.read(gmail);
    await save(store, gmail, 1, newer);
    await save(store, gmail, 2, newer);
    expect(await read?.open()).toEqual(contentOf(gmail).secrets);
    await save(store, gmail, 3, newer);
    const error = await expectError('store_unavailable', () => read?.open());
    expect(error.message).toContain('changed by another process');
  });

  test('items do not pile up', async () => {
    const { world, store } = await worldWithItems();
    for (let generation = 1; generation < 9; generation++) await save(store, gmail, generation);
    expect(recordItems(world)).toHaveLength(3);
    await underLock(store, gmail, (lock) => store.remove(gmail, lock));
    expect(recordItems(world)).toEqual([]);
    expect(world.files.paths(`${dataFolder}/items`)).toEqual([]);
  });

  test('the probe stores an item as large as they get, and removes it', async () => {
    const { world, store } = await worldWithItems(512);
    await store.probe();
    expect(recordItems(world)).toHaveLength(1);
    world.keychain.faults.push({ kind: 'emptied', call: /^get record\/probe/ });
    await expectError('store_unavailable', () => store.probe());
    world.keychain.failure = 'locked';
    await expectError('key_locked', () => store.probe());
  });
});

describe('which store a tree writes to', () => {
  const sits = async (store: Store) => (await store.read(gmail))?.store;

  test('is chosen when it is new, and kept', async () => {
    const { world } = await worldWithItems();
    const { store } = plugTree(world.another());
    await save(store, gmail, 1);
    expect(await sits(store)).toBe('keychain-items');
    expect(await store.describe()).toMatchObject({ store: 'keychain-items', movingFrom: null });
  });

  test.each(['files', 'keychain-items'] as const)(
    'is %s, and another one that is asked for is refused',
    async (own) => {
      const world = createWorld();
      await save(plugTree(world, { store: own }).store, gmail);
      const other = own === 'files' ? 'keychain-items' : 'files';
      const { store } = plugTree(world.another(), { store: other });
      for (const act of [() => save(store, gmail, 1), () => store.probe()]) {
        const error = await expectError('invalid_value', act);
        expect(error.message).toContain(`--store: ${other}`);
        expect(error.hint).toContain(`oauthctl store migrate --to ${other}`);
      }
      expect(await sits(store)).toBe(own);
      expect(await store.describe()).toMatchObject({ store: own });
      expect(await opened(store)).toEqual(contentOf(gmail).secrets);
    },
  );

  test('a tree with records and without a note is one of before: files', async () => {
    const world = createWorld();
    await save(plugTree(world).store, gmail);
    expect(world.files.get(`${dataFolder}/store.json`)).toBeUndefined();
    await expectError('invalid_value', () => save(plugItems(world.another()).store, gmail, 1));
  });

  test.each([
    ['{', 'record_unreadable'],
    ['{"version":1,"store":"paper","moving_from":null}', 'record_unreadable'],
    ['{"version":2}', 'record_too_new'],
  ] as const)('a note that says %s is %s, and reading goes on', async (text, code) => {
    const { world, store } = await worldWithItems();
    world.files.set(`${dataFolder}/store.json`, text);
    const error = await expectError(code, () => save(store, gmail, 1));
    expect(error.message).toContain('store.json');
    expect(await opened(store)).toEqual(contentOf(gmail).secrets);
  });
});
