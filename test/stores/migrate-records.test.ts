// Moving every record to the other store: all or nothing, whatever fails; resumable, whenever it is killed.
import { describe, expect, test } from 'vitest';
import type { RecordRef, Store, StoreName } from '../../src/model/store.ts';
import { createWorld, type World } from '../support/world.ts';
import { expectError } from './expect-error.ts';
import { editRecord, newer, opened, recordItems, settled, small } from './items-in-world.ts';
import { acme, contentOf, gmail, save, underLock } from './store-contract.ts';
import { dataFolder, fileOf, plugTree } from './tree.ts';

const app: RecordRef = { kind: 'apps', name: 'gmail' };
const refs = [gmail, acme, app];
const stores: readonly StoreName[] = ['files', 'keychain-items'];
const otherThan = (store: StoreName): StoreName => (store === 'files' ? 'keychain-items' : 'files');

/** Three records in that store, and a new process. */
async function worldWith(own: StoreName): Promise<{ world: World; store: Store; before: string }> {
  const world = createWorld();
  world.keychain.largestItem = small;
  const { store } = plugTree(world, { store: own });
  for (const ref of refs) await save(store, ref);
  return { world, store: plugTree(world.another()).store, before: everything(world) };
}

/** Every file but the locks, and every item. */
function everything(world: World): string {
  const files = world.files.paths(dataFolder).filter((path) => !path.includes('/locks/'));
  const lines = [...files.map((path) => `${path}\n${world.files.get(path)}`), ...[...world.keychain.items].map(String)];
  return lines.sort().join('\n');
}

async function storesOf(store: Store): Promise<(StoreName | undefined)[]> {
  return Promise.all(refs.map(async (ref) => (await store.read(ref))?.store));
}

async function allOpen(store: Store): Promise<void> {
  for (const ref of refs) expect(await opened(store, ref)).toEqual(contentOf(ref).secrets);
}

