// The Files port on a real disk, with parts of the file system replaced where a test wants another platform's.
import { randomUUID } from 'node:crypto';
import type { Files } from '../../src/model/ports.ts';
import { type FileSystem, realFileSystem } from '../../src/system/file-system.ts';
import { createFiles } from '../../src/system/files.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface RealDisk {
  readonly files: Files;
  readonly folder: string;
  readonly mended: string[];
  /** Milliseconds of every pause; none is really made. */
  readonly pauses: number[];
}

export function realDisk(
  options: { fs?: Partial<FileSystem>; platform?: NodeJS.Platform; uid?: number } = {},
): RealDisk {
  const folder = temporaryFolder();
  const mended: string[] = [];
  const pauses: number[] = [];
  const platform = options.platform ?? process.platform;
  const files = createFiles({
    fs: { ...realFileSystem, ...options.fs },
    platform,
    uid: platform === 'win32' ? undefined : (options.uid ?? process.geteuid?.()),
    onMended: (path, isMended) => void mended.push(`${path} ${isMended ? 'mended' : 'not mended'}`),
    uniqueName: randomUUID,
    pause: async (milliseconds) => void pauses.push(milliseconds),
    workingFolder: () => folder,
  });
  return { files, folder, mended, pauses };
}

/** Throws as node:fs does, so many times; then it does what is real. */
export function failing<Args extends unknown[], Result>(
  code: string,
  real: (...args: Args) => Result,
  times = Number.POSITIVE_INFINITY,
): (...args: Args) => Result {
  let left = times;
  return (...args) => {
    if (left-- > 0) throw Object.assign(new Error(code), { code });
    return real(...args);
  };
}
