// The sealed part of a record, wherever it rests: fetched from there, and brought into keychain items.
import { CliError } from '../errors.ts';
import type { RecordLock, RecordRef, SealKey, StoreName } from '../model/store.ts';
import { mustStillHold, type RecordTree, readFile } from './create-store.ts';
import { openRecord, type ParsedRecord, type PointingRecord, parseRecordFile } from './open-record.ts';
import { recordText } from './write-record.ts';

export function storeOf(record: ParsedRecord | PointingRecord): StoreName {
  return 'sealed' in record ? 'files' : 'keychain-items';
}

/** The record with its sealed part. Errors as `RecordItems.get`, and `store_unavailable` when it was changed since its file was read. */
export async function fetchSealed(tree: RecordTree, record: ParsedRecord | PointingRecord): Promise<ParsedRecord> {
  if ('sealed' in record) return record;
  const { sealedIn, ...clear } = record;
  try {
    return { ...clear, sealed: await tree.items.get(record.ref, record.generation, sealedIn) };
  } catch (error) {
    if (!(error instanceof CliError) || error.code !== 'record_unreadable') throw error;
    const now = (await readFile(tree, record.ref))?.record;
    if (now !== undefined && 'sealedIn' in now && now.sealedIn.id === sealedIn.id) throw error;
    // Moved to another place as it was, or written anew: then its facts are others too.
    if (now?.generation === record.generation) return fetchSealed(tree, now);
    throw changedMeanwhile(record.ref);
  }
}

function changedMeanwhile({ name }: RecordRef): CliError {
  return new CliError('store_unavailable', `'${name}' was changed by another process while it was read`, {
    hint: 'run the same command again',
  });
}

/**
 * Brings the sealed part into items of its own and proves that it opens from there. Returns the text of the file that points
 * at them: until that is written, the record is the one of before.
 */
export async function putSealed(
  tree: RecordTree,
  record: ParsedRecord,
  key: SealKey,
  under: RecordLock,
): Promise<string> {
  const { ref, generation } = record;
  // What rests in items must fit into a file as well, or there would be no way back.
  recordText(record, record.sealed);
  const into = tree.items.plan(record.sealed, key.kid);
  const text = recordText(record, into);
  openRecord({ ...parseRecordFile(text, ref), sealed: record.sealed }, key);
  await mustStillHold(ref, under);
  const { id, parts } = into;
  await tree.ledger.write(ref, [...(await tree.ledger.read(ref)), { generation, id, parts }]);
  await tree.items.put(ref, generation, record.sealed, into);
  return text;
}
