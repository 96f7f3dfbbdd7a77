// The end of a tree's key: every item that is ours, then the files that speak of it. Nothing that it sealed is left by then.
import { overFiles } from './file-trouble.ts';
import { isInside, readKeyFiles, type Tree } from './open-tree.ts';

/** Under the key lock. Returns where copies still lie: a person's file, variable or program, and what a keychain did not let go. */
export async function destroyKey(tree: Tree): Promise<readonly string[]> {
  const { files, layout } = tree;
  // A key file that cannot be read names no item; the rest goes all the same.
  const { current, next } = await readKeyFiles(tree).catch(() => ({ current: undefined, next: undefined }));
  const left: string[] = [];
  for (const file of [current, next]) {
    if (file === undefined) continue;
    const { source } = file;
    const leftAt = await tree.source(source).remove(file.kid);
    // One that lies in the tree is the tree's own, as the sandbox's is.
    if (source.type === 'file' && isInside(tree, source.path))
      await overFiles('removing the key file', () => files.remove(source.path));
    else if (leftAt !== undefined) left.push(leftAt);
    // Of rotations and moves that were killed at their very end.
    for (const { kid } of file.retired) await tree.source({ type: 'keychain' }).remove(kid);
  }
  await overFiles('removing key.json', async () => {
    for (const path of [layout.keyNext, layout.keyDraft, layout.keyFile]) await files.remove(path);
  });
  return [...new Set(left)];
}
