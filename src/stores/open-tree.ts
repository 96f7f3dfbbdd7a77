// Opening the key of a tree that exists: tried where key.json says, or where the person says, and checked always.
import type { Clock, Files, Liveness, Random } from '../model/ports.ts';
import type { KeySourceChoice, SealKey } from '../model/store.ts';
import { overFiles } from './file-trouble.ts';
import { type KeyFile, keyFits, parseKeyFile } from './key-file.ts';
import type { FoundKey, KeySource } from './key-source.ts';
import { keyMalformed, keyMismatch, keyMissing } from './key-trouble.ts';
import type { Locks } from './record-lock.ts';
import { holdsSealedFiles, type TreeLayout } from './tree-layout.ts';

export interface KeyringDeps {
  readonly files: Files;
  readonly random: Random;
  readonly clock: Clock;
  readonly liveness: Liveness;
  /** The store's, where there is one. */
  readonly locks?: Locks | undefined;
  /** Absolute. */
  readonly dataFolder: string;
  source(choice: KeySourceChoice): KeySource;
  /** `explicit`: from a flag, the environment or the settings. It is the source of a new tree; in an existing one its key is tried. */
  readonly choice: { readonly explicit: KeySourceChoice | undefined; readonly fallback: KeySourceChoice };
  /** A key file may be made inside the data folder: for the sandbox, whose grants are worth nothing. */
  readonly mayCreateBeside?: boolean;
  warn(message: string): void;
}

export interface Tree extends KeyringDeps {
  readonly layout: TreeLayout;
  readonly locks: Locks;
}

export interface KeyFiles {
  readonly current: KeyFile | undefined;
  /** Of a rotation under way: what is written is sealed with its key. */
  readonly next: KeyFile | undefined;
}

export async function readKeyFiles(tree: Tree): Promise<KeyFiles> {
  // In this order: a rotation that ends in between renames next to current, and then both are the new one.
  const next = await readKeyFile(tree, tree.layout.keyNext);
  return { next, current: await readKeyFile(tree, tree.layout.keyFile) };
}

async function readKeyFile(tree: Tree, path: string): Promise<KeyFile | undefined> {
  const text = await overFiles("reading the tree's key file", () => tree.files.readOwn(path));
  return text === undefined ? undefined : parseKeyFile(text, path);
}

const tries = 3;

/**
 * `seen`: what the key files were a moment ago. `not`: a source that is named for what comes, so that it is no wish for now.
 * The key of the file that `pick` chooses; undefined when there is none, or when its key may be made anew. What fails while
 * another process rotates or moves the key is tried again with what the files say then.
 */
export async function openKey(
  tree: Tree,
  pick: (files: KeyFiles) => KeyFile | undefined,
  { seen, not }: { readonly seen?: KeyFiles; readonly not?: KeySourceChoice | undefined } = {},
): Promise<SealKey | undefined> {
  for (let count = 1; ; count++) {
    const files = count === 1 && seen !== undefined ? seen : await readKeyFiles(tree);
    const file = pick(files);
    if (file === undefined) return undefined;
    try {
      return await openFile(tree, file, files, not);
    } catch (error) {
      if (count === tries || pick(await readKeyFiles(tree))?.check === file.check) throw error;
    }
  }
}

async function openFile(
  tree: Tree,
  file: KeyFile,
  { next }: KeyFiles,
  not: KeySourceChoice | undefined,
): Promise<SealKey | undefined> {
  const { explicit } = tree.choice;
  const named = explicit !== undefined && (not === undefined || !sameSource(explicit, not)) ? explicit : undefined;
  if (named === undefined || sameSource(named, file.source)) return openFrom(tree, file, file.source, next);
  if (next === undefined) return openFrom(tree, file, named, next);
  // Two keys are in use, and what is named can hold one of them only.
  const source = tree.source(named);
  const found = await source.key(file.kid);
  if (found.state !== 'found' || !keyFits(file, found.bytes)) return openFrom(tree, file, file.source, next);
  warnWhenReadable(tree, source, file.kid, found);
  return { kid: file.kid, bytes: found.bytes };
}

async function openFrom(
  tree: Tree,
  file: KeyFile,
  choice: KeySourceChoice,
  next: KeyFile | undefined,
): Promise<SealKey | undefined> {
  const source = tree.source(choice);
  const found = await source.key(file.kid);
  const own = sameSource(choice, file.source) ? undefined : tree.source(file.source).describe(file.kid);
  if (found.state === 'found') {
    warnWhenBeside(tree, choice);
    if (!keyFits(file, found.bytes)) {
      throw keyMismatch(source.describe(file.kid), own ?? source.describe(file.kid));
    }
    warnWhenReadable(tree, source, file.kid, found);
    return { kid: file.kid, bytes: found.bytes };
  }
  if (found.state === 'malformed') throw keyMalformed(source, file.kid, own);
  if (own !== undefined || next !== undefined || (await holdsSealedFiles(tree.files, tree.layout))) {
    throw keyMissing(source, file.kid, found.state, own);
  }
  return undefined;
}

export function warnWhenReadable(
  tree: Tree,
  source: KeySource,
  kid: string,
  found: FoundKey & { state: 'found' },
): void {
  if (found.worldReadable) tree.warn(`${source.describe(kid)} can be read by every user of this machine: chmod 600 it`);
}

/** A copy of the folder is all that somebody needs then; and whoever can write to it may have put that key there. */
function warnWhenBeside(tree: Tree, choice: KeySourceChoice): void {
  if (choice.type !== 'file' || tree.mayCreateBeside || !isInside(tree, choice.path)) return;
  tree.warn(`the seal key ${choice.path} lies in the data folder, beside what it seals: it protects nothing there`);
}

export function sameSource(a: KeySourceChoice, b: KeySourceChoice): boolean {
  if (a.type === 'file' && b.type === 'file') return a.path === b.path;
  if (a.type === 'command' && b.type === 'command') return a.command === b.command;
  return a.type === b.type;
}

/** Without regard to case, since some file systems have none. */
export function isInside({ files, dataFolder }: Pick<Tree, 'files' | 'dataFolder'>, path: string): boolean {
  const below = files.join(files.resolve(dataFolder), '.x').slice(0, -2);
  return files.resolve(path).toLowerCase().startsWith(below.toLowerCase());
}