describe.each(stores)('from %s', (own) => {
  const to = otherThan(own);

  test('every record moves as it is, and what is written next goes there too', async () => {
    const { world, store } = await worldWith(own);
    const told: string[] = [];
    const read = await store.read(gmail);
    const migration = await store.migrate(to, { onMoved: ({ name }) => void told.push(name) });
    expect(migration).toEqual({ from: own, moved: refs });
    expect(told).toEqual(['gmail', 'slack:acme', 'gmail']);
    // Whoever read a record before can open it, wherever its sealed part is now.
    expect(await read?.open()).toEqual(contentOf(gmail).secrets);
    const after = plugTree(world.another()).store;
    expect(await storesOf(after)).toEqual([to, to, to]);
    await allOpen(after);
    expect(await after.describe()).toMatchObject({ store: to, movingFrom: null });
    expect(await after.findOrphans()).toEqual([]);
    expect(recordItems(world)).toHaveLength(to === 'files' ? 0 : 6);
    // Whoever read a record before may write it: it is of the same generation.
    await save(after, gmail, 1, newer);
    expect((await after.read(gmail))?.store).toBe(to);
  });

  test('there and back leaves what was there', async () => {
    const { world, store, before } = await worldWith(own);
    await store.migrate(to, {});
    await store.migrate(own, {});
    const seals = (text: string) => text.replace(/[0-9a-f]{32}/g, '');
    const [was, is] = [before, everything(world)].map((text) => seals(text).split('\n').sort());
    expect(is).toEqual(was);
  });

  test('again: nothing is to be moved', async () => {
    const { world, store } = await worldWith(own);
    await store.migrate(to, {});
    const before = everything(world);
    expect(await store.migrate(to, {})).toEqual({ from: to, moved: [] });
    expect(everything(world)).toBe(before);
  });

  test('a record that cannot be read stops it before anything changes', async () => {
    const { world, store } = await worldWith(own);
    editRecord(world, acme, (text) => text.slice(9));
    const before = everything(world);
    const error = await expectError('record_unreadable', () => store.migrate(to, {}));
    expect(error.message).toContain('slack%3Aacme.json');
    expect(everything(world)).toBe(before);
  });

  test('a record that does not open stops it, and the others go back', async () => {
    const { world, store } = await worldWith(own);
    editRecord(world, acme, (text) => text.replace('"account": "slack:acme"', '"account": "slack:evil"'));
    const before = everything(world);
    const error = await expectError('record_unreadable', () => store.migrate(to, {}));
    expect(error.message).toMatch(/edited.*; every record is where it was$/);
    expect(everything(world)).toBe(before);
  });

  test.each(['locked', 'timed_out', 'unavailable', 'not_responding', 'kept', 'emptied', 'too_large'] as const)(
    'the keychain is %s at any call: everything has moved, or nothing has',
    async (kind) => {
      for (let nth = 1; ; nth++) {
        const { world, store } = await worldWith(own);
        world.keychain.faults.push({ kind, nth, call: /record\// });
        const outcome = await settled(world, store.migrate(to, {}));
        world.keychain.faults.length = 0;
        await expectWhole(world, outcome === 'done' ? to : own);
        if (outcome === 'done' && world.keychain.calls.filter((call) => call.includes('record/')).length < nth + 6)
          break;
        expect(nth).toBeLessThan(100);
      }
    },
  );

  test.each(['full', 'denied'] as const)(
    'the disk is %s at any call: everything has moved, or nothing has',
    async (kind) => {
      for (let nth = 1; ; nth++) {
        const { world, store } = await worldWith(own);
        const fault = { kind, nth, path: /oauthctl\/(connections|apps|items)\// };
        world.files.faults.push(fault);
        const outcome = await settled(world, store.migrate(to, {}));
        world.files.faults.length = 0;
        await expectWhole(world, outcome === 'done' ? to : own);
        if (outcome === 'done') break;
        expect(nth).toBeLessThan(100);
      }
    },
  );

  test('killed at any call to the keychain or the disk: everything reads, and the next call goes on', async () => {
    for (const where of ['keychain', 'disk'] as const) {
      for (let nth = 1; ; nth++) {
        const { world } = await worldWith(own);
        const dying = plugTree(world.another()).store;
        if (where === 'keychain') world.keychain.faults.push({ kind: 'killed', nth, call: /record\// });
        else world.files.faults.push({ kind: 'killed', nth, path: /^(?!.*\/locks\/)/, after: nth % 2 === 0 });
        const outcome = await settled(world, dying.migrate(to, {}));
        world.keychain.faults.length = 0;
        world.files.faults.length = 0;
        const next = plugTree(world.another()).store;
        await allOpen(next);
        await next.migrate(to, {});
        await expectWhole(world, to);
        if (outcome === 'done') break;
        expect(nth).toBeLessThan(200);
      }
    }
  });

  test('other processes go on: what they write meanwhile ends up there as well', async () => {
    const { world, store } = await worldWith(own);
    const other = plugTree(world.another()).store;
    const fresh: RecordRef = { kind: 'connections', name: 'notion' };
    let once = false;
    await store.migrate(to, {
      async onMoved() {
        if (once) return;
        once = true;
        await save(other, acme, 1, contentOf(acme, 'newer-'));
        await save(other, fresh);
      },
    });
    expect((await other.read(fresh))?.store).toBe(to);
    expect((await other.read(acme))?.store).toBe(to);
    expect(await opened(other, acme)).toEqual(contentOf(acme, 'newer-').secrets);
    expect(await other.findOrphans()).toEqual([]);
  });

  test('what was written anew meanwhile goes back too when another record cannot be moved', async () => {
    const { world, store } = await worldWith(own);
    const other = plugTree(world.another()).store;
    editRecord(world, app, (text) => text.replace('"account": "gmail"', '"account": "evil"'));
    await expectError('record_unreadable', () =>
      store.migrate(to, {
        async onMoved({ kind, name }) {
          if (kind === 'connections' && name === 'gmail') await save(other, gmail, 1, newer);
        },
      }),
    );
    expect(await storesOf(other)).toEqual([own, own, own]);
    expect(await opened(other)).toEqual(newer.secrets);
    expect(await other.describe()).toMatchObject({ store: own, movingFrom: null });
  });

  test('an interruption puts everything back', async () => {
    const { world, store, before } = await worldWith(own);
    const stop = new AbortController();
    const error = await expectError('cancelled', () =>
      store.migrate(to, { onMoved: () => stop.abort(), signal: stop.signal }),
    );
    expect(error.message).toBe('interrupted; every record is where it was');
    expect(everything(world)).toBe(before);
  });

  test('a record that is in use for long is waited for in vain: nothing has moved', async () => {
    const { world, store, before } = await worldWith(own);
    await underLock(plugTree(world.another()).store, acme, async () => {
      const error = await expectError('locked', () => store.migrate(to, {}));
      expect(error.message).toContain('every record is where it was');
    });
    expect(everything(world)).toBe(before);
  });
});

/** Everything rests in that store and opens, and once what is left over is removed there is nothing that should not be. */
async function expectWhole(world: World, store: StoreName): Promise<void> {
  const after = plugTree(world.another()).store;
  expect(await storesOf(after)).toEqual([store, store, store]);
  await allOpen(after);
  expect(await after.describe()).toMatchObject({ store, movingFrom: null });
  expect(await after.removeOrphans()).toMatchObject({ left: 0 });
  expect(recordItems(world)).toHaveLength(store === 'files' ? 0 : 6);
}

test('a way back that is barred is said; everything is read where it rests, and the next call goes on', async () => {
  const { world, store } = await worldWith('keychain-items');
  const other = plugTree(world.another()).store;
  const error = await expectError('key_locked', () =>
    store.migrate('files', {
      async onMoved({ kind, name }) {
        // Written anew, so that the way back leads through the keychain; which is locked from here on.
        if (kind !== 'connections' || name !== 'gmail') return;
        await save(other, gmail, 1, newer);
        world.keychain.failure = 'locked';
      },
    }),
  );
  expect(error.message).toContain('not every record could be moved back');
  world.keychain.failure = undefined;
  const next = plugTree(world.another()).store;
  expect(await storesOf(next)).toEqual(['files', 'keychain-items', 'keychain-items']);
  expect(await opened(next)).toEqual(newer.secrets);
  expect(await next.describe()).toMatchObject({ store: 'keychain-items', movingFrom: 'files' });
  await next.migrate('keychain-items', {});
  expect(await storesOf(next)).toEqual(['keychain-items', 'keychain-items', 'keychain-items']);
});

test('an empty tree moves at once, and needs no key', async () => {
  const world = createWorld();
  const { store } = plugTree(world);
  expect(await store.migrate('keychain-items', {})).toEqual({ from: 'files', moved: [] });
  expect(world.keychain.calls).toEqual([]);
  await save(plugTree(world).store, gmail);
  expect(world.files.get(fileOf(gmail))).toContain('sealed_in');
});

test('items that the keychain does not let go at the end are said, and found later', async () => {
  const { world } = await worldWith('keychain-items');
  world.keychain.faults.push({ kind: 'locked', call: /^remove/ });
  const { store, warnings } = plugTree(world.another());
  expect((await store.migrate('files', {})).moved).toHaveLength(3);
  expect(warnings).toHaveLength(3);
  expect(warnings[0]).toMatch(/^'gmail': 2 items are left in the keychain: the Secret Service is locked; /);
  world.keychain.faults.length = 0;
  expect(await store.findOrphans()).toHaveLength(3);
  expect(await store.removeOrphans()).toEqual({ removed: 6, left: 0, why: null });
});
