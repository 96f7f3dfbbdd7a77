// `key reset`: nothing is deleted, nothing under way is cut off, and the tree is new afterwards.
import { describe, expect, test } from 'vitest';
import { expectError } from './expect-error.ts';
import { acme, contentOf, gmail, save, underLock } from './store-contract.ts';
import { dataFolder, fileOf, plugTree, treeWithRecord } from './tree.ts';

describe('key reset', () => {
  test('moves key.json and everything sealed aside, and lists what was in it', async () => {
    const { world, tree } = await treeWithRecord();
    await save(tree.store, acme);
    await save(tree.store, { kind: 'apps', name: 'gmail' });
    world.files.set(`${dataFolder}/connections/gmail (copy).json`, 'x');
    const before = world.files.get(fileOf(acme));
    const { kid } = await tree.keyring.key();
    world.keychain.items.clear();

    const fresh = plugTree(world.another());
    const { movedTo, connections, apps } = await fresh.keyring.reset();
    expect(movedTo).toBe(`${dataFolder}/reset-20261125T100000Z`);
    expect(connections).toEqual(['gmail (copy).json', 'gmail', 'slack:acme']);
    expect(apps).toEqual(['gmail']);
    expect(world.files.paths(movedTo).map((path) => path.slice(movedTo.length))).toEqual([
      '/apps/gmail.json',
      '/connections/gmail (copy).json',
      '/connections/gmail.json',
      '/connections/slack%3Aacme.json',
      '/key.json',
    ]);
    expect(world.files.get(`${movedTo}/connections/slack%3Aacme.json`)).toBe(before);

    const key = await fresh.keyring.key();
    expect(key.kid).not.toBe(kid);
    expect(await fresh.store.names('connections')).toEqual([]);
    expect(await save(fresh.store, gmail)).toBe(1);
  });

  test('works where key.json itself is gone, damaged or newer', async () => {
    for (const text of [undefined, 'damaged', '{"version":3}']) {
      const { world } = await treeWithRecord();
      world.files.entries.delete(`${dataFolder}/key.json`);
      if (text !== undefined) world.files.set(`${dataFolder}/key.json`, text);
      const tree = plugTree(world.another());
      const { movedTo, connections } = await tree.keyring.reset();
      expect(connections).toEqual(['gmail']);
      expect(world.files.get(`${movedTo}/key.json`)).toBe(text);
      await tree.keyring.key();
    }
  });

  test('keeps the keychain item: if the key turns out to be there, the records can still be opened', async () => {
    const { world, tree } = await treeWithRecord();
    const items = [...world.keychain.items];
    await tree.keyring.reset();
    expect([...world.keychain.items]).toEqual(items);
  });

  test('makes the same process ask for its key anew', async () => {
    const { tree } = await treeWithRecord();
    const before = await tree.keyring.key();
    await tree.keyring.reset();
    expect((await tree.keyring.key()).kid).not.toBe(before.kid);
  });

  test('after a first run that was cut short at its very end does not bring the old key back', async () => {
    const { world, tree } = await treeWithRecord();
    const { kid } = await tree.keyring.key();
    const { check: _, ...draft } = JSON.parse(world.files.get(`${dataFolder}/key.json`) ?? '');
    world.files.set(`${dataFolder}/key.draft.json`, JSON.stringify(draft));
    await tree.keyring.reset();
    expect((await plugTree(world).keyring.key()).kid).not.toBe(kid);
  });

  test('twice in one second uses two folders', async () => {
    const { world } = await treeWithRecord();
    const first = await plugTree(world).keyring.reset();
    await save(plugTree(world).store, gmail);
    const second = await plugTree(world).keyring.reset();
    expect(second.movedTo).toBe(`${first.movedTo}-2`);
    expect(world.files.paths(first.movedTo)).toHaveLength(2);
  });

  test('waits for a refresh under way', async () => {
    const { world, tree } = await treeWithRecord();
    const busy = plugTree(world.another()).store;
    let saved = false;
    const refreshing = underLock(busy, gmail, async (lock) => {
      await world.system.clock.sleep(5_000);
      await busy.write(gmail, contentOf(gmail, 'newer-'), lock, 1);
      saved = true;
    });
    await world.system.clock.sleep(1_000);
    const { movedTo } = await tree.keyring.reset();
    expect(saved).toBe(true);
    await refreshing;
    expect(JSON.parse(world.files.get(`${movedTo}/connections/gmail.json`) ?? '').generation).toBe(2);
  });

  test('that is cut short can be run again', async () => {
    const { world, tree } = await treeWithRecord();
    await save(tree.store, acme);
    world.files.faults.push({ kind: 'full', method: 'rename', path: /slack/ });
    await expectError('store_unavailable', () => tree.keyring.reset());
    world.files.faults.length = 0;
    const { connections } = await tree.keyring.reset();
    expect(connections).toEqual(['slack:acme']);
    expect(world.files.get(`${dataFolder}/key.json`)).toBeUndefined();
  });
});
