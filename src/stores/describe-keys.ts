// What the key files say, and what protects the keys that they name. Asks no key source.
import { type KeyGuard, weakest } from '../model/protection.ts';
import type { KeyDescription, KeySourceChoice, ProtectedPlace } from '../model/store.ts';
import type { KeyFile } from './key-file.ts';
import { keyFileMissing } from './key-trouble.ts';
import { isInside, readKeyFiles, type Tree } from './open-tree.ts';
import { holdsSealedFiles } from './tree-layout.ts';

export async function describeKeys(tree: Tree): Promise<KeyDescription | undefined> {
  const { current, next } = await readKeyFiles(tree);
  if (current === undefined && (await holdsSealedFiles(tree.files, tree.layout))) {
    throw keyFileMissing(tree.layout.keyFile);
  }
  if (current === undefined) return undefined;
  const other = next === undefined || next.kid === current.kid ? null : describeFile(tree, next);
  return { ...describeFile(tree, current), tree: current.tree, next: other };
}

function describeFile(tree: Tree, { kid, source, createdAt }: KeyFile): Omit<KeyDescription, 'tree' | 'next'> {
  return { kid, source: source.type, createdAt, ...place(tree, source, kid) };
}

interface Place extends KeyGuard {
  readonly where: string;
}

function place(tree: Tree, choice: KeySourceChoice, kid: string): Place {
  const source = tree.source(choice);
  const { protection, readers } = source.guard;
  const beside = choice.type === 'file' && isInside(tree, choice.path);
  return {
    where: choice.type === 'file' ? choice.path : source.describe(kid),
    protection: beside ? 'none' : protection,
    readers: beside ? 'whoever can read the records: it lies beside them' : readers,
  };
}

export async function protectionOf(tree: Tree, asked: KeySourceChoice | undefined): Promise<ProtectedPlace> {
  const { current, next } = await readKeyFiles(tree);
  const named = (choice: KeySourceChoice) => ({ ...place(tree, choice, current?.kid ?? '…'), named: true });
  if (asked !== undefined) return named(asked);
  const { explicit, fallback } = tree.choice;
  const files = [current, next].flatMap((file) =>
    file === undefined ? [] : [{ ...place(tree, file.source, file.kid), named: false }],
  );
  const [first, ...others] = [...files, ...(explicit === undefined ? [] : [named(explicit)])];
  // A new tree gets its key where it would be made.
  return first === undefined ? named(fallback) : weakest(first, ...others);
}
