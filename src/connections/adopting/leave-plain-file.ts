// What becomes of the plain file once its grant rests sealed: it is named for deletion, or deleted where that was asked.
import type { Workspace } from '../workspace.ts';
import type { FoundGrant } from './read-foreign.ts';

export interface PlainFile {
  readonly path: string;
  readonly removed: boolean;
  readonly says: string;
}

/** Null when it came through standard input. */
export async function leavePlainFile(
  { system: { files } }: Workspace,
  { path, isForOne, grant, what }: FoundGrant,
  remove: boolean,
): Promise<PlainFile | null> {
  if (path === null) return null;
  const left = (says: string): PlainFile => ({ path, removed: false, says });
  if (!isForOne) {
    const why = remove ? `, which holds more than that and was left alone` : '';
    return left(`take '${grant.entry ?? 'the entry'}' out of ${path}${why}: it still opens your account`);
  }
  if (!remove) return left(`remove ${path}: it still opens your account`);
  // What a link points to would stay, and the person would think it gone.
  if ((await files.facts(path))?.kind !== 'file')
    return left(`${path} is no plain file: remove ${what} where it lies; it still opens your account`);
  await files.remove(path);
  return { path, removed: true, says: `removed ${path}; copies and backups of it still open your account` };
}
