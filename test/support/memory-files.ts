// Files in memory, with modes, owners, links, and faults on demand. Several fake processes may share one disk.
import { posix } from 'node:path';
import type { FileError, FileErrorKind, FileFacts, Files } from '../../src/model/ports.ts';

interface FileFault {
  /** `killed`: the process dies at that call, which never returns. */
  readonly kind: FileErrorKind | 'killed';
  /** Which matching call from now on, 1 = the next. Undefined: every one. */
  readonly nth?: number;
  /** And every one after it. */
  readonly onwards?: boolean;
  /** Undefined: any call that changes something. */
  readonly method?: keyof Files | 'any';
  readonly path?: RegExp;
  /** The change has happened all the same. */
  readonly after?: boolean;
}

interface DiskEntry {
  kind: 'file' | 'folder' | 'link' | 'other';
  content: string;
  mode: number;
  ownerIsUs: boolean;
  modifiedAt: number;
}

export interface MemoryDisk {
  readonly entries: Map<string, DiskEntry>;
  readonly faults: FileFault[];
  /** Every call so far, `method path`. */
  readonly calls: string[];
  /** Paths whose mode was mended. */
  readonly mended: string[];
  readOnly: boolean;
  full: boolean;
  /** Every call takes so long, when there is somebody to wait. */
  slow: (() => Promise<void>) | undefined;
  /** Content, or undefined when there is no such file. Links are followed. */
  get(path: string): string | undefined;
  /** Writes as somebody else would: no fault applies. Makes the folders. */
  set(path: string, content: string, entry?: Partial<DiskEntry>): void;
  /** Every file below the folder, sorted. */
  paths(folder?: string): string[];
  /** The port, for one process. */
  port(process: { readonly workingFolder: string; readonly alive: () => boolean; readonly die: () => void }): Files;
}

export function fileError(kind: FileErrorKind, path: string): FileError {
  return Object.assign(new Error(`${kind}: ${path}`), { fileError: kind, path });
}

const maximum = 1024 * 1024;
const changing = new Set<keyof Files>([
  'replaceOwn',
  'createOwn',
  'appendOwn',
  'appendNamed',
  'truncateOwn',
  'ensureFolder',
  'remove',
  'removeFolder',
  'rename',
]);
const creating = new Set<keyof Files>(['replaceOwn', 'createOwn', 'appendOwn', 'appendNamed', 'ensureFolder']);
const forever = () => new Promise<never>(() => {});

