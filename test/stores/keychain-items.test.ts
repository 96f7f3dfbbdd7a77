// The store `keychain-items`: the contract of all stores at every size of item, and what only it can get wrong.
import { describe, expect, test } from 'vitest';
import type { KeychainFailure } from '../../src/model/ports.ts';
import type { RecordContent, RecordRef, Store } from '../../src/model/store.ts';
import { createWorld, type World } from '../support/world.ts';
import { expectError } from './expect-error.ts';
import { acme, contentOf, gmail, save, storeContract, underLock } from './store-contract.ts';
import { dataFolder, fileOf, plugTree, type TreeOptions } from './tree.ts';

const plug = (world: World, options: TreeOptions = {}) => plugTree(world, { store: 'keychain-items', ...options });

const edit = (world: World, ref: RecordRef, change: (text: string) => string) =>
  world.files.set(fileOf(ref), change(world.files.get(fileOf(ref)) ?? ''));

const limits = [512, 2_560, 100_000];
/** At which the record of these tests has two parts. */
const small = 256;

for (const largest of limits) {
  storeContract(`keychain-items of ${largest} bytes`, () => {
    const world = createWorld();
    world.keychain.largestItem = largest;
    return {
      store: plug(world).store,
      another: () => plug(world.another()).store,
      damage: (ref) => edit(world, ref, (text) => text.slice(0, -20)),
      age: (ref) => edit(world, ref, (text) => text.replace('"version": 2', '"version": 3')),
      swap: (one, other) => edit(world, other, () => world.files.get(fileOf(one)) ?? ''),
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

/** A world with one record of generation 1. */
async function worldWithRecord(largest = 100_000): Promise<{ world: World; store: Store }> {
  const world = createWorld();
  world.keychain.largestItem = largest;
  const { store } = plug(world);
  await save(store, gmail);
  return { world, store };
}

const recordItems = (world: World) =>
  [...world.keychain.items.keys()].filter((account) => account.startsWith('record/'));
const opened = async (store: Store) => (await store.read(gmail))?.open();
const longContent = (length: number): RecordContent => ({
  ...contentOf(gmail),
  secrets: { token: 'x'.repeat(length) },
});
const newer = contentOf(gmail, 'newer-');

describe('where records rest', () => {
  test.each(limits)('a record larger than an item, at a limit of %d bytes', async (largest) => {
    const { world, store } = await worldWithRecord(largest);
    const content = longContent(2.5 * largest);
    await save(store, gmail, 1, content);
    expect(await opened(plug(world.another()).store)).toEqual(content.secrets);
    const lengths = recordItems(world).map((account) => world.keychain.items.get(account)?.length ?? 0);
    expect(Math.max(...lengths)).toBe(largest);
    expect(lengths.filter((length) => length === largest).length).toBeGreaterThan(2);
    expect((await store.read(gmail))?.generation).toBe(2);
  });

  test('the file holds what is clear and points; no sealed part is in it, no clear fact in the items', async () => {
    const { world } = await worldWithRecord();
    const file = JSON.parse(world.files.get(fileOf(gmail)) ?? '');
    expect(Object.keys(file)).toEqual(['version', 'kind', 'name', 'generation', 'binding', 'facts', 'sealed_in']);
    expect(file).toMatchObject({ version: 2, sealed_in: { store: 'keychain-items', parts: 1 } });
    expect(recordItems(world)).toEqual([`record/connections/gmail#1/${file.sealed_in.id}/1`]);
    expect([...world.keychain.items.values()].join()).not.toContain('account');
  });

  test('two trees with records of one name never meet', async () => {
    const { world, store } = await worldWithRecord();
    const other = plug(world.another(), { dataFolder: '/home/ben/oauthctl' }).store;
    await save(other, gmail, 0, newer);
    await save(other, gmail, 1, newer);
    expect(await opened(store)).toEqual(contentOf(gmail).secrets);
    await underLock(other, gmail, (lock) => other.remove(gmail, lock));
    expect(await opened(store)).toEqual(contentOf(gmail).secrets);
  });

  test('list and names ask no keychain', async () => {
    const { world } = await worldWithRecord();
    world.keychain.failure = 'locked';
    const calls = world.keychain.calls.length;
    const { store } = plug(world.another());
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
    const { store } = await worldWithRecord();
    const read = await store.read(gmail);
    await save(store, gmail, 1, newer);
    await save(store, gmail, 2, newer);
    expect(await read?.open()).toEqual(contentOf(gmail).secrets);
    await save(store, gmail, 3, newer);
    const error = await expectError('store_unavailable', () => read?.open());
    expect(error.message).toContain('changed by another process');
  });

  test('items do not pile up', async () => {
    const { world, store } = await worldWithRecord();
    for (let generation = 1; generation < 9; generation++) await save(store, gmail, generation);
    expect(recordItems(world)).toHaveLength(3);
    await underLock(store, gmail, (lock) => store.remove(gmail, lock));
    expect(recordItems(world)).toEqual([]);
    expect(world.files.paths(`${dataFolder}/items`)).toEqual([]);
  });

  test('the probe stores an item as large as they get, and removes it', async () => {
    const { world, store } = await worldWithRecord(512);
    await store.probe();
    expect(recordItems(world)).toHaveLength(1);
    world.keychain.faults.push({ kind: 'emptied', call: /^get record\/probe/ });
    await expectError('store_unavailable', () => store.probe());
    world.keychain.failure = 'locked';
    await expectError('key_locked', () => store.probe());
  });
});

describe('a keychain that gives back something else', () => {
  const first = (world: World) => recordItems(world)[0] ?? '';
  const second = (world: World) => recordItems(world)[1] ?? '';
  const damages: [string, (world: World) => unknown, string][] = [
    ['nothing', (world) => world.keychain.items.delete(second(world)), 'part 2 of'],
    ['an empty item', (world) => world.keychain.items.set(first(world), ''), 'part 1 of'],
    [
      'another part',
      ({ keychain, ...world }) => {
        const [one, other] = [first({ keychain, ...world }), second({ keychain, ...world })];
        keychain.items.set(one, keychain.items.get(other) ?? '');
      },
      'not what was stored',
    ],
    [
      'a part that was changed',
      (world) => world.keychain.items.set(first(world), 'y'.repeat(small)),
      'not what was stored',
    ],
  ];

  test.each(damages)('%s: unreadable, never absent, and never taken for content', async (_, damage, words) => {
    const { world, store } = await worldWithRecord(small);
    damage(world);
    const error = await expectError('record_unreadable', () => opened(store));
    expect(error.message).toContain(words);
    expect(error.message).toContain('Secret Service');
    expect(error.hint).toContain('oauthctl revoke gmail --local-only');
    // Its facts are there all the same, and forgetting it works.
    expect(await store.list('connections')).toMatchObject([{ ok: true }]);
    expect(await underLock(store, gmail, (lock) => store.remove(gmail, lock))).toBe(true);
    expect(recordItems(world)).toEqual([]);
  });

  test('items of an older generation under the newer pointer do not open', async () => {
    const { world, store } = await worldWithRecord();
    const [old = ''] = recordItems(world);
    await save(store, gmail, 1, newer);
    const [, young = ''] = recordItems(world);
    world.keychain.items.set(young, world.keychain.items.get(old) ?? '');
    await expectError('record_unreadable', () => opened(store));
  });

  test.each<[KeychainFailure, string]>([
    ['locked', 'key_locked'],
    ['timed_out', 'key_locked'],
    ['unavailable', 'store_unavailable'],
    ['not_responding', 'store_unavailable'],
    ['no_default_collection', 'store_unavailable'],
    ['ambiguous', 'store_unavailable'],
    ['failed', 'store_unavailable'],
  ])('%s is %s: it is not known what is there', async (kind, code) => {
    const { world, store } = await worldWithRecord();
    world.keychain.faults.push({ kind, call: /record\// });
    const error = await expectError(code as 'key_locked', () => opened(store));
    expect(error.message).toContain('nothing was stored anywhere else');
    expect(error.hint).toBeDefined();
    world.keychain.faults.length = 0;
    expect(await opened(store)).toEqual(contentOf(gmail).secrets);
  });

  test('one that is unlocked while the call waits is waited for, and says so', async () => {
    const { world } = await worldWithRecord();
    let waits = 0;
    const { store } = plug(world.another(), { onWaiting: () => waits++ });
    world.keychain.faults.push({ kind: 'late', call: /record\// });
    expect(await opened(store)).toEqual(contentOf(gmail).secrets);
    expect(waits).toBe(1);
  });
});

describe('a keychain that fails in the middle', () => {
  const kinds = [
    'locked',
    'timed_out',
    'unavailable',
    'not_responding',
    'failed',
    'too_large',
    'kept',
    'emptied',
    'killed',
  ] as const;

  test.each(kinds)(
    '%s at any call of a write: the old record or the new one, whole, and the next write is well',
    async (kind) => {
      for (let nth = 1; ; nth++) {
        const { world, store } = await worldWithRecord(small);
        await save(store, gmail, 1);
        const calls = world.keychain.calls.length;
        world.keychain.faults.push({ kind, nth, call: /record\// });
        const process = kind === 'killed' ? world.another() : world;
        const outcome = await settled(world, save(plug(process).store, gmail, 2, newer));
        const reached = world.keychain.calls.slice(calls).filter((call) => call.includes('record/')).length >= nth;
        world.keychain.faults.length = 0;
        const after = plug(world.another()).store;
        const generation = (await after.read(gmail))?.generation ?? 0;
        // Once it is in the new place the record counts: what fails after that is the tidying.
        if (outcome === 'done') expect(generation).toBe(3);
        expect(await opened(after)).toEqual((generation === 3 ? newer : contentOf(gmail)).secrets);
        await save(after, gmail, generation, newer);
        expect(await opened(after)).toEqual(newer.secrets);
        expect(await after.findOrphans()).toEqual([]);
        if (!reached) break;
        expect(nth).toBeLessThan(100);
      }
    },
  );

  test('killed at any call to the disk', async () => {
    for (const after of [false, true]) {
      for (let nth = 1; ; nth++) {
        const { world } = await worldWithRecord(small);
        const before = world.files.faults.push({ kind: 'killed', nth, after });
        const outcome = await settled(world, save(plug(world.another()).store, gmail, 1, newer));
        world.files.faults.length = before - 1;
        const next = plug(world.another()).store;
        const generation = (await next.read(gmail))?.generation ?? 0;
        expect(await opened(next)).toEqual((generation === 2 ? newer : contentOf(gmail)).secrets);
        await next.removeOrphans();
        expect(await next.findOrphans()).toEqual([]);
        expect(recordItems(world)).toHaveLength(2 * generation);
        if (outcome === 'done') break;
        expect(nth).toBeLessThan(100);
      }
    }
  });

  test('a failed write stores nothing in a file, and asks no more of a keychain that does not answer', async () => {
    const { world, store } = await worldWithRecord(small);
    world.keychain.faults.push({ kind: 'timed_out', call: /record\// });
    const [before, calls] = [world.files.get(fileOf(gmail)), world.keychain.calls.length];
    await expectError('key_locked', () => save(store, gmail, 1, newer));
    expect(world.files.get(fileOf(gmail))).toBe(before);
    expect(world.keychain.calls.slice(calls).filter((call) => call.includes('record/'))).toHaveLength(1);
  });
});

/** `dead`: the process was killed and its call never returns. */
async function settled(world: World, work: Promise<unknown>): Promise<'done' | 'failed' | 'dead'> {
  const end = work.then(
    () => 'done' as const,
    () => 'failed' as const,
  );
  return Promise.race([end, world.system.clock.sleep(60_000).then(() => 'dead' as const)]);
}

describe('items that no record needs', () => {
  async function worldWithOrphans() {
    const { world, store } = await worldWithRecord();
    world.keychain.faults.push({ kind: 'killed', nth: 2, call: /record\// });
    await settled(world, save(plug(world.another()).store, gmail, 1, newer));
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
    edit(world, gmail, (text) => (how === 'damaged' ? text.slice(9) : text.replace('"version": 2', '"version": 3')));
    expect(await store.findOrphans()).toEqual([]);
    expect(await store.removeOrphans()).toMatchObject({ removed: 0, left: 0 });
    expect(recordItems(world)).toHaveLength(2);
  });

  test('forgetting a record needs no keychain: the file goes, the items are said to be left, and repaired later', async () => {
    const { world } = await worldWithRecord();
    world.keychain.failure = 'locked';
    const { store, warnings } = plug(world.another());
    expect(await underLock(store, gmail, (lock) => store.remove(gmail, lock))).toBe(true);
    expect(await store.read(gmail)).toBeUndefined();
    expect(warnings).toEqual([
      expect.stringMatching(/an item of 'gmail' could not be removed .* locked.*doctor --repair/),
    ]);
    world.keychain.failure = undefined;
    expect(await store.findOrphans()).toEqual([{ ref: gmail, items: 1 }]);
    expect(await store.removeOrphans()).toMatchObject({ removed: 1 });
    expect(recordItems(world)).toEqual([]);
  });

  test('a removal that is killed at any call leaves items that are found, never half a record', async () => {
    for (let nth = 1; ; nth++) {
      const { world, store } = await worldWithRecord(small);
      world.keychain.faults.push({ kind: 'killed', nth, call: /record\// });
      const dying = plug(world.another()).store;
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
    const { world, store } = await worldWithRecord();
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
    const { world } = await worldWithRecord();
    const { keyring, store } = plug(world.another());
    const { movedTo } = await keyring.reset();
    expect(await store.findOrphans()).toEqual([]);
    expect(world.files.paths(`${movedTo}/items`)).toEqual([`${movedTo}/items/connections/gmail.json`]);
  });
});

describe('which store a tree writes to', () => {
  const sits = async (store: Store) => (await store.read(gmail))?.store;

  test('is chosen when it is new, and kept', async () => {
    const { world } = await worldWithRecord();
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
      for (const act of [() => save(store, gmail, 1), () => store.probe(), () => store.describe()]) {
        const error = await expectError('invalid_value', act);
        expect(error.message).toContain(`--store: ${other}`);
        expect(error.hint).toContain(`oauthctl store migrate --to ${other}`);
      }
      expect(await sits(store)).toBe(own);
      expect(await opened(store)).toEqual(contentOf(gmail).secrets);
    },
  );

  test('a tree with records and without a note is one of before: files', async () => {
    const world = createWorld();
    await save(plugTree(world).store, gmail);
    expect(world.files.get(`${dataFolder}/store.json`)).toBeUndefined();
    await expectError('invalid_value', () => save(plug(world.another()).store, gmail, 1));
  });

  test.each([
    ['{', 'record_unreadable'],
    ['{"version":1,"store":"paper","moving_from":null}', 'record_unreadable'],
    ['{"version":2}', 'record_too_new'],
  ] as const)('a note that says %s is %s, and reading goes on', async (text, code) => {
    const { world, store } = await worldWithRecord();
    world.files.set(`${dataFolder}/store.json`, text);
    const error = await expectError(code, () => save(store, gmail, 1));
    expect(error.message).toContain('store.json');
    expect(await opened(store)).toEqual(contentOf(gmail).secrets);
  });
});
