// Keychain items that no record needs: what a killed process or a failing keychain left. The ledgers name them.
import { CliError } from '../errors.ts';
import { isFileError } from '../model/ports.ts';
import type { OrphanedItems, RecordRef } from '../model/store.ts';
import { type RecordTree, readFile } from './create-store.ts';
import { type ItemSet, orphansAmong } from './item-ledger.ts';
import { recordKinds } from './tree-layout.ts';

interface Tidied {
  readonly removed: number;
  readonly left: number;
  readonly why: string | null;
}

/** What holds the lock now is at work on the record: nothing of it is an orphan yet. */
const lockWaitMs = 1_000;

export async function findOrphans(tree: RecordTree): Promise<readonly OrphanedItems[]> {
  const found = await overLedgers(tree, async (ref) => {
    const orphans = await orphansOf(tree, ref, await tree.ledger.read(ref));
    return orphans.length === 0 ? [] : [{ ref, items: countItems(orphans) }];
  });
  return found.flat();
}

export async function removeOrphans(tree: RecordTree): Promise<Tidied> {
  const tidied = await overLedgers(tree, (ref) => tidyAfterwards(tree, ref));
  return {
    removed: tidied.reduce((sum, { removed }) => sum + removed, 0),
    left: tidied.reduce((sum, { left }) => sum + left, 0),
    why: tidied.find(({ left }) => left > 0)?.why ?? null,
  };
}

/** After something that is done already and must not become an error. Under the record's lock. */
export async function tidyAfterwards(tree: RecordTree, ref: RecordRef): Promise<Tidied> {
  let left: readonly ItemSet[] = [];
  let removed = 0;
  try {
    const sets = await tree.ledger.read(ref);
    left = await orphansOf(tree, ref, sets);
    const needed = sets.filter((set) => !left.includes(set));
    for (const set of left) {
      await tree.items.remove(ref, set);
      removed += set.parts;
      left = left.filter((other) => other !== set);
      await tree.ledger.write(ref, [...needed, ...left]);
    }
    return { removed, left: 0, why: null };
  } catch (error) {
    if (!(error instanceof CliError) && !isFileError(error)) throw error;
    return { removed, left: countItems(left), why: error.message };
  }
}

/** As `tidyAfterwards`, where all of it was to go: what is left is said. */
export async function tidyAudibly(tree: RecordTree, ref: RecordRef): Promise<void> {
  const { left, why } = await tidyAfterwards(tree, ref);
  if (why === null) return;
  const items = left === 1 ? 'an item is' : `${left === 0 ? '' : `${left} `}items are`;
  tree.warn(`'${ref.name}': ${items} left in the keychain: ${why}; oauthctl doctor --repair removes what is left`);
}

async function orphansOf(tree: RecordTree, ref: RecordRef, sets: readonly ItemSet[]): Promise<readonly ItemSet[]> {
  return sets.length === 0 ? [] : orphansAmong(sets, (await readFile(tree, ref))?.record);
}

/** Under each record's lock. One that is in use, or cannot be read, is left out: it may need everything. */
async function overLedgers<T>(tree: RecordTree, body: (ref: RecordRef) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (const kind of recordKinds) {
    for (const name of await tree.ledger.names(kind)) {
      const ref = { kind, name };
      try {
        const lock = await tree.locks.acquire(tree.layout.recordLock(ref), `'${name}'`, { waitMs: lockWaitMs });
        try {
          results.push(await body(ref));
        } finally {
          await lock.release();
        }
      } catch (error) {
        if (!(error instanceof CliError) || (error.code !== 'locked' && !error.code.startsWith('record_'))) throw error;
      }
    }
  }
  return results;
}

const countItems = (sets: readonly ItemSet[]) => sets.reduce((sum, { parts }) => sum + parts, 0);
