// What the operating system's error codes mean for a file: the kinds that callers choose by.
import { type FileError, type FileErrorKind, isFileError } from '../model/ports.ts';

const kinds: Readonly<Record<string, FileErrorKind>> = {
  EACCES: 'denied',
  EPERM: 'denied',
  // Windows: another program holds it.
  EBUSY: 'denied',
  EROFS: 'read_only',
  ENOSPC: 'full',
  EDQUOT: 'full',
  ELOOP: 'link',
};

/** What else people meet often enough to be told in words. */
const others: Readonly<Record<string, string>> = {
  ENOENT: 'a folder on the way to it is not there',
  ENOTDIR: 'something on the way to it is no folder',
  EISDIR: 'it is a folder',
  ENAMETOOLONG: 'its name is too long',
};

/** The words complete "it failed at PATH: ". */
export function fileError(kind: FileErrorKind, path: string, words: string, cause?: unknown): FileError {
  return Object.assign(new Error(words, { cause }), { fileError: kind, path });
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** Runs `body`; what the file system throws becomes a FileError about `path`. */
export async function about<T>(path: string, body: () => T | Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (isFileError(error)) throw error;
    const code = codeOf(error);
    throw fileError(kinds[code] ?? 'other', path, others[code] ?? `the system says ${code || 'no'}`, error);
  }
}

/** `body`'s value, or `instead` when it fails with one of these codes. */
export function unless<T, U>(codes: readonly string[], instead: U, body: () => T): T | U {
  try {
    return body();
  } catch (error) {
    if (codes.includes(codeOf(error))) return instead;
    throw error;
  }
}
