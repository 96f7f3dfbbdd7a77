// A keychain in trouble under a record whose sealed part rests there: what is said, and that nothing is lost.
import { describe, expect, test } from 'vitest';
import type { KeychainFailure } from '../../src/model/ports.ts';
import type { World } from '../support/world.ts';
import { expectError } from './expect-error.ts';
import { newer, opened, plugItems, recordItems, settled, small, worldWithItems } from './items-in-world.ts';
import { contentOf, gmail, save, underLock } from './store-contract.ts';
import { fileOf } from './tree.ts';

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
    const { world, store } = await worldWithItems(small);
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
    const { world, store } = await worldWithItems();
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
    const { world, store } = await worldWithItems();
    world.keychain.faults.push({ kind, call: /record\// });
    const error = await expectError(code as 'key_locked', () => opened(store));
    expect(error.message).toContain('nothing was stored anywhere else');
    expect(error.hint).toBeDefined();
    world.keychain.faults.length = 0;
    expect(await opened(store)).toEqual(contentOf(gmail).secrets);
  });

  test('one that is unlocked while the call waits is waited for, and says so', async () => {
    const { world } = await worldWithItems();
    let waits = 0;
    const { store } = plugItems(world.another(), { onWaiting: () => waits++ });
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
        const { world, store } = await worldWithItems(small);
        await save(store, gmail, 1);
        const calls = world.keychain.calls.length;
        world.keychain.faults.push({ kind, nth, call: /record\// });
        const process = kind === 'killed' ? world.another() : world;
        const outcome = await settled(world, save(plugItems(process).store, gmail, 2, newer));
        const reached = world.keychain.calls.slice(calls).filter((call) => call.includes('record/')).length >= nth;
        world.keychain.faults.length = 0;
        const after = plugItems(world.another()).store;
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

  test('a keychain that takes an item and does not keep it', async () => {
    for (const kind of ['forgets', 'emptied'] as const) {
      const { world, store } = await worldWithItems();
      world.keychain.faults.push({ kind, call: kind === 'forgets' ? /set record/ : /get record/ });
      const error = await expectError('store_unavailable', () => save(store, gmail, 1, newer));
      expect(error.message).toContain('does not read back');
      world.keychain.faults.length = 0;
      expect(await opened(store)).toEqual(contentOf(gmail).secrets);
    }
  });

  test('killed at any call to the disk', async () => {
    for (const after of [false, true]) {
      for (let nth = 1; ; nth++) {
        const { world } = await worldWithItems(small);
        const before = world.files.faults.push({ kind: 'killed', nth, after });
        const outcome = await settled(world, save(plugItems(world.another()).store, gmail, 1, newer));
        world.files.faults.length = before - 1;
        const next = plugItems(world.another()).store;
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
    const { world, store } = await worldWithItems(small);
    world.keychain.faults.push({ kind: 'timed_out', call: /record\// });
    const [before, calls] = [world.files.get(fileOf(gmail)), world.keychain.calls.length];
    await expectError('key_locked', () => save(store, gmail, 1, newer));
    expect(world.files.get(fileOf(gmail))).toBe(before);
    expect(world.keychain.calls.slice(calls).filter((call) => call.includes('record/'))).toHaveLength(1);
  });
});
