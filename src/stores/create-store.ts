// The store: one file per record, which holds its sealed part or names the keychain items that do. Absent is undefined;
// damaged and newer are errors and are never written over.
import { CliError } from '../errors.ts';
import { fileWords } from '../model/file-words.ts';
import { canonicalJson, type JsonObject } from '../model/json.ts';
import { type Clock, type Files, isFileError, type Keychain, type Liveness, type Random } from '../model/ports.ts';
import type {
  Keyring,
  RecordLock,
  RecordRef,
  SealKey,
  Store,
  StoredRecord,
  StoreName,
  StoreWish,
} from '../model/store.ts';
import { storeToWrite } from './chosen-store.ts';
import { describeStore } from './describe-store.ts';
import { fileTrouble, overFiles } from './file-trouble.ts';
import { type ItemLedger, itemLedger } from './item-ledger.ts';
import { findOrphans, removeOrphans, tidyAfterwards, tidyAudibly } from './item-orphans.ts';
import { listRecords, namesOf } from './list-records.ts';
import { migrateRecords } from './migrate-records.ts';
import {
  openRecord,
  type ParsedRecord,
  type PointingRecord,
  parseRecordFile,
  sealedWithOf,
  unreadable,
} from './open-record.ts';
import { type RecordItems, recordItems } from './record-items.ts';
import { createLocks, type Locks } from './record-lock.ts';
import { finishRenames, renameRecord } from './rename-record.ts';
import { portableRecord, restoreRecord } from './restore-record.ts';
import { nonceBytes } from './seal.ts';
import { type TreeLayout, treeLayout } from './tree-layout.ts';
import { fetchSealed, putSealed, storeOf } from './where-sealed.ts';
import { sealRecord, writeRecord } from './write-record.ts';

export interface StoreDeps {
  readonly files: Files;
  readonly random: Random;
  readonly clock: Clock;
  readonly liveness: Liveness;
  /** Asked for when a record's sealed part rests there. */
  readonly keychain: () => Keychain;
  /** Absolute. */
  readonly dataFolder: string;
  readonly keyring: Keyring;
  /** The keyring's, where there is one. */
  readonly locks?: Locks | undefined;
  /** Where the records of a new tree are to rest: in `files` when nobody says. */
  readonly wish?: (() => Promise<StoreWish | undefined>) | undefined;
  /** Told when the keychain takes over a second to answer. */
  readonly onWaiting?: (() => void) | undefined;
  warn(message: string): void;
}

/** A rotation holds it for a moment; a first run may wait for a person. */
const keyLockWaitMs = 90_000;

export interface RecordTree extends StoreDeps {
  readonly layout: TreeLayout;
  readonly locks: Locks;
  readonly items: RecordItems;
  readonly ledger: ItemLedger;
}

export function createStore(deps: StoreDeps): Store {
  const layout = treeLayout(deps.files, deps.dataFolder);
  const tree = {
    ...deps,
    layout,
    locks: deps.locks ?? createLocks(deps),
    items: recordItems(deps),
    ledger: itemLedger(deps.files, layout),
  };
  const place = (act: string) => overFiles(act, async () => storeToWrite(tree, await deps.wish?.()));
  return {
    read: (ref) => read(tree, ref),
    list: (kind) => overFiles(`listing ${kind}`, () => listRecords(tree, kind)),
    names: (kind) => overFiles(`listing ${kind}`, () => namesOf(tree, kind)),
    async write(ref, content, under, replaces) {
      const store = await place(`saving '${ref.name}'`);
      await deps.keyring.key();
      const save = async () => {
        const key = await deps.keyring.keyToSeal();
        const before = await mustReplace(tree, ref, replaces);
        const nonce = deps.random.bytes(nonceBytes);
        const text =
          store === 'files'
            ? writeRecord(ref, content, replaces + 1, key, nonce)
            : await putSealed(tree, sealRecord(ref, content, replaces + 1, key, nonce), key, under);
        await deps.files.ensureFolder(tree.layout.recordFolder(ref.kind));
        await mustStillHold(ref, under);
        await deps.files.replaceOwn(tree.layout.recordFile(ref), text);
        if (store === 'keychain-items' || before === 'keychain-items') await tidyAfterwards(tree, ref);
        return replaces + 1;
      };
      // A rotation goes through the records that it finds. One that is new must not slip in behind it, under the old key.
      const act = `saving '${ref.name}'`;
      return replaces > 0 ? overFiles(act, save) : underKeyLock(tree, () => overFiles(act, save));
    },
    async rename(renaming) {
      const { from, to, generation } = renaming;
      const act = `renaming '${from.ref.name}'`;
      const store = await place(act);
      await deps.keyring.key();
      const rename = async () => {
        await mustReplace(tree, from.ref, generation);
        await mustReplace(tree, to.ref, 0);
        await renameRecord(tree, store, renaming);
      };
      await underKeyLock(tree, () => overFiles(act, rename));
    },
    finishRenames: () => overFiles('putting renamed records in their place', () => finishRenames(tree, 'connections')),
    portable: (ref) => portableRecord(tree, ref),
    async restore(ref, text, under) {
      const store = await place(`restoring '${ref.name}'`);
      return overFiles(`restoring '${ref.name}'`, () => restoreRecord(tree, store, ref, text, under));
    },
    async remove(ref, under) {
      await mustStillHold(ref, under);
      // First the file: what a crash leaves then is items that nothing points to, never a record that looks alive.
      const there = await overFiles(`removing '${ref.name}'`, () => deps.files.remove(tree.layout.recordFile(ref)));
      await tidyAudibly(tree, ref);
      return there;
    },
    async lock(ref, options) {
      const held = await tree.locks.acquire(tree.layout.recordLock(ref), `'${ref.name}'`, options);
      return { ref, ...held };
    },
    async probe() {
      const act = 'trying to write to the data folder';
      await overFiles(act, () => probe(tree));
      if ((await place(act)) === 'keychain-items') await tree.items.probe();
    },
    describe: () => describeStore(tree),
    migrate: (to, options) => overFiles('moving the records', () => migrateRecords(tree, to, options)),
    findOrphans: () => overFiles('looking for items that no record needs', () => findOrphans(tree)),
    removeOrphans: () => overFiles('removing items that no record needs', () => removeOrphans(tree)),
  };
}

