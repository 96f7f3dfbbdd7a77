// The seal key of one tree: read once per process and checked, or made on first use, once whatever number of processes ask.
import { createHmac, hkdfSync } from 'node:crypto';
import type { Clock, Files, Liveness, Random } from '../model/ports.ts';
import type { Secret } from '../model/secret.ts';
import type { Keyring, KeySourceChoice, SealKey } from '../model/store.ts';
import { adoptKey } from './adopt-key.ts';
import { overFiles } from './file-trouble.ts';
import { type KeyFile, keyFits, parseKeyFile } from './key-file.ts';
import type { FoundKey, KeySource } from './key-source.ts';
import { keyFileMissing, keyMalformed, keyMismatch, keyMissing } from './key-trouble.ts';
import { isInside, makeKey } from './make-key.ts';
import { createLocks, type Locks } from './record-lock.ts';
import { resetTree } from './reset-tree.ts';
import { holdsSealedFiles, type TreeLayout, treeLayout } from './tree-layout.ts';

export interface KeyringDeps {
  readonly files: Files;
  readonly random: Random;
  readonly clock: Clock;
  readonly liveness: Liveness;
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

/** The first of many processes may wait for a person to unlock the keychain; the others wait for it. */
const firstRunWaitMs = 90_000;

export function createKeyring(deps: KeyringDeps): Keyring {
  const tree = { ...deps, layout: treeLayout(deps.files, deps.dataFolder), locks: createLocks(deps) };
  // A failure is kept as well: a hundred connections must not wait a hundred times for a locked keychain.
  let asked: Promise<SealKey> | undefined;
  const key = () => {
    asked ??= obtainKey(tree);
    return asked;
  };
  return {
    key,
    async describe() {
      const file = await readKey(tree);
      if (file === undefined && (await holdsSealedFiles(deps.files, tree.layout))) {
        throw keyFileMissing(tree.layout.keyFile);
      }
      if (file === undefined) return undefined;
      const { kid, tree: id, source, createdAt } = file;
      return { kid, tree: id, source, createdAt };
    },
    fingerprint: async (provider, token) => fingerprintOf(await key(), provider, token),
    keyFile: () => readKeyText(tree),
    async adopt(keyFile) {
      await adoptKey(tree, keyFile);
      asked = undefined;
    },
    async reset() {
      asked = undefined;
      return resetTree(tree);
    },
  };
}

async function obtainKey(tree: Tree): Promise<SealKey> {
  const opened = await openTree(tree);
  if (opened !== undefined) return opened;
  const lock = await tree.locks.acquire(tree.layout.keyLock, 'the seal key', { waitMs: firstRunWaitMs });
  try {
    // Another process may have made it while this one waited.
    return (await openTree(tree)) ?? (await makeKey(tree, await readKey(tree)));
  } finally {
    await lock.release();
  }
}

/** Undefined when a key may be made: the tree is new, or its source holds nothing and nothing was sealed yet. */
async function openTree(tree: Tree): Promise<SealKey | undefined> {
  const file = await readKey(tree);
  if (file === undefined) return undefined;
  const choice = tree.choice.explicit ?? file.source;
  const source = tree.source(choice);
  const found = await source.key(file.kid);
  if (found.state === 'found') {
    warnWhenBeside(tree, choice);
    return checked(tree, file, source, found);
  }
  const own = sameSource(choice, file.source) ? undefined : tree.source(file.source).describe(file.kid);
  if (found.state === 'malformed') throw keyMalformed(source, file.kid, own);
  if (own !== undefined || (await holdsSealedFiles(tree.files, tree.layout))) {
    throw keyMissing(source, file.kid, found.state, own);
  }
  return undefined;
}

function checked(tree: Tree, file: KeyFile, source: KeySource, found: FoundKey & { state: 'found' }): SealKey {
  if (!keyFits(file, found.bytes)) {
    const own = tree.source(file.source).describe(file.kid);
    throw keyMismatch(source.describe(file.kid), own);
  }
  warnWhenReadable(tree, source, file.kid, found);
  return { kid: file.kid, bytes: found.bytes };
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

function readKeyText(tree: Tree): Promise<string | undefined> {
  return overFiles("reading the tree's key file", () => tree.files.readOwn(tree.layout.keyFile));
}

export async function readKey(tree: Tree): Promise<KeyFile | undefined> {
  const text = await readKeyText(tree);
  return text === undefined ? undefined : parseKeyFile(text, tree.layout.keyFile);
}

export function sameSource(a: KeySourceChoice, b: KeySourceChoice): boolean {
  return a.type === b.type && (a.type !== 'file' || b.type !== 'file' || a.path === b.path);
}

/** The audit key is derived, so that the fingerprints in the trail say nothing about the seal key (RFC 5869; no salt: the seal key is random). */
function fingerprintOf(key: SealKey, provider: string, token: Secret): string {
  const auditKey = hkdfSync('sha256', Buffer.from(key.bytes.reveal(), 'base64'), '', 'audit/v1', 32);
  const mac = createHmac('sha256', Buffer.from(auditKey)).update(`fp/v1${provider}${token.reveal()}`).digest();
  return mac.subarray(0, 16).toString('base64url');
}
