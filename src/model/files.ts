// The Files port: how the program sees the disk, and the one error that it throws.

export interface FileFacts {
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  /** Permission bits, or null where the platform has none (Windows). */
  readonly mode: number | null;
  /** Null where the platform has none. */
  readonly ownerIsUs: boolean | null;
  readonly size: number;
  readonly modifiedAt: number;
}

/**
 * Files. Paths are absolute. Every error is a FileError, so that callers choose by kind and never by message.
 * `…Own` methods are for our own tree: they do not follow links, and check owner and mode on the open handle.
 */
export interface Files {
  /** Undefined when there is no such file. Mends group or world access (`onMended` is told); a foreign owner is `foreign_owner`. At most 1 MiB. */
  readOwn(path: string): Promise<string | undefined>;
  /** Temporary name in the same folder, 0600, fsync, rename, fsync of the folder: the old content or the new, never a mixture. */
  replaceOwn(path: string, content: string): Promise<void>;
  /** Appears whole with this content, 0600, or not at all. False when the name is taken. */
  createOwn(path: string, content: string): Promise<boolean>;
  /** One write at the end of the file (0600, created when missing), then fdatasync. */
  appendOwn(path: string, line: string): Promise<void>;
  /**
   * The last bytes of the file, at most so many, and the size of the whole. Checked like `readOwn`, but the file may be of
   * any size. Undefined when there is no such file.
   */
  tailOwn(path: string, bytes: number): Promise<{ readonly bytes: Uint8Array; readonly size: number } | undefined>;
  /** Cuts the file down to that many bytes, then fsync. */
  truncateOwn(path: string, size: number): Promise<void>;
  /** Makes the folder and its parents, 0700 for those it makes. */
  ensureFolder(path: string): Promise<void>;
  /**
   * Names in a folder of our own tree, sorted; undefined when there is none. Closes it to others (`onMended` is told); a
   * foreign owner is `foreign_owner`.
   */
  list(path: string): Promise<string[] | undefined>;
  /** Names in any folder that the user named, which is left as it is. */
  listNamed(path: string): Promise<string[] | undefined>;
  facts(path: string): Promise<FileFacts | undefined>;
  /** True when something was removed. Never a folder. */
  remove(path: string): Promise<boolean>;
  removeFolder(path: string): Promise<boolean>;
  rename(from: string, to: string): Promise<void>;
  /** A file that the user named: links and group access are fine, `worldReadable` is reported. At most 1 MiB. Undefined when absent. */
  readNamed(path: string): Promise<{ readonly text: string; readonly worldReadable: boolean } | undefined>;
  /** One write at the end of a file that the user named, whose mode and owner stay as they are; 0600 where it is new. */
  appendNamed(path: string, text: string): Promise<void>;
  /** Joins with the platform's separator. */
  join(...parts: string[]): string;
  /** Makes a path that the user typed absolute, against the working directory. */
  resolve(path: string): string;
}

export type FileErrorKind =
  | 'denied'
  | 'read_only'
  | 'full'
  | 'foreign_owner'
  | 'link'
  | 'too_large'
  | 'not_text'
  | 'other';

/** Thrown by Files; `kind` and `path` are what callers build their words from. */
export interface FileError extends Error {
  readonly fileError: FileErrorKind;
  readonly path: string;
}

export function isFileError(error: unknown): error is FileError {
  return error instanceof Error && 'fileError' in error;
}
