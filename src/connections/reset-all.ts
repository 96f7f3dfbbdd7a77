// `reset --all`: everything that this program keeps on this machine, except settings and added providers. Grants live on at their
// providers: `revoke` ends those. Only what is ours by name is removed, since a person may have chosen the folders.
import { CliError } from '../errors.ts';
import { counted } from '../model/counted.ts';
import type { Files } from '../model/ports.ts';
import type { RecordKind, RecordRef } from '../model/store.ts';
import { overFiles } from '../stores/file-trouble.ts';
import { noteFolder, noteKinds } from './notes.ts';
import type { Workspace } from './workspace.ts';

/** A refresh under way is given the time to end. */
const lockWaitMs = 30_000;

export interface WipedTree {
  readonly connections: readonly string[];
  readonly apps: readonly string[];
  /** Where copies of the seal key still lie that are not ours to remove. */
  readonly keyLeftAt: readonly string[];
}

/** Run again after it was cut short, it goes on: the key goes after all that it sealed. */
export async function wipeTree(workspace: Workspace): Promise<WipedTree> {
  const { paths, keyring, system } = workspace;
  const { files } = system;
  const connections = await removeRecords(workspace, 'connections');
  const apps = await removeRecords(workspace, 'apps');
  // What an earlier call that was killed has left, and what the keychain would not let go.
  const { left, why } = await workspace.store.removeOrphans();
  if (left > 0)
    workspace.warn(
      `${counted(left, 'item')} of records stay in the keychain (${why}); sealed, and of no use without the key`,
    );
  const keyLeftAt = await keyring.destroy();
  const inData = (name: string) => files.join(paths.data, name);
  // A sandbox's own key lies in its tree, also after a rotation to another.
  const ours = /^(key-[\w-]+\.json|store\.json|seal\.key|reset-[\w-]+)$/;
  const others = ((await files.list(paths.data)) ?? []).filter((name) => ours.test(name));
  const lists = ((await files.list(paths.state)) ?? []).filter((name) => /^to-finish-\w+\.txt$/.test(name));
  const trees = [
    ...['connections', 'apps', 'items', 'signing-in', 'locks', ...others].map(inData),
    ...noteKinds.map((kind) => noteFolder(workspace, kind)),
    ...['audit', 'server', ...lists].map((name) => files.join(paths.state, name)),
  ];
  await overFiles('removing what is left of the tree', async () => {
    for (const path of trees) await removeWhole(files, path);
    for (const folder of [paths.state, paths.data]) {
      if ((await files.list(folder))?.length === 0) await files.removeFolder(folder);
    }
  });
  return { connections, apps, keyLeftAt };
}

/** Also those that do not read; under the lock of each, and with its keychain items. */
async function removeRecords({ store, system }: Workspace, kind: RecordKind): Promise<readonly string[]> {
  const names = await store.names(kind);
  for (const name of names) {
    const ref: RecordRef = { kind, name };
    const lock = await store.lock(ref, { waitMs: lockWaitMs, signal: system.signals.interrupted });
    try {
      await store.remove(ref, lock);
    } finally {
      await lock.release();
    }
  }
  return names;
}

/** Our own trees are a few levels deep; a link among them is removed as a link. */
async function removeWhole(files: Files, path: string, depth = 0): Promise<void> {
  if (depth > 8)
    throw new CliError('store_unavailable', `${path} is deeper than anything of ours`, { hint: `look at ${path}` });
  const facts = await files.facts(path);
  if (facts === undefined) return;
  if (facts.kind !== 'folder') {
    await files.remove(path);
    return;
  }
  for (const name of (await files.list(path)) ?? []) await removeWhole(files, files.join(path, name), depth + 1);
  await files.removeFolder(path);
}
