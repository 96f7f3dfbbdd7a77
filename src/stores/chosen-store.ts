// Which store a tree writes to: chosen once, when it is new, and noted in store.json, which is missing where it is `files`.
// `store migrate` changes it. What is there already says for itself where it rests.
import { CliError } from '../errors.ts';
import { isJsonObject, parseJson } from '../model/json.ts';
import type { Files } from '../model/ports.ts';
import type { StoreName, StoreWish } from '../model/store.ts';
import { holdsSealedFiles, type TreeLayout } from './tree-layout.ts';

const version = 1;

export interface NotedStore {
  readonly store: StoreName;
  /** The store of before, until everything has moved. */
  readonly movingFrom: StoreName | null;
}

interface StoreFileDeps {
  readonly files: Files;
  readonly layout: TreeLayout;
}

/** What this tree writes to, without regard to what anybody asks for. */
export async function notedStore(deps: StoreFileDeps): Promise<NotedStore> {
  return (await readNote(deps)) ?? { store: 'files', movingFrom: null };
}

/** What is written now goes there. A new tree takes what is asked for, and keeps to it; in another one something else is `invalid_value`. */
export async function storeToWrite(deps: StoreFileDeps, wish: StoreWish | undefined): Promise<StoreName> {
  const { store, isNew } = await ownStore(deps, wish);
  if (wish !== undefined && wish.store !== store) {
    throw new CliError('invalid_value', `${wish.from}: ${wish.store}, but this tree keeps its records in ${store}`, {
      hint: `oauthctl store migrate --to ${wish.store} moves them; or leave it out`,
    });
  }
  if (!isNew || store === 'files') return store;
  await deps.files.ensureFolder(deps.layout.folder);
  await deps.files.createOwn(deps.layout.storeFile, noteText({ store, movingFrom: null }));
  return (await notedStore(deps)).store;
}

/** Of a new tree: what it would be. */
export async function ownStore(
  deps: StoreFileDeps,
  wish: StoreWish | undefined,
): Promise<NotedStore & { readonly isNew: boolean }> {
  const noted = await readNote(deps);
  if (noted !== undefined) return { ...noted, isNew: false };
  if (wish === undefined || (await holdsSealedFiles(deps.files, deps.layout))) {
    return { store: 'files', movingFrom: null, isNew: false };
  }
  return { store: wish.store, movingFrom: null, isNew: true };
}

export async function noteStore({ files, layout }: StoreFileDeps, note: NotedStore): Promise<void> {
  if (note.store === 'files' && note.movingFrom === null) {
    await files.remove(layout.storeFile);
    return;
  }
  await files.ensureFolder(layout.folder);
  await files.replaceOwn(layout.storeFile, noteText(note));
}

function noteText({ store, movingFrom }: NotedStore): string {
  return `${JSON.stringify({ version, store, moving_from: movingFrom }, null, 2)}\n`;
}

async function readNote({ files, layout }: StoreFileDeps): Promise<NotedStore | undefined> {
  const text = await files.readOwn(layout.storeFile);
  if (text === undefined) return undefined;
  const note = parseJson(text);
  if (isJsonObject(note) && typeof note.version === 'number' && note.version > version) {
    throw new CliError('record_too_new', `${layout.storeFile} was written by a newer oauthctl`, {
      hint: 'npm install --global oauthctl@latest',
    });
  }
  const { store, moving_from: movingFrom } = isJsonObject(note) ? note : {};
  if (isStoreName(store) && (movingFrom === null || isStoreName(movingFrom))) return { store, movingFrom };
  throw new CliError('record_unreadable', `${layout.storeFile} is damaged, so it is not known where to write`, {
    hint: 'restore it from a backup; or remove it: records are then written to files, and read wherever they rest',
  });
}

function isStoreName(value: unknown): value is StoreName {
  return value === 'files' || value === 'keychain-items';
}
