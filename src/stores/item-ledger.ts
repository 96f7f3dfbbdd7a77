// The ledger of one record: which keychain items there may be of it. Written before an item is, since a keychain cannot be
// asked what it holds; so whatever a killed process leaves is found. Changed under the record's lock only.
import { CliError } from '../errors.ts';
import { isJsonObject, parseJson } from '../model/json.ts';
import type { Files } from '../model/ports.ts';
import type { RecordKind, RecordRef } from '../model/store.ts';
import type { ClearRecord, PointingRecord } from './open-record.ts';
import { recordNameOf, type TreeLayout } from './tree-layout.ts';

const version = 1;

/** The items of one write. */
export interface ItemSet {
  readonly generation: number;
  readonly id: string;
  readonly parts: number;
}

export interface ItemLedger {
  /** The oldest first. Throws `record_unreadable`. */
  read(ref: RecordRef): Promise<readonly ItemSet[]>;
  write(ref: RecordRef, sets: readonly ItemSet[]): Promise<void>;
  /** Names of records that have one. */
  names(kind: RecordKind): Promise<readonly string[]>;
}

export function itemLedger(files: Files, layout: TreeLayout): ItemLedger {
  return {
    async read(ref) {
      const path = layout.ledgerFile(ref);
      const text = await files.readOwn(path);
      return text === undefined ? [] : parseLedger(text, path);
    },
    async write(ref, sets) {
      const path = layout.ledgerFile(ref);
      if (sets.length === 0) {
        await files.remove(path);
        return;
      }
      await files.ensureFolder(layout.ledgerFolder(ref.kind));
      await files.replaceOwn(path, `${JSON.stringify({ version, items: sets }, null, 2)}\n`);
    },
    async names(kind) {
      const fileNames = (await files.list(layout.ledgerFolder(kind))) ?? [];
      return fileNames.flatMap((fileName) => recordNameOf(fileName) ?? []);
    },
  };
}

function parseLedger(text: string, path: string): readonly ItemSet[] {
  const json = parseJson(text);
  if (isJsonObject(json) && json.version === version && Array.isArray(json.items)) {
    const sets = json.items.flatMap((item: unknown) => (isItemSet(item) ? [item] : []));
    if (sets.length === json.items.length) return sets;
  }
  throw new CliError('record_unreadable', `${path}, which names keychain items, is damaged`, {
    hint: `restore it from a backup; or remove it, and what it named stays in the keychain`,
  });
}

function isItemSet(value: unknown): value is ItemSet {
  if (typeof value !== 'object' || value === null || !('generation' in value) || !('id' in value)) return false;
  const counts = [value.generation, 'parts' in value ? value.parts : undefined];
  return /^[0-9a-f]{32}$/.test(String(value.id)) && counts.every((count) => Number.isSafeInteger(count));
}

/**
 * A process that read the record a moment ago must still open what it read, and a refresh writes twice: so the items of two
 * generations before stay until the next write.
 */
const generationsKept = 2;

/** Which of the items nobody needs: every one, when the record is gone or holds its sealed part itself. */
export function orphansAmong(
  sets: readonly ItemSet[],
  record: ClearRecord | PointingRecord | undefined,
): readonly ItemSet[] {
  if (record === undefined || !('sealedIn' in record)) return sets;
  const { generation, sealedIn } = record;
  const before = sets.filter((set) => set.generation < generation);
  const kept = before.sort((a, b) => b.generation - a.generation).slice(0, generationsKept);
  return sets.filter((set) => set.id !== sealedIn.id && !kept.includes(set));
}
