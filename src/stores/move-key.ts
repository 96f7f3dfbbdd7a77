// `key move`: the same key in another source. key.json names, at every instant, one source that gives it.
import type { KeySourceChoice, SealKey } from '../model/store.ts';
import { overFiles } from './file-trouble.ts';
import { keyFileMissing, keyNotThere, noKeyYet, otherKeyThere, rotationUnderWay } from './key-trouble.ts';
import { keyFileText, mustLieElsewhere } from './make-key.ts';
import { openKey, readKeyFiles, sameSource, type Tree, warnWhenReadable } from './open-tree.ts';
import { holdsSealedFiles } from './tree-layout.ts';

/** Under the key lock. */
export async function moveKey(
  tree: Tree,
  to: KeySourceChoice,
): Promise<{ readonly moved: boolean; readonly leftAt: string | undefined }> {
  const { files, layout } = tree;
  const { current, next } = await readKeyFiles(tree);
  if (next !== undefined) throw rotationUnderWay();
  const key = current && (await openKey(tree, (now) => now.current, { not: to }));
  if (current === undefined || key === undefined) throw await nothingToMove(tree);
  // A passphrase may be changed.
  if (sameSource(to, current.source) && to.type !== 'passphrase') {
    // A move that was killed at its end may have left the item of before.
    if (to.type !== 'keychain') await tree.source({ type: 'keychain' }).remove(key.kid);
    return { moved: false, leftAt: undefined };
  }
  const source = await putKey(tree, key, to);
  await overFiles('writing key.json', () =>
    files.replaceOwn(layout.keyFile, keyFileText(tree, { ...current, source }, key)),
  );
  warnWhenNamedElsewhere(tree, to);
  const leftAt = await tree.source(current.source).remove(key.kid);
  return { moved: true, leftAt };
}

export async function nothingToMove({ files, layout, dataFolder }: Tree) {
  return (await holdsSealedFiles(files, layout)) ? keyFileMissing(layout.keyFile) : noKeyYet(dataFolder);
}

/** Returns the source as key.json is to name it. A move that was cut short before may have put the key there. */
async function putKey(tree: Tree, { kid, bytes }: SealKey, to: KeySourceChoice): Promise<KeySourceChoice> {
  const source = tree.source(to);
  const found = await source.key(kid);
  if (found.state === 'found') {
    if (found.bytes.reveal() !== bytes.reveal()) throw otherKeyThere(kid, source);
    warnWhenReadable(tree, source, kid, found);
    return to;
  }
  if (found.state === 'malformed') throw keyNotThere('does not hold a seal key', kid, source);
  if (to.type === 'env' || to.type === 'command') throw keyNotThere('does not hold the key yet', kid, source);
  mustLieElsewhere(tree, to, '--to');
  return source.create(kid, bytes);
}

/** It is tried before what key.json names, in every call from now on. */
export function warnWhenNamedElsewhere({ choice: { explicit }, warn }: Tree, to: KeySourceChoice): void {
  if (explicit === undefined || sameSource(explicit, to)) return;
  const named = explicit.type === 'file' ? `file:${explicit.path}` : explicit.type;
  warn(`--key, a variable or the settings name another source (${named}), which is tried first: take that out`);
}
