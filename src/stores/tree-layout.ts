// Where everything of one tree lies inside its data folder. These paths are for good.
import type { Files } from '../model/ports.ts';
import type { RecordKind, RecordRef } from '../model/store.ts';
import { decodeRecordName, encodeRecordName } from './record-name.ts';

export const recordKinds: readonly RecordKind[] = ['connections', 'apps'];

export interface TreeLayout {
  readonly folder: string;
  readonly keyFile: string;
  /** Of the same form: the key that a rotation under way goes to. */
  readonly keyNext: string;
  /** The key that is being made; gone once `keyFile`, or `keyNext`, is there. */
  readonly keyDraft: string;
  readonly keyLock: string;
  /** Says which store the tree writes to; missing where that is `files`. */
  readonly storeFile: string;
  readonly storeLock: string;
  recordFolder(kind: RecordKind): string;
  recordFile(ref: RecordRef): string;
  /** Outside the folder of the records, so that listing them meets nothing else. */
  recordLock(ref: RecordRef): string;
  ledgerFolder(kind: RecordKind): string;
  /** Names the keychain items that there may be of a record. */
  ledgerFile(ref: RecordRef): string;
}

export function treeLayout(files: Pick<Files, 'join'>, dataFolder: string): TreeLayout {
  return {
    folder: dataFolder,
    keyFile: files.join(dataFolder, 'key.json'),
    keyNext: files.join(dataFolder, 'key.next.json'),
    keyDraft: files.join(dataFolder, 'key.draft.json'),
    keyLock: files.join(dataFolder, 'locks', 'key'),
    storeFile: files.join(dataFolder, 'store.json'),
    storeLock: files.join(dataFolder, 'locks', 'store'),
    recordFolder: (kind) => files.join(dataFolder, kind),
    recordFile: (ref) => files.join(dataFolder, ref.kind, recordFileName(ref.name)),
    recordLock: (ref) => files.join(dataFolder, 'locks', ref.kind, encodeRecordName(ref.name)),
    ledgerFolder: (kind) => files.join(dataFolder, 'items', kind),
    ledgerFile: (ref) => files.join(dataFolder, 'items', ref.kind, recordFileName(ref.name)),
  };
}

const extension = '.json';

export function recordFileName(name: string): string {
  return encodeRecordName(name) + extension;
}

/** Undefined for a file that is no record's. */
export function recordNameOf(fileName: string): string | undefined {
  return fileName.endsWith(extension) ? decodeRecordName(fileName.slice(0, -extension.length)) : undefined;
}

/** Every file that may be sealed, copies with odd names included. */
export async function sealedFiles(
  files: Pick<Files, 'list'>,
  layout: TreeLayout,
  kind: RecordKind,
): Promise<readonly string[]> {
  const fileNames = (await files.list(layout.recordFolder(kind))) ?? [];
  return fileNames.filter((fileName) => fileName.toLowerCase().endsWith(extension));
}

export async function holdsSealedFiles(files: Pick<Files, 'list'>, layout: TreeLayout): Promise<boolean> {
  for (const kind of recordKinds) {
    if ((await sealedFiles(files, layout, kind)).length > 0) return true;
  }
  return false;
}
