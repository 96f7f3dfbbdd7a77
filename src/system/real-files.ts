// The Files port with this process's own disk, user and clock.
import type { Files } from '../model/ports.ts';
import { type FileSystemDeps, realFileSystem } from './file-system.ts';
import { createFiles } from './files.ts';

export function createRealFiles(options: Pick<FileSystemDeps, 'workingFolder' | 'uniqueName' | 'onMended'>): Files {
  return createFiles({
    ...options,
    fs: realFileSystem,
    platform: process.platform,
    uid: process.geteuid?.(),
    pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  });
}

/** What people are told about files of ours that were open to others; `warn` writes a line. */
export function mendingWords(warn: (line: string) => void): FileSystemDeps['onMended'] {
  let saidCannot = false;
  return (path, mended) => {
    if (mended) return warn(`warning: ${path} was open to other users and no longer is\n`);
    // Where modes cannot be changed, every file of ours is open: saying so once is enough.
    if (!saidCannot)
      warn(`warning: ${path} is open to other users, and so are others of ours: modes cannot be changed there\n`);
    saidCannot = true;
  };
}
