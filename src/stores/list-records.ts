// What lies in the folders of the records: those that read, those that do not, and what is no record's.
import { CliError } from '../errors.ts';
import type { ListedRecord, RecordKind, RecordRef } from '../model/store.ts';
import { type RecordTree, read } from './create-store.ts';
import { recordNameOf, sealedFiles } from './tree-layout.ts';

export async function namesOf(tree: RecordTree, kind: RecordKind): Promise<string[]> {
  return (await look(tree, kind)).found.map(({ name }) => name);
}

export async function listRecords(tree: RecordTree, kind: RecordKind): Promise<ListedRecord[]> {
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
  tree: RecordTree,
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

async function listOne(tree: RecordTree, ref: RecordRef, path: string): Promise<ListedRecord | undefined> {
  try {
    const record = await read(tree, ref, path);
    return record === undefined ? undefined : { ok: true, record };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    const code = error.code === 'record_too_new' ? error.code : 'record_unreadable';
    return { ok: false, ref, code, message: error.message, hint: error.hint };
  }
}
