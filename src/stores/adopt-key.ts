// A tree's key.json that comes from another machine: it makes the same tree here, where the key that it speaks of is at hand.
import type { KeySourceChoice } from '../model/store.ts';
import { overFiles } from './file-trouble.ts';
import { keyFits, parseKeyFile } from './key-file.ts';
import {
  foreignKeyMissing,
  foreignSource,
  foreignTree,
  keyFileMissing,
  keyMalformed,
  keyMismatch,
} from './key-trouble.ts';
import { readKeyFiles, type Tree, warnWhenReadable } from './open-tree.ts';
import { holdsSealedFiles } from './tree-layout.ts';

const lockWaitMs = 30_000;

/** Its key is proved before anything is written. */
export async function adoptKey(tree: Tree, text: string): Promise<void> {
  const { files, layout, dataFolder } = tree;
  const file = parseKeyFile(text, 'the key file that came along');
  const lock = await tree.locks.acquire(layout.keyLock, 'the seal key', { waitMs: lockWaitMs });
  try {
    const { current: own } = await readKeyFiles(tree);
    if (own?.tree === file.tree && own.kid === file.kid) return;
    if (await holdsSealedFiles(files, layout)) {
      throw own === undefined ? keyFileMissing(layout.keyFile) : foreignTree(dataFolder);
    }
    const source = tree.source(tree.choice.explicit ?? trusted(file.source));
    const found = await source.key(file.kid);
    if (found.state === 'malformed') throw keyMalformed(source, file.kid, undefined);
    if (found.state !== 'found') throw foreignKeyMissing(source, file.kid);
    const tried = source.describe(file.kid);
    if (!keyFits(file, found.bytes)) throw keyMismatch(tried, tried);
    warnWhenReadable(tree, source, file.kid, found);
    await overFiles('writing key.json', async () => {
      await files.ensureFolder(dataFolder);
      // A key that has sealed nothing yet has chained the trail already (`provider add` is noted there), so it stays known.
      if (own !== undefined) await files.rename(layout.keyFile, files.join(dataFolder, `key-${own.kid}.json`));
      await files.replaceOwn(layout.keyFile, text);
    });
  } finally {
    await lock.release();
  }
}

/** Nobody has proved the text yet: a program that it names would run, and a file that it names would be read, for whoever wrote it. */
function trusted(source: KeySourceChoice): KeySourceChoice {
  if (source.type !== 'command' && source.type !== 'file') return source;
  throw foreignSource(source.type === 'file' ? `file:${source.path}` : `command:${source.command}`);
}
