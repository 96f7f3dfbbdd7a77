// `store migrate`: every record's sealed part goes to the other store as it is, one record after the other. All or nothing;
// cut short at any instant everything still reads, and the next call goes on.
import { CliError } from '../errors.ts';
import type { MigrateOptions, Migration, RecordLock, RecordRef, StoreName } from '../model/store.ts';
import { notedStore, noteStore } from './chosen-store.ts';
import { keyOf, mustStillHold, type RecordTree, read, readFile } from './create-store.ts';
import { overFiles } from './file-trouble.ts';
import { tidyAfterwards, tidyAudibly } from './item-orphans.ts';
import { namesOf } from './list-records.ts';
import { openRecord } from './open-record.ts';
import { recordKinds } from './tree-layout.ts';
import { fetchSealed, putSealed, storeOf } from './where-sealed.ts';
import { recordText } from './write-record.ts';

/** A refresh under way is given the time to save its answer. */
const lockWaitMs = 30_000;

/** One record that has moved: its file before and after. */
interface Move {
  readonly ref: RecordRef;
  readonly before: string;
  readonly after: string;
}

export async function migrateRecords(tree: RecordTree, to: StoreName, options: MigrateOptions): Promise<Migration> {
  const held = await tree.locks.acquire(tree.layout.storeLock, 'the store', { waitMs: lockWaitMs });
  try {
    const noted = await notedStore(tree);
    // After a migration that was cut short the note names the new store already; "back" is where it began.
    const from = noted.store === to ? (noted.movingFrom ?? to) : noted.store;
    // What cannot be read is met before anything changes.
    const todo = await elsewhere(tree, to, 'throw');
    // A keychain that does not answer is met before any item of it is spoken of: what may be there would have to be kept in mind.
    if (to === 'keychain-items' && todo.length > 0) await tree.items.reach();
    // First the note: what other processes write meanwhile goes to the new store, so that the end is reached.
    await noteStore(tree, { store: to, movingFrom: from === to ? null : from });
    const moves: Move[] = [];
    try {
      await overFiles('moving the records', () => moveAll(tree, to, moves, options));
    } catch (error) {
      if (from === to || !(error instanceof CliError)) throw error;
      throw await moveBack(tree, { from, to }, moves, error);
    }
    await noteStore(tree, { store: to, movingFrom: null });
    // Only now: until here the way back leads over what is removed.
    for (const { ref } of moves) await overRecord(tree, ref, () => tidyAudibly(tree, ref));
    return { from, moved: moves.map(({ ref }) => ref) };
  } finally {
    await held.release();
  }
}

/** Until none rests elsewhere: another process may have been about to write a new one when the note changed. */
async function moveAll(
  tree: RecordTree,
  to: StoreName,
  moves: Move[],
  { onMoved, signal }: MigrateOptions,
): Promise<void> {
  for (let todo = await elsewhere(tree, to, 'throw'); todo.length > 0; todo = await elsewhere(tree, to, 'throw')) {
    for (const ref of todo) {
      if (signal?.aborted) throw new CliError('cancelled', 'interrupted');
      await overRecord(tree, ref, async (lock) => {
        await moveOne(tree, { ref, to, lock }, moves);
      });
      await onMoved?.(ref);
    }
  }
}

/** Records that do not rest in that store. Where one rests that cannot be read, nobody knows. */
async function elsewhere(tree: RecordTree, store: StoreName, unreadable: 'throw' | 'skip'): Promise<RecordRef[]> {
  const refs: RecordRef[] = [];
  for (const kind of recordKinds) {
    for (const name of await namesOf(tree, kind)) {
      const ref = { kind, name };
      const found = await readFile(tree, ref).catch((error) => {
        if (unreadable === 'throw') throw error;
        return undefined;
      });
      if (found !== undefined && storeOf(found.record) !== store) refs.push(ref);
    }
  }
  return refs;
}

interface Errand {
  readonly ref: RecordRef;
  readonly to: StoreName;
  readonly lock: RecordLock;
}

async function moveOne(tree: RecordTree, { ref, to, lock }: Errand, moves: Move[]): Promise<void> {
  const found = await readFile(tree, ref);
  // Removed, or written to the new store, since the list was made.
  if (found === undefined || storeOf(found.record) === to) return;
  const record = await fetchSealed(tree, found.record);
  const key = (await keyOf(tree, record)) ?? (await tree.keyring.key());
  openRecord(record, key);
  const after = to === 'files' ? recordText(record, record.sealed) : await putSealed(tree, record, key, lock);
  await mustStillHold(ref, lock);
  moves.push({ ref, before: found.text, after });
  await tree.files.replaceOwn(tree.layout.recordFile(ref), after);
  await (await read(tree, ref))?.open();
}

/** Returns the error to throw: what stopped the migration, and what has become of the records. */
async function moveBack(
  tree: RecordTree,
  { from, to }: { readonly from: StoreName; readonly to: StoreName },
  moves: readonly Move[],
  cause: CliError,
): Promise<CliError> {
  const { code, message, hint } = cause;
  try {
    await overFiles('moving the records back', async () => {
      await noteStore(tree, { store: from, movingFrom: to });
      for (const move of [...moves].reverse()) await overRecord(tree, move.ref, (lock) => undo(tree, move, lock));
      // What other processes, or a migration that was cut short, have brought there.
      for (const ref of await elsewhere(tree, from, 'skip')) {
        await overRecord(tree, ref, (lock) => moveOne(tree, { ref, to: from, lock }, []));
      }
      await noteStore(tree, { store: from, movingFrom: null });
      for (const { ref } of moves) await overRecord(tree, ref, () => tidyAfterwards(tree, ref));
    });
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    const partly = `${message}; not every record could be moved back (${error.message}), and each is read where it rests`;
    return new CliError(code, partly, { hint: hint ?? 'oauthctl store show', cause });
  }
  return new CliError(code, `${message}; every record is where it was`, { hint, cause });
}

/** Puts the file of before back, whose sealed part is still there. One that was written anew since then is left to the rest. */
async function undo(tree: RecordTree, { ref, before, after }: Move, lock: RecordLock): Promise<void> {
  const now = await readFile(tree, ref);
  if (now?.text !== after) return;
  await mustStillHold(ref, lock);
  await tree.files.replaceOwn(tree.layout.recordFile(ref), before);
}

async function overRecord<T>(tree: RecordTree, ref: RecordRef, body: (lock: RecordLock) => Promise<T>): Promise<T> {
  const held = await tree.locks.acquire(tree.layout.recordLock(ref), `'${ref.name}'`, { waitMs: lockWaitMs });
  try {
    return await body({ ref, ...held });
  } finally {
    await held.release();
  }
}
