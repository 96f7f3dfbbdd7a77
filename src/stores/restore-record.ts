// A record on its way from one home to another: as it is sealed, whole in one text, wherever its sealed part rests.
import { isOlder, stateOf } from '../model/record-state.ts';
import type { RecordLock, RecordRef, StoreName } from '../model/store.ts';
import { keyOf, mustStillHold, type RecordTree, readFile } from './create-store.ts';
import { openRecord, parseRecord } from './open-record.ts';
import { fetchSealed, putSealed } from './where-sealed.ts';
import { recordText } from './write-record.ts';

export async function portableRecord(tree: RecordTree, ref: RecordRef): Promise<string | undefined> {
  const record = (await readFile(tree, ref))?.record;
  if (record === undefined) return undefined;
  const whole = await fetchSealed(tree, record);
  return recordText(whole, whole.sealed);
}

export async function restoreRecord(
  tree: RecordTree,
  store: StoreName,
  ref: RecordRef,
  text: string,
  under: RecordLock,
): Promise<'restored' | 'same' | 'older' | 'differs'> {
  const record = parseRecord(text, ref);
  const key = (await keyOf(tree, record)) ?? (await tree.keyring.key());
  openRecord(record, key);
  const own = (await readFile(tree, ref))?.record;
  if (own !== undefined && isOlder(stateOf(record), stateOf(own))) return 'older';
  if (own !== undefined && !isOlder(stateOf(own), stateOf(record))) {
    return (await fetchSealed(tree, own)).sealed === record.sealed ? 'same' : 'differs';
  }
  const file = store === 'files' ? recordText(record, record.sealed) : await putSealed(tree, record, key, under);
  await tree.files.ensureFolder(tree.layout.recordFolder(ref.kind));
  await mustStillHold(ref, under);
  await tree.files.replaceOwn(tree.layout.recordFile(ref), file);
  return 'restored';
}
