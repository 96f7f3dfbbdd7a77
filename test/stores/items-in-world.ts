// A tree whose records rest in keychain items, in a fake world, and what its tests do to it.
import type { RecordRef, Store } from '../../src/model/store.ts';
import { createWorld, type World } from '../support/world.ts';
import { contentOf, gmail, save } from './store-contract.ts';
import { type FakeTree, fileOf, plugTree, type TreeOptions } from './tree.ts';

export const plugItems = (world: World, options: TreeOptions = {}): FakeTree =>
  plugTree(world, { store: 'keychain-items', ...options });

export function editRecord(world: World, ref: RecordRef, change: (text: string) => string): void {
  world.files.set(fileOf(ref), change(world.files.get(fileOf(ref)) ?? ''));
}

/** At which the records of these tests have two parts. */
export const small = 256;

/** A world with one record of generation 1. */
export async function worldWithItems(largest = 100_000): Promise<{ readonly world: World; readonly store: Store }> {
  const world = createWorld();
  world.keychain.largestItem = largest;
  const { store } = plugItems(world);
  await save(store, gmail);
  return { world, store };
}

/** Accounts of every item that holds, or held, a sealed part. */
export const recordItems = (world: World): string[] =>
  [...world.keychain.items.keys()].filter((account) => account.startsWith('record/'));

export const opened = async (store: Store, ref = gmail) => (await store.read(ref))?.open();
export const newer = contentOf(gmail, 'newer-');

/** `dead`: the process was killed and its call never returns. */
export async function settled(world: World, work: Promise<unknown>): Promise<'done' | 'failed' | 'dead'> {
  const end = work.then(
    () => 'done' as const,
    () => 'failed' as const,
  );
  return Promise.race([end, world.system.clock.sleep(60_000).then(() => 'dead' as const)]);
}