export function createMemoryDisk(now: () => number): MemoryDisk {
  const entries = new Map<string, DiskEntry>();
  const countdown = new Map<FileFault, number>();

  const follow = (path: string, depth = 0): string => {
    const entry = entries.get(path);
    if (entry?.kind !== 'link' || depth > 8) return path;
    return follow(posix.resolve(posix.dirname(path), entry.content), depth + 1);
  };

  const disk: MemoryDisk = {
    entries,
    faults: [],
    calls: [],
    mended: [],
    readOnly: false,
    full: false,
    slow: undefined,
    get: (path) => {
      const entry = entries.get(follow(path));
      return entry?.kind === 'file' ? entry.content : undefined;
    },
    set(path, content, entry = {}) {
      makeFolders(posix.dirname(path), 0o700);
      put(path, content, entry);
    },
    paths: (folder = '/') =>
      [...entries.keys()]
        .filter((path) => path.startsWith(folder.endsWith('/') ? folder : `${folder}/`))
        .filter((path) => entries.get(path)?.kind !== 'folder')
        .sort(),
    port: (process) => createPort(process),
  };

  function put(path: string, content: string, entry: Partial<DiskEntry> = {}) {
    entries.set(path, { kind: 'file', content, mode: 0o600, ownerIsUs: true, modifiedAt: now(), ...entry });
  }

  function makeFolders(path: string, mode: number) {
    if (path === '/') return;
    const entry = entries.get(follow(path));
    if (entry?.kind === 'folder') return;
    if (entry) throw fileError('other', path);
    makeFolders(posix.dirname(path), mode);
    put(path, '', { kind: 'folder', mode });
  }

  function faultFor(method: keyof Files, path: string): FileFault | undefined {
    for (const fault of disk.faults) {
      const fits = fault.method ? fault.method === method || fault.method === 'any' : changing.has(method);
      if (!fits || (fault.path && !fault.path.test(path))) continue;
      if (fault.nth === undefined) return fault;
      const left = countdown.get(fault) ?? fault.nth;
      countdown.set(fault, left - 1);
      if (left === 1 || (fault.onwards && left < 1)) return fault;
    }
    if (disk.readOnly && changing.has(method)) return { kind: 'read_only' };
    if (disk.full && creating.has(method)) return { kind: 'full' };
    return undefined;
  }

  function parentMustExist(path: string) {
    if (entries.get(follow(posix.dirname(path)))?.kind !== 'folder') throw fileError('other', path);
  }

  function ownFile(path: string, largest = maximum): DiskEntry | undefined {
    const entry = entries.get(path);
    if (!entry) return undefined;
    if (entry.kind === 'link') throw fileError('link', path);
    if (entry.kind !== 'file') throw fileError('other', path);
    if (!entry.ownerIsUs) throw fileError('foreign_owner', path);
    if (Buffer.byteLength(entry.content) > largest) throw fileError('too_large', path);
    if ((entry.mode & 0o077) !== 0) {
      entry.mode &= 0o700;
      disk.mended.push(path);
    }
    return entry;
  }

  const acts = {
    readOwn: (path: string) => ownFile(path)?.content,
    replaceOwn(path: string, content: string) {
      parentMustExist(path);
      if (entries.get(path)?.kind === 'folder') throw fileError('other', path);
      put(path, content);
    },
    createOwn(path: string, content: string) {
      parentMustExist(path);
      if (entries.has(path)) return false;
      put(path, content);
      return true;
    },
    appendOwn(path: string, line: string) {
      parentMustExist(path);
      const entry = ownFile(path, Number.POSITIVE_INFINITY);
      if (entry) Object.assign(entry, { content: entry.content + line, modifiedAt: now() });
      else put(path, line);
    },
    tailOwn(path: string, bytes: number) {
      const content = Buffer.from(ownFile(path, Number.POSITIVE_INFINITY)?.content ?? '');
      if (!entries.has(path)) return undefined;
      return { bytes: new Uint8Array(content.subarray(Math.max(0, content.length - bytes))), size: content.length };
    },
    truncateOwn(path: string, size: number) {
      const entry = ownFile(path, Number.POSITIVE_INFINITY);
      if (!entry) throw fileError('other', path);
      entry.content = Buffer.from(entry.content).subarray(0, size).toString('utf8');
    },
    ensureFolder: (path: string) => makeFolders(path, 0o700),
    list(path: string) {
      if (!entries.has(follow(path)) && path !== '/') return undefined;
      const prefix = path === '/' ? '/' : `${follow(path)}/`;
      const below = [...entries.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
      return below.filter((name) => !name.includes('/')).sort();
    },
    facts(path: string): FileFacts | undefined {
      const entry = entries.get(path);
      if (!entry) return undefined;
      const { kind, mode, ownerIsUs, modifiedAt, content } = entry;
      return { kind, mode, ownerIsUs, modifiedAt, size: Buffer.byteLength(content) };
    },
    remove(path: string) {
      if (entries.get(path)?.kind === 'folder') throw fileError('other', path);
      return entries.delete(path);
    },
    removeFolder(path: string) {
      if (!entries.has(path)) return false;
      if (acts.list(path)?.length) throw fileError('other', path);
      return entries.delete(path);
    },
    rename(from: string, to: string) {
      if (!entries.has(from)) throw fileError('other', from);
      parentMustExist(to);
      for (const path of [...entries.keys()].filter((key) => key === from || key.startsWith(`${from}/`))) {
        const entry = entries.get(path);
        entries.delete(path);
        if (entry) entries.set(to + path.slice(from.length), entry);
      }
    },
    readNamed(path: string) {
      const entry = entries.get(follow(path));
      if (!entry) return undefined;
      if (entry.kind !== 'file') throw fileError('other', path);
      if (Buffer.byteLength(entry.content) > maximum) throw fileError('too_large', path);
      return { text: entry.content, worldReadable: (entry.mode & 0o004) !== 0 };
    },
    appendNamed(path: string, text: string) {
      const entry = entries.get(follow(path));
      if (entry && entry.kind !== 'file') throw fileError('other', path);
      parentMustExist(follow(path));
      if (entry) Object.assign(entry, { content: entry.content + text, modifiedAt: now() });
      else put(follow(path), text);
    },
  };

  function createPort(process: { workingFolder: string; alive: () => boolean; die: () => void }): Files {
    const call = async <T>(method: keyof Files, path: string, act: () => T): Promise<T> => {
      await (disk.slow?.() ?? Promise.resolve());
      if (!process.alive()) return forever();
      disk.calls.push(`${method} ${path}`);
      const fault = faultFor(method, path);
      const result = !fault || fault.after ? act() : undefined;
      if (fault?.kind === 'killed') {
        process.die();
        return forever();
      }
      if (fault) throw fileError(fault.kind, path);
      return result as T;
    };
    return {
      readOwn: (path) => call('readOwn', path, () => acts.readOwn(path)),
      replaceOwn: (path, content) => call('replaceOwn', path, () => acts.replaceOwn(path, content)),
      createOwn: (path, content) => call('createOwn', path, () => acts.createOwn(path, content)),
      appendOwn: (path, line) => call('appendOwn', path, () => acts.appendOwn(path, line)),
      tailOwn: (path, bytes) => call('tailOwn', path, () => acts.tailOwn(path, bytes)),
      truncateOwn: (path, size) => call('truncateOwn', path, () => acts.truncateOwn(path, size)),
      ensureFolder: (path) => call('ensureFolder', path, () => acts.ensureFolder(path)),
      list: (path) => call('list', path, () => acts.list(path)),
      listNamed: (path) => call('listNamed', path, () => acts.list(path)),
      facts: (path) => call('facts', path, () => acts.facts(path)),
      remove: (path) => call('remove', path, () => acts.remove(path)),
      removeFolder: (path) => call('removeFolder', path, () => acts.removeFolder(path)),
      rename: (from, to) => call('rename', from, () => acts.rename(from, to)),
      readNamed: (path) => call('readNamed', path, () => acts.readNamed(path)),
      appendNamed: (path, text) => call('appendNamed', path, () => acts.appendNamed(path, text)),
      join: posix.join,
      resolve: (path) => posix.resolve(process.workingFolder, path),
    };
  }

  return disk;
}
