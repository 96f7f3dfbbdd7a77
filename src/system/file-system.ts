// The part of node:fs that our files need, so that tests can stand in for another platform's.
import fs from 'node:fs';
import { promisify } from 'node:util';

/**
 * Synchronous but for what waits for the disk itself: our files are a few KB, and a trip to Node's thread pool costs more
 * than the call (100 files: 1 ms against 30).
 */
export type FileSystem = Pick<
  typeof fs,
  | 'openSync'
  | 'closeSync'
  | 'fstatSync'
  | 'fchmodSync'
  | 'readSync'
  | 'writeSync'
  | 'ftruncateSync'
  | 'lstatSync'
  | 'statSync'
  | 'chmodSync'
  | 'readdirSync'
  | 'mkdirSync'
  | 'rmdirSync'
  | 'linkSync'
  | 'renameSync'
  | 'unlinkSync'
> & {
  fsync(fd: number): Promise<void>;
  fdatasync(fd: number): Promise<void>;
};

/** Named one by one: a spread would touch `fs.promises`, which is loaded then. */
export const realFileSystem: FileSystem = {
  openSync: fs.openSync,
  closeSync: fs.closeSync,
  fstatSync: fs.fstatSync,
  fchmodSync: fs.fchmodSync,
  readSync: fs.readSync,
  writeSync: fs.writeSync,
  ftruncateSync: fs.ftruncateSync,
  lstatSync: fs.lstatSync,
  statSync: fs.statSync,
  chmodSync: fs.chmodSync,
  readdirSync: fs.readdirSync,
  mkdirSync: fs.mkdirSync,
  rmdirSync: fs.rmdirSync,
  linkSync: fs.linkSync,
  renameSync: fs.renameSync,
  unlinkSync: fs.unlinkSync,
  fsync: promisify(fs.fsync),
  fdatasync: promisify(fs.fdatasync),
};

export interface FileSystemDeps {
  readonly fs: FileSystem;
  readonly platform: NodeJS.Platform;
  /** Undefined where there are no owners (Windows). */
  readonly uid: number | undefined;
  /** Told when a file of ours was open to others. `mended` is false where its mode cannot be changed. */
  readonly onMended: (path: string, mended: boolean) => void;
  /** Unique among all processes: part of a temporary name. */
  readonly uniqueName: () => string;
  readonly pause: (milliseconds: number) => Promise<void>;
  readonly workingFolder: () => string;
}
