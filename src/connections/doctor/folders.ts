// The folders of the tree: ours, closed to others, and writable.
import { overFiles } from '../../stores/file-trouble.ts';
import type { Workspace } from '../workspace.ts';
import { type Check, type Finding, failed, ok, orFailed } from './check.ts';

export const folders: Check = {
  id: 'folders',
  async look(workspace) {
    const { config, data, state } = workspace.paths;
    const findings = [];
    for (const path of new Set([config, data, state])) findings.push(await orFailed(() => lookAt(workspace, path)));
    const isThere = (await workspace.system.files.facts(data).catch(() => undefined)) !== undefined;
    return isThere ? [...findings, await orFailed(() => write(workspace))] : findings;
  },
};

async function lookAt({ system: { files } }: Workspace, path: string): Promise<Finding> {
  return overFiles(`looking at ${path}`, async () => {
    const facts = await files.facts(path);
    if (facts === undefined) return ok(`${path} will be made when it is needed`);
    // Of our own tree no folder is a link, but what lies above it, and so the whole tree, may be.
    if (facts.kind === 'file' || facts.kind === 'other')
      return failed(`${path} is no folder`, `move ${path} elsewhere`);
    // Closes it to others, which is told.
    await files.list(path);
    return ok(`${path} is ours and closed to others`);
  });
}

async function write({ store, paths }: Workspace): Promise<Finding> {
  await store.probe();
  return ok(`${paths.data} can be written, and reads back`);
}
