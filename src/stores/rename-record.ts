// A record under another name. The name is bound in the seal, so the record is sealed anew; it is in one file at every instant, since two
// copies of a single-use refresh token would end each other. Cut short, the whole record lies under the old name, and is put right.
import { CliError } from '../errors.ts';
import { isJsonObject, parseJson } from '../model/json.ts';
import type { RecordKind, RecordRef, Renaming, StoreName } from '../model/store.ts';
import { keyOf, mustStillHold, type RecordTree } from './create-store.ts';
import { tidyAfterwards } from './item-orphans.ts';
import { namesOf } from './list-records.ts';
import { openRecord, parseRecordFile } from './open-record.ts';
import { nonceBytes } from './seal.ts';
import { fetchSealed, putSealed } from './where-sealed.ts';
import { sealRecord, writeRecord } from './write-record.ts';

/** Nobody has the new name; looked at by the caller, under both locks. */
export async function renameRecord(
  tree: RecordTree,
  store: StoreName,
  { from, to, content, generation }: Renaming,
): Promise<void> {
  const { files, layout, keyring, random } = tree;
  const key = await keyring.keyToSeal();
  const nonce = random.bytes(nonceBytes);
  const text =
    store === 'files'
      ? writeRecord(to.ref, content, generation + 1, key, nonce)
      : await putSealed(tree, sealRecord(to.ref, content, generation + 1, key, nonce), key, to);
  await mustStillHold(from.ref, from);
  await mustStillHold(to.ref, to);
  await files.replaceOwn(layout.recordFile(from.ref), text);
  await files.rename(layout.recordFile(from.ref), layout.recordFile(to.ref));
  await tidyAfterwards(tree, from.ref);
}

const lockWaitMs = 30_000;

/** Every record that lies whole under a name that it no longer has goes where it belongs, if that place is free. Returns their names. */
export async function finishRenames(tree: RecordTree, kind: RecordKind): Promise<readonly string[]> {
  const finished: string[] = [];
  for (const name of await namesOf(tree, kind)) {
    const to = await meantFor(tree, { kind, name });
    if (to === undefined) continue;
    const refs = [{ kind, name }, to].sort((a, b) => (a.name < b.name ? -1 : 1));
    const locks = [];
    try {
      for (const ref of refs) {
        locks.push(await tree.locks.acquire(tree.layout.recordLock(ref), `'${ref.name}'`, { waitMs: lockWaitMs }));
      }
      // Another process may have finished it meanwhile.
      if ((await meantFor(tree, { kind, name }))?.name !== to.name) continue;
      await tree.files.rename(tree.layout.recordFile({ kind, name }), tree.layout.recordFile(to));
      await tidyAfterwards(tree, { kind, name });
      finished.push(to.name);
    } finally {
      for (const lock of locks) await lock.release();
    }
  }
  return finished;
}

/** Whose record the file of that name holds, when it is whole, somebody else's, and that one's place is free. */
async function meantFor(tree: RecordTree, { kind, name }: RecordRef): Promise<RecordRef | undefined> {
  const { files, layout } = tree;
  const text = await files.readOwn(layout.recordFile({ kind, name }));
  const json = parseJson(text ?? '');
  if (text === undefined || !isJsonObject(json) || typeof json.name !== 'string' || json.name === name)
    return undefined;
  const to = { kind, name: json.name };
  if ((await files.facts(layout.recordFile(to))) !== undefined) return undefined;
  try {
    const record = parseRecordFile(text, to);
    openRecord(await fetchSealed(tree, record), (await keyOf(tree, record)) ?? (await tree.keyring.key()));
    return to;
  } catch (error) {
    if (error instanceof CliError && error.code.startsWith('record_')) return undefined;
    throw error;
  }
}
