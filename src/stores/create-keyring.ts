// The seal keys of one tree: read once per process and checked, or made on first use, once whatever number of processes ask.
import { CliError } from '../errors.ts';
import type { Keyring, SealKey } from '../model/store.ts';
import { adoptKey } from './adopt-key.ts';
import { describeKeys, protectionOf } from './describe-keys.ts';
import { destroyKey } from './destroy-key.ts';
import { overFiles } from './file-trouble.ts';
import type { KeyFile } from './key-file.ts';
import { keyFilesGone } from './key-trouble.ts';
import { makeKey } from './make-key.ts';
import { moveKey } from './move-key.ts';
import { type KeyFiles, type KeyringDeps, openKey, readKeyFiles, type Tree } from './open-tree.ts';
import { createLocks } from './record-lock.ts';
import { resetTree } from './reset-tree.ts';
import { auditKeys, fingerprintOf } from './retired-keys.ts';
import { beginRotation, endRotation } from './rotate-key.ts';
import { treeLayout } from './tree-layout.ts';

/** The first of many processes may wait for a person to unlock the keychain; the others wait for it. */
const lockWaitMs = 90_000;

export function createKeyring(deps: KeyringDeps): Keyring {
  const tree: Tree = {
    ...deps,
    layout: treeLayout(deps.files, deps.dataFolder),
    locks: deps.locks ?? createLocks(deps),
  };
  const keys = openKeys(tree);
  const trailKeys = async () => {
    await keys.first();
    const { file, key } = await keys.newest();
    return auditKeys(file, key);
  };
  return {
    key: keys.first,
    keyFor: keys.of,
    keyToSeal: async () => (await keys.newest()).key,
    describe: () => describeKeys(tree),
    protection: (to) => protectionOf(tree, to),
    fingerprint: async (provider, token) => fingerprintOf(await trailKeys(), provider, token),
    auditKeys: async () => new Map((await trailKeys()).map(({ kid, bytes }) => [kid, bytes])),
    move: (to) => underLock(tree, () => moveKey(tree, to)),
    beginRotation: (to) => underLock(tree, () => beginRotation(tree, to)),
    endRotation: (rotation, mustBeDone) => underLock(tree, () => endRotation(tree, rotation, mustBeDone)),
    keyFile: () => overFiles("reading the tree's key file", () => deps.files.readOwn(tree.layout.keyFile)),
    async adopt(keyFile) {
      await adoptKey(tree, keyFile);
      keys.forget();
    },
    async destroy() {
      keys.forget();
      return underLock(tree, () => destroyKey(tree));
    },
    async reset() {
      keys.forget();
      return resetTree(tree);
    },
  };
}

async function underLock<T>({ locks, layout }: Tree, body: () => Promise<T>): Promise<T> {
  const lock = await locks.acquire(layout.keyLock, 'the seal key', { waitMs: lockWaitMs });
  try {
    return await body();
  } finally {
    await lock.release();
  }
}

function whenKeyTrouble(error: unknown): undefined {
  if (!(error instanceof CliError)) throw error;
}

/** What this process has opened so far. A failure is kept as well: a hundred connections must not wait a hundred times for a locked keychain. */
function openKeys(tree: Tree) {
  const opened = new Map<string, Promise<SealKey | undefined>>();
  let asked: Promise<SealKey> | undefined;
  const open = async (kid: string, seen: KeyFiles): Promise<SealKey | undefined> => {
    const pick = ({ next, current }: KeyFiles) => [next, current].find((file) => file?.kid === kid);
    const opening = opened.get(kid) ?? openKey(tree, pick, { seen });
    opened.set(kid, opening);
    const key = await opening;
    if (key === undefined) opened.delete(kid);
    return key;
  };
  const obtain = async (): Promise<SealKey> => {
    const files = await readKeyFiles(tree);
    const there = files.current && (await open(files.current.kid, files));
    if (there !== undefined) return there;
    return underLock(tree, async () => {
      // Another process may have made it while this one waited.
      const seen = await readKeyFiles(tree);
      const key = (await openKey(tree, ({ current }) => current, { seen })) ?? (await makeKey(tree, seen.current));
      opened.set(key.kid, Promise.resolve(key));
      return key;
    });
  };
  const first = () => {
    asked ??= obtain();
    return asked;
  };
  return {
    first,
    async of(kid: string): Promise<SealKey | undefined> {
      const known = await opened.get(kid);
      if (known !== undefined) return known;
      const files = await readKeyFiles(tree);
      if (files.current?.kid === kid || files.next?.kid === kid) return open(kid, files);
      // It has the words for what is wrong when there is no key at all.
      await first();
      return undefined;
    },
    async newest(): Promise<{ readonly file: KeyFile; readonly key: SealKey }> {
      const files = await readKeyFiles(tree);
      const { current, next } = files;
      // Where the new key cannot be had the old one still serves: nothing is lost, the rotation only cannot end before this is sealed anew.
      const newer = next && (await open(next.kid, files).catch(whenKeyTrouble));
      if (next !== undefined && newer !== undefined) return { file: next, key: newer };
      const key = current && (await open(current.kid, files));
      if (current === undefined || key === undefined) throw keyFilesGone(tree.layout.keyFile);
      return { file: current, key };
    },
    forget() {
      opened.clear();
      asked = undefined;
    },
  };
}
