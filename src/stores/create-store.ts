// The store `files`: one sealed file per record. Absent is undefined; damaged and newer are errors and are never written over.
import { CliError } from '../errors.ts';
import { fileWords } from '../model/file-words.ts';
import { canonicalJson, type JsonObject } from '../model/json.ts';
import { type Clock, type Files, isFileError, type Liveness, type Random } from '../model/ports.ts';
import type {
  Keyring,
  ListedRecord,
  RecordKind,
  RecordLock,
  RecordRef,
  SealKey,
  Store,
  StoredRecord,
} from '../model/store.ts';
import { fileTrouble, overFiles } from './file-trouble.ts';
import { openRecord, type ParsedRecord, parseRecord, sealedWithOf, unreadable } from './open-record.ts';
import { createLocks } from './record-lock.ts';
import { nonceBytes } from './seal.ts';
import { recordNameOf, sealedFiles, type TreeLayout, treeLayout } from './tree-layout.ts';
import { writeRecord } from './write-record.ts';

export interface StoreDeps {
  readonly files: Files;
  readonly random: Random;
  readonly clock: Clock;
  readonly liveness: Liveness;
  /** Absolute. */
  readonly dataFolder: string;
  readonly keyring: Keyring;
  warn(message: string): void;
}

/** A rotation holds it for a moment; a first run may wait for a person. */
const keyLockWaitMs = 90_000;

interface Tree extends StoreDeps {
  readonly layout: TreeLayout;
}

export function createFilesStore(deps: StoreDeps): Store {
  const tree = { ...deps, layout: treeLayout(deps.files, deps.dataFolder) };
  const locks = createLocks(deps);
  return {
    read: (ref) => read(tree, ref),
    list: (kind) => overFiles(`listing ${kind}`, () => list(tree, kind)),
    names: (kind) => overFiles(`listing ${kind}`, async () => (await look(tree, kind)).found.map(({ name }) => name)),
    async write(ref, content, under, replaces) {
      await deps.keyring.key();
      const save = async () => {
        const key = await deps.keyring.keyToSeal();
        await mustReplace(tree, ref, replaces);
        const text = writeRecord(ref, content, replaces + 1, key, deps.random.bytes(nonceBytes));
        await deps.files.ensureFolder(tree.layout.recordFolder(ref.kind));
        await mustStillHold(ref, under);
        await deps.files.replaceOwn(tree.layout.recordFile(ref), text);
        return replaces + 1;
      };
      // A rotation goes through the records that it finds. One that is new must not slip in behind it, under the old key.
      const held =
        replaces > 0 ? undefined : await locks.acquire(tree.layout.keyLock, 'the seal key', { waitMs: keyLockWaitMs });
      try {
        return await overFiles(`saving '${ref.name}'`, save);
      } finally {
        await held?.release();
      }
    },
    async remove(ref, under) {
      await mustStillHold(ref, under);
      return overFiles(`removing '${ref.name}'`, () => deps.files.remove(tree.layout.recordFile(ref)));
    },
    async lock(ref, options) {
      const held = await locks.acquire(tree.layout.recordLock(ref), `'${ref.name}'`, options);
      return { ref, ...held };
    },
    probe: () => overFiles('trying to write to the data folder', () => probe(tree)),
    async describe() {
      return { store: 'files', folder: deps.dataFolder, key: (await deps.keyring.describe()) ?? null };
    },
  };
}

async function read(tree: Tree, ref: RecordRef, path = tree.layout.recordFile(ref)): Promise<StoredRecord | undefined> {
  const text = await readText(tree, ref, path);
  if (text === undefined) return undefined;
  const record = parseRecord(text, ref);
  const { binding, generation, facts } = record;
  const sealedWith = sealedWithOf(record);
  return { ref, binding, generation, facts, sealedWith, open: () => open(tree, record, path) };
}

async function open(tree: Tree, record: ParsedRecord, path: string): Promise<JsonObject> {
  const key = await keyOf(tree, record);
  if (key !== undefined) return openRecord(record, key);
  // A rotation may have ended since it was read: then the same record lies there under the new key.
  const text = await readText(tree, record.ref, path);
  const again = text === undefined ? record : parseRecord(text, record.ref);
  const same = canonicalJson(again.facts) === canonicalJson(record.facts);
  const renewed = same ? await keyOf(tree, again) : undefined;
  return renewed === undefined ? openRecord(record, await tree.keyring.key()) : openRecord(again, renewed);
}

async function keyOf(tree: Tree, record: ParsedRecord): Promise<SealKey | undefined> {
  const kid = sealedWithOf(record);
  return kid === undefined ? undefined : tree.keyring.keyFor(kid);
}

async function readText(tree: Tree, ref: RecordRef, path: string): Promise<string | undefined> {
  try {
    return await tree.files.readOwn(path);
  } catch (error) {
    if (!isFileError(error)) throw error;
    // These say something about the file that is there; the others are about the disk.
    const content = error.fileError === 'link' || error.fileError === 'too_large' || error.fileError === 'not_text';
    throw content ? unreadable(ref, fileWords(error).why) : fileTrouble(error, `reading '${ref.name}'`);
  }
}

async function list(tree: Tree, kind: RecordKind): Promise<ListedRecord[]> {
  const { found, odd } = await look(tree, kind);
  if (odd.length > 0) tree.warn(`not the file of any record, so ignored in ${kind}/: ${odd.join(', ')}`);
  const folder = tree.layout.recordFolder(kind);
  const listed: ListedRecord[] = [];
  for (const { name, fileName } of found) {
    const one = await listOne(tree, { kind, name }, tree.files.join(folder, fileName));
    if (one !== undefined) listed.push(one);
  }
  return listed;
}

/** What the folder holds, sorted by name, and files that are no record's. */
async function look(
  tree: Tree,
  kind: RecordKind,
): Promise<{ found: { name: string; fileName: string }[]; odd: string[] }> {
  const found: { name: string; fileName: string }[] = [];
  const odd: string[] = [];
  for (const fileName of await sealedFiles(tree.files, tree.layout, kind)) {
    const name = recordNameOf(fileName);
    if (name === undefined) odd.push(fileName);
    else found.push({ name, fileName });
  }
  return { found: found.sort((a, b) => (a.name < b.name ? -1 : 1)), odd };
}

async function listOne(tree: Tree, ref: RecordRef, path: string): Promise<ListedRecord | undefined> {
  try {
    const record = await read(tree, ref, path);
    return record === undefined ? undefined : { ok: true, record };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    const code = error.code === 'record_too_new' ? error.code : 'record_unreadable';
    return { ok: false, ref, code, message: error.message, hint: error.hint };
  }
}

async function mustStillHold(ref: RecordRef, under: RecordLock): Promise<void> {
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

/** Also where a damaged or newer record stops the write. */
async function mustReplace(tree: Tree, ref: RecordRef, replaces: number): Promise<void> {
  const generation = (await read(tree, ref))?.generation ?? 0;
  if (generation === replaces) return;
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

async function probe(tree: Tree): Promise<void> {
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
