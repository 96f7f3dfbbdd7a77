// Writes that are there as a whole or not at all, also after a crash or a power cut.
import { constants } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { codeOf, fileError, unless } from './file-errors.ts';
import type { FileSystemDeps } from './file-system.ts';

const { O_CREAT, O_EXCL, O_WRONLY } = constants;

/** Where hard links cannot be made: FAT, some network file systems, Android. */
const linksUnsupported = ['EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL', 'EXDEV'];

/** Virus scanners and indexers hold a file open for a moment. */
const busyOnWindows = ['EPERM', 'EACCES', 'EBUSY'];
const busyPauses = [10, 20, 40, 80, 160, 320, 640];

/** Folders that cannot be opened or synchronised: a limit of the platform or file system, not a lost write. */
const folderSyncUnsupported = ['EISDIR', 'EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'EACCES', 'EPERM', 'EBADF'];

export interface WholeWrites {
  replace(path: string, content: string): Promise<void>;
  /** False when the name is taken. */
  create(path: string, content: string): Promise<boolean>;
  /** Tried again while another program holds the file (Windows). */
  patiently<T>(act: () => T): Promise<T>;
  /** Makes new, renamed and removed names last. */
  syncFolder(folder: string): Promise<void>;
}

export function createWholeWrites(deps: FileSystemDeps): WholeWrites {
  const { fs, platform, uniqueName, pause } = deps;
  const discard = (path: string) => unless(['ENOENT'], undefined, () => fs.unlinkSync(path));

  /** Beside the file, since a rename stays within one file system. */
  const writeBeside = async (path: string, content: string) => {
    const temporary = join(dirname(path), `.${basename(path)}.${uniqueName()}.tmp`);
    await writeNew(temporary, content, deps);
    return temporary;
  };

  const patiently = async <T>(act: () => T): Promise<T> => {
    for (const wait of platform === 'win32' ? busyPauses : []) {
      try {
        return act();
      } catch (error) {
        if (!busyOnWindows.includes(codeOf(error))) throw error;
        await pause(wait);
      }
    }
    return act();
  };

  const syncFolder = async (folder: string) => {
    if (platform === 'win32') return;
    try {
      const fd = fs.openSync(folder, 'r');
      await fs.fsync(fd).finally(() => fs.closeSync(fd));
    } catch (error) {
      if (!folderSyncUnsupported.includes(codeOf(error))) throw error;
    }
  };

  return {
    patiently,
    syncFolder,
    async replace(path, content) {
      const temporary = await writeBeside(path, content);
      try {
        await patiently(() => fs.renameSync(temporary, path));
      } catch (error) {
        discard(temporary);
        throw error;
      }
      await syncFolder(dirname(path));
    },
    async create(path, content) {
      const temporary = await writeBeside(path, content);
      try {
        const linked = unless(['EEXIST'], false, () => link(temporary, path, deps));
        const created = linked ?? (await writeFirst(path, content, deps));
        if (created) await syncFolder(dirname(path));
        return created;
      } finally {
        discard(temporary);
      }
    },
  };
}

/** Undefined where links are not supported. */
function link(from: string, to: string, { fs }: FileSystemDeps): true | undefined {
  return unless(linksUnsupported, undefined, () => {
    fs.linkSync(from, to);
    return true;
  });
}

/** Without links: a crash may leave a part of a new file behind, which readers then find unreadable. */
async function writeFirst(path: string, content: string, deps: FileSystemDeps): Promise<boolean> {
  try {
    await writeNew(path, content, deps);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function writeNew(path: string, content: string, { fs }: FileSystemDeps): Promise<void> {
  const fd = fs.openSync(path, O_CREAT | O_EXCL | O_WRONLY, 0o600);
  try {
    try {
      for (let left = Buffer.from(content); left.length > 0; ) left = left.subarray(fs.writeSync(fd, left));
      await fs.fsync(fd);
    } finally {
      fs.closeSync(fd);
    }
  } catch (error) {
    fs.unlinkSync(path);
    throw error;
  }
}

/** One write call, so that lines of several processes are never mixed. */
export function writeOnce(path: string, fd: number, line: string, { fs }: FileSystemDeps): void {
  const bytes = Buffer.from(line);
  if (fs.writeSync(fd, bytes) < bytes.length) throw fileError('full', path, 'only a part could be written');
}
