// Opening a file of our own tree: never through a link, and judged by what is really open.
import { isUtf8 } from 'node:buffer';
import { constants } from 'node:fs';
import { fileError, unless } from './file-errors.ts';
import type { FileSystemDeps } from './file-system.ts';

export const longestFile = 1024 * 1024;

/** Neither exists on Windows, where links are looked for first. A pipe in the place of a file must not make us wait. */
const guarded = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Runs `body` on the open file; undefined when there is none. */
export async function withOwnFile<T>(
  path: string,
  flags: number,
  deps: FileSystemDeps,
  body: (fd: number) => T | Promise<T>,
): Promise<T | undefined> {
  const { fs, platform } = deps;
  // Whoever can put a link there between the two calls owns the folder anyway.
  const isLink = platform === 'win32' && unless(['ENOENT'], false, () => fs.lstatSync(path).isSymbolicLink());
  if (isLink) throw fileError('link', path, 'it is a link');
  const fd = unless(['ENOENT'], undefined, () => fs.openSync(path, flags | guarded, 0o600));
  if (fd === undefined) return undefined;
  try {
    check(path, fd, deps);
    return await body(fd);
  } finally {
    fs.closeSync(fd);
  }
}

function check(path: string, fd: number, { fs, uid, onMended }: FileSystemDeps): void {
  const stats = fs.fstatSync(fd);
  if (!stats.isFile()) throw fileError('other', path, 'it is not a file');
  if (uid === undefined) return;
  if (stats.uid !== uid) throw fileError('foreign_owner', path, 'it belongs to another user');
  if ((stats.mode & 0o077) === 0) return;
  try {
    fs.fchmodSync(fd, stats.mode & 0o700);
  } catch {
    // A read-only file system, or one without modes: the content is still ours to read.
  }
  onMended(path, (fs.fstatSync(fd).mode & 0o077) === 0);
}

/** The whole text. One call more than the size needs, since files grow. */
export function readText(path: string, fd: number, { fs }: FileSystemDeps): string {
  const { size } = fs.fstatSync(fd);
  const bytes = Buffer.alloc(Math.min(size, longestFile) + 1);
  let length = 0;
  for (let read = -1; read !== 0 && length < bytes.length; length += read) {
    read = fs.readSync(fd, bytes, length, bytes.length - length, null);
  }
  if (length > longestFile) throw tooLarge(path);
  return toText(path, bytes.subarray(0, length));
}

export function toText(path: string, bytes: Buffer): string {
  if (!isUtf8(bytes)) throw fileError('not_text', path, 'it is not UTF-8 text');
  return bytes.toString('utf8');
}

export function tooLarge(path: string): Error {
  return fileError('too_large', path, 'it is larger than 1 MiB');
}
