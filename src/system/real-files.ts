// The Files port with this process's own disk, user and clock.
import type { Files } from '../model/ports.ts';
import { type FileSystemDeps, realFileSystem } from './file-system.ts';
import { createFiles } from './files.ts';

export function createRealFiles(options: Pick<FileSystemDeps, 'workingFolder' | 'onMended' | 'uniqueName'>): Files {
  return createFiles({
    ...options,
    fs: realFileSystem,
    platform: process.platform,
    uid: process.geteuid?.(),
    pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  });
}
