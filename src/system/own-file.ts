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
  body: (fd: number, size: number) => T | Promise<T>,
): Promise<T | undefined> {
  const { fs, platform } = deps;
  // Whoever can put a link there between the two calls owns the folder anyway.
  const isLink = platform === 'win32' && unless(['ENOENT'], false, () => fs.lstatSync(path).isSymbolicLink());
  if (isLink) throw fileError('link', path, 'it is a link');
  const fd = unless(['ENOENT'], undefined, () => fs.openSync(path, flags | guarded, 0o600));
  if (fd === undefined) return undefined;
  try {
    return await body(fd, check(path, fd, deps));
  } finally {
    fs.closeSync(fd);
  }
}

/** A folder of our own tree: one that others may enter is closed, a foreign one is refused. False when there is none. */
export function checkFolder(path: string, { fs, uid, onMended }: FileSystemDeps): boolean {
  const stats = unless(['ENOENT'], undefined, () => fs.statSync(path));
  if (stats === undefined) return false;
  if (uid === undefined || !stats.isDirectory()) return true;
  if (stats.uid !== uid) throw fileError('foreign_owner', path, 'it belongs to another user');
  if ((stats.mode & 0o077) === 0) return true;
  try {
    fs.chmodSync(path, stats.mode & 0o700);
  } catch {
    // As for files below.
  }
  onMended(path, (fs.statSync(path).mode & 0o077) === 0);
  return true;
}

/** Returns the size. */
function check(path: string, fd: number, { fs, uid, onMended }: FileSystemDeps): number {
  const stats = fs.fstatSync(fd);
  if (!stats.isFile()) throw fileError('other', path, 'it is not a file');
  if (uid === undefined) return stats.size;
  if (stats.uid !== uid) throw fileError('foreign_owner', path, 'it belongs to another user');
  if ((stats.mode & 0o077) === 0) return stats.size;
  try {
    fs.fchmodSync(fd, stats.mode & 0o700);
  } catch {
    // A read-only file system, or one without modes: the content is still ours to read.
  }
  onMended(path, (fs.fstatSync(fd).mode & 0o077) === 0);
  return stats.size;
}

/** The whole text. One byte more than the size is asked for, since files grow: a read that brings less has met the end. */
export function readText(path: string, fd: number, size: number, { fs }: FileSystemDeps): string {
  const bytes = Buffer.allocUnsafe(Math.min(size, longestFile) + 1);
  let length = 0;
  for (let wanted = bytes.length; wanted > 0; ) {
    const read = fs.readSync(fd, bytes, length, wanted, null);
    length += read;
    const atEnd = read === 0 || (read < wanted && length >= size);
    wanted = atEnd ? 0 : wanted - read;
  }
  if (length > longestFile) throw tooLarge(path);
  return toText(path, bytes.subarray(0, length));
}

export function toText(path: string, bytes: Buffer): string {
  const text = bytes.toString('utf8');
  // Only what did not decode (or was that very character) needs a closer look.
  if (text.includes('\ufffd') && !isUtf8(bytes)) throw fileError('not_text', path, 'it is not UTF-8 text');
  return text;
}

export function tooLarge(path: string): Error {
  return fileError('too_large', path, 'it is larger than 1 MiB');
}
