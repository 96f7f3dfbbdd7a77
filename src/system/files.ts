// The Files port on a real disk.
import { constants, promises, type Stats } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { FileFacts, Files } from '../model/ports.ts';
import { about, codeOf, fileError, unless } from './file-errors.ts';
import type { FileSystemDeps } from './file-system.ts';
import { checkFolder, longestFile, readText, tooLarge, toText, withOwnFile } from './own-file.ts';
import { createWholeWrites, type WholeWrites, writeOnce } from './whole-writes.ts';

const { O_APPEND, O_CREAT, O_RDONLY, O_WRONLY } = constants;

export function createFiles(deps: FileSystemDeps): Files {
  const whole = createWholeWrites(deps);
  return { ...ownContents(deps, whole), ...names(deps, whole), ...userPaths(deps) };
}

type Contents = 'readOwn' | 'replaceOwn' | 'createOwn' | 'appendOwn' | 'tailOwn' | 'truncateOwn';

function ownContents(deps: FileSystemDeps, whole: WholeWrites): Pick<Files, Contents> {
  const { fs } = deps;
  return {
    readOwn: (path) =>
      about(path, () => withOwnFile(path, O_RDONLY, deps, (fd, size) => readText(path, fd, size, deps))),
    replaceOwn: (path, content) => about(path, () => whole.replace(path, content)),
    createOwn: (path, content) => about(path, () => whole.create(path, content)),
    appendOwn: (path, line) =>
      about(path, async () => {
        const isNew = await withOwnFile(path, O_WRONLY | O_APPEND | O_CREAT, deps, async (fd, size) => {
          writeOnce(path, fd, line, deps);
          await fs.fdatasync(fd);
          return size === 0;
        });
        if (isNew) await whole.syncFolder(dirname(path));
      }),
    tailOwn: (path, count) =>
      about(path, () =>
        withOwnFile(path, O_RDONLY, deps, (fd, size) => {
          const bytes = new Uint8Array(Math.min(count, size));
          const read = fs.readSync(fd, bytes, 0, bytes.length, size - bytes.length);
          return { bytes: bytes.subarray(0, read), size };
        }),
      ),
    truncateOwn: (path, size) =>
      about(path, async () => {
        const cut = await withOwnFile(path, O_WRONLY, deps, async (fd) => {
          fs.ftruncateSync(fd, size);
          await fs.fsync(fd);
          return true;
        });
        if (!cut) throw fileError('other', path, 'there is no such file');
      }),
  };
}

type Names = 'ensureFolder' | 'list' | 'listNamed' | 'facts' | 'remove' | 'removeFolder' | 'rename';

function names(deps: FileSystemDeps, whole: WholeWrites): Pick<Files, Names> {
  const { fs } = deps;
  const removed = async (path: string, act: () => void) => {
    const wasThere = await whole.patiently(() =>
      unless(['ENOENT'], false, () => {
        act();
        return true;
      }),
    );
    if (wasThere) await whole.syncFolder(dirname(path));
    return wasThere;
  };
  return {
    ensureFolder: (path) =>
      about(path, async () => {
        const first = fs.mkdirSync(path, { recursive: true, mode: 0o700 });
        if (first !== undefined) await whole.syncFolder(dirname(first));
        else checkFolder(path, deps);
      }),
    listNamed: (path) => about(path, () => unless(['ENOENT'], undefined, () => fs.readdirSync(path).sort())),
    list: (path) => about(path, () => (checkFolder(path, deps) ? fs.readdirSync(path).sort() : undefined)),
    facts: (path) =>
      about(path, () => unless(['ENOENT', 'ENOTDIR'], undefined, () => toFacts(fs.lstatSync(path), deps))),
    remove: (path) => about(path, () => removed(path, () => fs.unlinkSync(path))),
    removeFolder: (path) => about(path, () => removed(path, () => fs.rmdirSync(path))),
    rename: (from, to) =>
      about(from, async () => {
        await whole.patiently(() => fs.renameSync(from, to));
        await whole.syncFolder(dirname(to));
        if (dirname(to) !== dirname(from)) await whole.syncFolder(dirname(from));
      }),
  };
}

function userPaths(deps: FileSystemDeps): Pick<Files, 'readNamed' | 'appendNamed' | 'join' | 'resolve'> {
  const { fs } = deps;
  return {
    readNamed: (path) => about(path, () => readNamed(path, deps)),
    appendNamed: (path, text) =>
      about(path, () => {
        const fd = fs.openSync(path, O_WRONLY | O_APPEND | O_CREAT, 0o600);
        try {
          writeOnce(path, fd, text, deps);
        } finally {
          fs.closeSync(fd);
        }
      }),
    join,
    resolve: (path) => resolve(deps.workingFolder(), path),
  };
}

/** Not synchronous: it may be a pipe (`<(command)`) that has to be waited for. */
async function readNamed(path: string, { uid }: FileSystemDeps): ReturnType<Files['readNamed']> {
  const isPipe = await promises.stat(path).then(
    (stats) => stats.isFIFO(),
    () => false,
  );
  if (isPipe) {
    const { readPipe } = await import('./read-pipe.ts');
    return { text: toText(path, await readPipe(path)), worldReadable: false };
  }
  const handle = await promises.open(path, O_RDONLY).catch((error) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (handle === undefined) return undefined;
  try {
    const stats = await handle.stat();
    if (stats.isDirectory()) throw fileError('other', path, 'it is a folder');
    // Nobody else can read a pipe, whatever its mode says.
    const worldReadable = uid !== undefined && stats.isFile() && (stats.mode & 0o004) !== 0;
    // Editors on Windows put a byte order mark in front, which JSON does not allow (RFC 8259 section 8.1).
    const text = toText(path, await readBounded(handle, path)).replace(/^\uFEFF/, '');
    return { text, worldReadable };
  } finally {
    await handle.close();
  }
}

/** Pipes and devices have no size. */
async function readBounded(handle: promises.FileHandle, path: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for (let size = 0; ; ) {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(16 * 1024), 0, null, null);
    if (bytesRead === 0) return Buffer.concat(chunks);
    size += bytesRead;
    if (size > longestFile) throw tooLarge(path);
    chunks.push(buffer.subarray(0, bytesRead));
  }
}

function toFacts(stats: Stats, { uid }: FileSystemDeps): FileFacts {
  return {
    kind: kindOf(stats),
    mode: uid === undefined ? null : stats.mode & 0o777,
    ownerIsUs: uid === undefined ? null : stats.uid === uid,
    size: stats.size,
    modifiedAt: Math.floor(stats.mtimeMs),
  };
}

function kindOf(stats: Stats): FileFacts['kind'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  return stats.isSymbolicLink() ? 'link' : 'other';
}
