// Keychain items that no record needs: found without the keychain, removed, and never taken for what is needed.
import { expect, test } from 'vitest';
import { expectError } from './expect-error.ts';
import { editRecord, newer, opened, plugItems, recordItems, settled, small, worldWithItems } from './items-in-world.ts';
import { contentOf, gmail, save, underLock } from './store-contract.ts';
import { dataFolder } from './tree.ts';

async function worldWithOrphans() {
  const { world, store } = await worldWithItems();
  world.keychain.faults.push({ kind: 'killed', nth: 2, call: /record\// });
  await settled(world, save(plugItems(world.another()).store, gmail, 1, newer));
  world.keychain.faults.length = 0;
  return { world, store };
}

test('are found without the keychain, and removed; what the record needs stays', async () => {
  const { world, store } = await worldWithOrphans();
  expect(recordItems(world)).toHaveLength(2);
  const calls = world.keychain.calls.length;
  expect(await store.findOrphans()).toEqual([{ ref: gmail, items: 1 }]);
  expect(world.keychain.calls).toHaveLength(calls);
  expect(await store.removeOrphans()).toEqual({ removed: 1, left: 0, why: null });
  expect(recordItems(world)).toHaveLength(1);
  expect(await opened(store)).toEqual(contentOf(gmail).secrets);
  expect(await store.removeOrphans()).toEqual({ removed: 0, left: 0, why: null });
});

test('stay known while the keychain is locked', async () => {
  const { world, store } = await worldWithOrphans();
  world.keychain.failure = 'locked';
  expect(await store.removeOrphans()).toEqual({ removed: 0, left: 1, why: expect.stringContaining('locked') });
  world.keychain.failure = undefined;
  expect(await store.removeOrphans()).toMatchObject({ removed: 1, left: 0 });
});

test('what a process is at work on is none', async () => {
  const { store } = await worldWithOrphans();
  await underLock(store, gmail, async () => {
    expect(await store.findOrphans()).toEqual([]);
    expect(await store.removeOrphans()).toMatchObject({ removed: 0 });
  });
  expect(await store.findOrphans()).toHaveLength(1);
});

test.each(['damaged', 'of a newer version'])('a record that is %s may need everything', async (how) => {
  const { world, store } = await worldWithOrphans();
  editRecord(world, gmail, (text) =>
    how === 'damaged' ? text.slice(9) : text.replace('"version": 2', '"version": 3'),
  );
  expect(await store.findOrphans()).toEqual([]);
  expect(await store.removeOrphans()).toMatchObject({ removed: 0, left: 0 });
  expect(recordItems(world)).toHaveLength(2);
});

test('forgetting a record needs no keychain: the file goes, the items are said to be left, and repaired later', async () => {
  const { world } = await worldWithItems();
  world.keychain.failure = 'locked';
  const { store, warnings } = plugItems(world.another());
  expect(await underLock(store, gmail, (lock) => store.remove(gmail, lock))).toBe(true);
  expect(await store.read(gmail)).toBeUndefined();
  expect(warnings).toEqual([
    expect.stringMatching(/'gmail': an item is left in the keychain: .* is locked; .*doctor --repair/),
  ]);
  world.keychain.failure = undefined;
  expect(await store.findOrphans()).toEqual([{ ref: gmail, items: 1 }]);
  expect(await store.removeOrphans()).toMatchObject({ removed: 1 });
  expect(recordItems(world)).toEqual([]);
});

test('a removal that is killed at any call leaves items that are found, never half a record', async () => {
  for (let nth = 1; ; nth++) {
    const { world, store } = await worldWithItems(small);
    world.keychain.faults.push({ kind: 'killed', nth, call: /record\// });
    const dying = plugItems(world.another()).store;
    const outcome = await settled(
      world,
      underLock(dying, gmail, (lock) => dying.remove(gmail, lock)),
    );
    world.keychain.faults.length = 0;
    expect(await store.read(gmail)).toBeUndefined();
    await store.removeOrphans();
    expect(recordItems(world)).toEqual([]);
    if (outcome === 'done') break;
  }
});

test('a ledger that is damaged stops the write, names the file, and is left as it is', async () => {
  const { world, store } = await worldWithItems();
  const ledger = `${dataFolder}/items/connections/gmail.json`;
  for (const text of ['{', '{"version":1,"items":[{}]}', '{"version":2,"items":[]}']) {
    world.files.set(ledger, text);
    const error = await expectError('record_unreadable', () => save(store, gmail, 1, newer));
    expect(error.message).toContain(ledger);
    expect(world.files.get(ledger)).toBe(text);
    expect(await opened(store)).toEqual(contentOf(gmail).secrets);
  }
});

test('what `key reset` moved aside keeps its items', async () => {
  const { world } = await worldWithItems();
  const { keyring, store } = plugItems(world.another());
  const { movedTo } = await keyring.reset();
  expect(await store.findOrphans()).toEqual([]);
  expect(world.files.paths(`${movedTo}/items`)).toEqual([`${movedTo}/items/connections/gmail.json`]);
});
