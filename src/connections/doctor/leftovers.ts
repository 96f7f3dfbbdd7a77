// What a process left when it was killed in the middle of a write: files of temporary names, sealed or in clear as the file was,
// and keychain items that no record needs.
import { counted } from '../../model/counted.ts';
import type { Files } from '../../model/ports.ts';
import { overFiles } from '../../stores/file-trouble.ts';
import type { Workspace } from '../workspace.ts';
import { type Check, type Finding, failed, ok, orFailed } from './check.ts';

/** `.NAME.UNIQUE.tmp` beside the file that was to be written, and the store's trial writes. */
const temporary = /^(\..+\.[0-9a-f]+|probe-[0-9a-f]+)\.tmp$/;
/** A write takes milliseconds; one that is under way is nobody's leftover. */
const oldMs = 10 * 60_000;

export const leftovers: Check = {
  id: 'leftovers',
  async look(workspace) {
    return [
      await orFailed(async () => {
        const found = await find(workspace);
        if (found.length === 0) return ok('no file was left behind by a killed process');
        const what = `${counted(found.length, 'temporary file')} left behind by a killed process`;
        return failed(`${what}: ${found.join(', ')}`, 'oauthctl doctor --repair');
      }),
      ...(await orphanedItems(workspace)),
    ];
  },
  async repair(workspace): Promise<readonly Finding[]> {
    const found = await find(workspace);
    for (const path of found) await overFiles(`removing ${path}`, () => workspace.system.files.remove(path));
    const { removed, left, why } = await workspace.store.removeOrphans();
    return [
      ...found.map((path): Finding => ({ state: 'repaired', says: `removed ${path}` })),
      ...(removed > 0 ? [{ state: 'repaired', says: `items removed from the keychain: ${removed}` } as const] : []),
      ...(left > 0 ? [failed(`still in the keychain: ${left}: ${why}`, 'oauthctl doctor --repair')] : []),
    ];
  },
};

/** Nothing is said where there is none: most trees keep none there. */
async function orphanedItems({ store }: Workspace): Promise<readonly Finding[]> {
  const orphans = await store.findOrphans();
  const whose = orphans.map(({ ref, items }) => `${items} of '${ref.name}'`);
  if (whose.length === 0) return [];
  return [failed(`items in the keychain that no record needs: ${whose.join(', ')}`, 'oauthctl doctor --repair')];
}

async function find({ system: { files, clock }, paths }: Workspace): Promise<readonly string[]> {
  const { config, data, state } = paths;
  const below = (folder: string, ...names: string[]) => [folder, ...names.map((name) => files.join(folder, name))];
  const places = [
    ...below(config, 'providers'),
    ...below(
      data,
      'connections',
      'apps',
      'signing-in',
      files.join('items', 'connections'),
      files.join('items', 'apps'),
    ),
    ...below(state, 'audit'),
    ...(await lockFolders(files, data)),
    files.join(state, 'audit', 'lock'),
  ];
  const found: string[] = [];
  for (const folder of new Set(places)) {
    for (const name of (await overFiles(`listing ${folder}`, () => files.list(folder))) ?? []) {
      const path = files.join(folder, name);
      const facts = temporary.test(name) ? await files.facts(path) : undefined;
      if (facts?.kind === 'file' && clock.now() - facts.modifiedAt > oldMs) found.push(path);
    }
  }
  return found;
}

async function lockFolders(files: Files, data: string): Promise<readonly string[]> {
  const locks = files.join(data, 'locks');
  const folders = [files.join(locks, 'key')];
  for (const kind of ['connections', 'apps']) {
    const folder = files.join(locks, kind);
    const names = await overFiles(`listing ${folder}`, () => files.list(folder));
    folders.push(...(names ?? []).map((name) => files.join(folder, name)));
  }
  return folders;
}