async function underKeyLock<T>({ locks, layout }: RecordTree, body: () => Promise<T>): Promise<T> {
  const held = await locks.acquire(layout.keyLock, 'the seal key', { waitMs: keyLockWaitMs });
  try {
    return await body();
  } finally {
    await held.release();
  }
}

export async function read(
  tree: RecordTree,
  ref: RecordRef,
  path = tree.layout.recordFile(ref),
): Promise<StoredRecord | undefined> {
  const record = (await readFile(tree, ref, path))?.record;
  if (record === undefined) return undefined;
  const { binding, generation, facts } = record;
  const sealedWith = sealedWithOf(record);
  const store = storeOf(record);
  return { ref, binding, generation, facts, store, sealedWith, open: () => open(tree, record, path) };
}

async function open(tree: RecordTree, record: ParsedRecord | PointingRecord, path: string): Promise<JsonObject> {
  const key = await keyOf(tree, record);
  if (key !== undefined) return openRecord(await fetchSealed(tree, record), key);
  // A rotation may have ended since it was read: then the same record lies there under the new key.
  const again = (await readFile(tree, record.ref, path))?.record ?? record;
  const same = canonicalJson(again.facts) === canonicalJson(record.facts);
  const renewed = same ? await keyOf(tree, again) : undefined;
  if (renewed !== undefined) return openRecord(await fetchSealed(tree, again), renewed);
  return openRecord(await fetchSealed(tree, record), await tree.keyring.key());
}

/** The key that its seal names; undefined when this tree has none such. */
export async function keyOf(tree: RecordTree, record: ParsedRecord | PointingRecord): Promise<SealKey | undefined> {
  const kid = sealedWithOf(record);
  return kid === undefined ? undefined : tree.keyring.keyFor(kid);
}

/** `text`: the file as it lies there. */
export async function readFile(
  tree: RecordTree,
  ref: RecordRef,
  path = tree.layout.recordFile(ref),
): Promise<{ readonly text: string; readonly record: ParsedRecord | PointingRecord } | undefined> {
  const text = await readText(tree, ref, path);
  return text === undefined ? undefined : { text, record: parseRecordFile(text, ref) };
}

async function readText(tree: RecordTree, ref: RecordRef, path: string): Promise<string | undefined> {
  try {
    return await tree.files.readOwn(path);
  } catch (error) {
    if (!isFileError(error)) throw error;
    // These say something about the file that is there; the others are about the disk.
    const content = error.fileError === 'link' || error.fileError === 'too_large' || error.fileError === 'not_text';
    throw content ? unreadable(ref, fileWords(error).why) : fileTrouble(error, `reading '${ref.name}'`);
  }
}

export async function mustStillHold(ref: RecordRef, under: RecordLock): Promise<void> {
  if (under.ref.kind !== ref.kind || under.ref.name !== ref.name) {
    throw new CliError('internal', `'${ref.name}' was to be changed under the lock of '${under.ref.name}'`);
  }
  if (await under.stillHeld()) return;
  throw new CliError(
    'locked',
    `another process has taken over '${ref.name}', thinking that this one had ended; nothing was written`,
    {
      hint: 'run the same command again',
    },
  );
}

/** Also where a damaged or newer record stops the write. Where the one before rests. */
async function mustReplace(tree: RecordTree, ref: RecordRef, replaces: number): Promise<StoreName | undefined> {
  const before = await read(tree, ref);
  const generation = before?.generation ?? 0;
  if (generation === replaces) return before?.store;
  throw new CliError(
    'store_unavailable',
    `'${ref.name}' was changed by another program meanwhile (generation ${generation}, not ${replaces}); nothing was written`,
    {
      hint: 'run the same command again',
    },
  );
}

/** As large as a record may well be: a disk that is nearly full takes a few bytes. */
const probeText = `${' '.repeat(16 * 1024)}\n`;

async function probe(tree: RecordTree): Promise<void> {
  const folder = tree.layout.recordFolder('connections');
  const path = tree.files.join(folder, `probe-${Buffer.from(tree.random.bytes(8)).toString('hex')}.tmp`);
  await tree.files.ensureFolder(folder);
  await tree.files.replaceOwn(path, probeText);
  const back = await tree.files.readOwn(path);
  await tree.files.remove(path);
  if (back === probeText) return;
  throw new CliError('store_unavailable', `what is written to ${folder} does not read back`, {
    hint: `look at the disk of ${folder}`,
  });
}
