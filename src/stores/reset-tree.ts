// `key reset`: nothing is deleted. What the lost key sealed, and key.json with it, moves into a dated folder of the tree.
// The keychain item stays too: if the key comes back, what lies there can still be opened.
import { toRfc3339 } from '../model/instants.ts';
import type { RecordKind, RecordRef } from '../model/store.ts';
import { overFiles } from './file-trouble.ts';
import type { Tree } from './open-tree.ts';
import { recordFileName, recordNameOf, sealedFiles } from './tree-layout.ts';

/** A refresh under way is given the time to save its answer before its record moves. */
const lockWaitMs = 30_000;

export async function resetTree(tree: Tree): Promise<{
  readonly movedTo: string;
  readonly connections: readonly string[];
  readonly apps: readonly string[];
}> {
  const { files, layout } = tree;
  const lock = await tree.locks.acquire(layout.keyLock, 'the seal key', { waitMs: lockWaitMs });
  try {
    return await overFiles('moving sealed records aside', async () => {
      const movedTo = await datedFolder(tree);
      const connections = await moveRecords(tree, 'connections', movedTo);
      const apps = await moveRecords(tree, 'apps', movedTo);
      // Last, so that a reset that is cut short can be run again.
      await files.remove(layout.keyDraft);
      for (const name of ['key.next.json', 'key.json'] as const) {
        const path = name === 'key.json' ? layout.keyFile : layout.keyNext;
        if ((await files.facts(path)) === undefined) continue;
        await files.ensureFolder(movedTo);
        await files.rename(path, files.join(movedTo, name));
      }
      return { movedTo, connections, apps };
    });
  } finally {
    await lock.release();
  }
}

async function datedFolder({ files, clock, dataFolder }: Tree): Promise<string> {
  const date = toRfc3339(clock.now())?.replace(/[-:]/g, '');
  for (let count = 1; ; count++) {
    const folder = files.join(dataFolder, `reset-${date}${count === 1 ? '' : `-${count}`}`);
    if ((await files.facts(folder)) === undefined) return folder;
  }
}

/** Every sealed file, those that no record name leads to included. */
async function moveRecords(tree: Tree, kind: RecordKind, movedTo: string): Promise<string[]> {
  const { files, layout, locks } = tree;
  const fileNames = await sealedFiles(files, layout, kind);
  const folder = files.join(movedTo, kind);
  if (fileNames.length > 0) await files.ensureFolder(folder);
  for (const fileName of fileNames) {
    const name = recordNameOf(fileName);
    const lock =
      name === undefined
        ? undefined
        : await locks.acquire(layout.recordLock({ kind, name }), `'${name}'`, { waitMs: lockWaitMs });
    try {
      await files.rename(files.join(layout.recordFolder(kind), fileName), files.join(folder, fileName));
      if (name !== undefined) await moveLedger(tree, { kind, name }, movedTo);
    } finally {
      await lock?.release();
    }
  }
  return fileNames.map((fileName) => recordNameOf(fileName) ?? fileName);
}

/** What was moved can be opened again if the key comes back: nobody may take its keychain items for left over. */
async function moveLedger({ files, layout }: Tree, ref: RecordRef, movedTo: string): Promise<void> {
  const ledger = layout.ledgerFile(ref);
  if ((await files.facts(ledger)) === undefined) return;
  const folder = files.join(movedTo, 'items', ref.kind);
  await files.ensureFolder(folder);
  await files.rename(ledger, files.join(folder, recordFileName(ref.name)));
}
