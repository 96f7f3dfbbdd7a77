// What only a real disk can show: owners, pipes, bytes that are not text, faults in the middle, and Windows' ways.
import { execFileSync } from 'node:child_process';
import fs, { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { realFileSystem } from '../../src/system/file-system.ts';
import { failing, realDisk } from './real-disk.ts';

test('a file of another user is refused, whatever its mode', async () => {
  const { files, folder } = realDisk({ uid: 12_345 });
  writeFileSync(join(folder, 'a'), 'theirs', { mode: 0o600 });
  await expect(files.readOwn(join(folder, 'a'))).rejects.toMatchObject({ fileError: 'foreign_owner' });
  await expect(files.appendOwn(join(folder, 'a'), 'x')).rejects.toMatchObject({ fileError: 'foreign_owner' });
  expect(await files.readNamed(join(folder, 'a'))).toEqual({ text: 'theirs', worldReadable: false });
  expect((await files.facts(join(folder, 'a')))?.ownerIsUs).toBe(false);
});

test('a pipe in the place of a file does not make us wait', async () => {
  const { files, folder } = realDisk();
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  await expect(files.readOwn(join(folder, 'pipe'))).rejects.toMatchObject({ fileError: 'other' });
  await expect(files.appendOwn(join(folder, 'pipe'), 'x')).rejects.toMatchObject({ fileError: 'other' });
});

test('a device without end is cut off, and a pipe that the user named is read', async () => {
  const { files, folder } = realDisk();
  await expect(files.readNamed('/dev/zero')).rejects.toMatchObject({ fileError: 'too_large' });
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const [read] = await Promise.all([files.readNamed(pipe), writeFile(pipe, 'from a command')]);
  expect(read).toEqual({ text: 'from a command', worldReadable: false });
});

test('bytes that are not UTF-8 are no text; a byte order mark is left out of what the user named', async () => {
  const { files, folder } = realDisk();
  writeFileSync(join(folder, 'latin1'), Buffer.from([0x7b, 0xe9]), { mode: 0o600 });
  await expect(files.readOwn(join(folder, 'latin1'))).rejects.toMatchObject({ fileError: 'not_text' });
  writeFileSync(join(folder, 'bom'), '\uFEFF{}', { mode: 0o600 });
  expect((await files.readNamed(join(folder, 'bom')))?.text).toBe('{}');
});

test('a mode that cannot be mended is told, and the content is read all the same', async () => {
  const { files, folder, mended } = realDisk({ fs: { fchmodSync: failing('EROFS', fs.fchmodSync) } });
  const path = join(folder, 'a');
  writeFileSync(path, 'content', { mode: 0o644 });
  expect([await files.readOwn(path), mended]).toEqual(['content', [`${path} not mended`]]);
});

test.each([
  ['ENOSPC', 'full'],
  ['EDQUOT', 'full'],
  ['EROFS', 'read_only'],
  ['EACCES', 'denied'],
  ['EIO', 'other'],
])('%s while writing is %s: the old content stays, nothing is left beside it', async (code, fileError) => {
  const { files, folder } = realDisk({ fs: { fsync: failing(code, realFileSystem.fsync) } });
  const path = join(folder, 'a');
  writeFileSync(path, 'old', { mode: 0o600 });
  await expect(files.replaceOwn(path, 'new')).rejects.toMatchObject({ fileError, path });
  await expect(files.createOwn(join(folder, 'b'), 'new')).rejects.toMatchObject({ fileError });
  expect([readFileSync(path, 'utf8'), readdirSync(folder)]).toEqual(['old', ['a']]);
});

test('a rename that fails leaves the old content and nothing beside it', async () => {
  const { files, folder, pauses } = realDisk({ fs: { renameSync: failing('EACCES', fs.renameSync) } });
  writeFileSync(join(folder, 'a'), 'old', { mode: 0o600 });
  await expect(files.replaceOwn(join(folder, 'a'), 'new')).rejects.toMatchObject({ fileError: 'denied' });
  expect([readFileSync(join(folder, 'a'), 'utf8'), readdirSync(folder), pauses]).toEqual(['old', ['a'], []]);
});

test('readers meet the old or the new content, never a mixture', async () => {
  const { files, folder } = realDisk();
  const path = join(folder, 'a');
  const contents = ['a', 'b', 'c'].map((letter) => letter.repeat(100_000));
  await files.replaceOwn(path, contents[0] ?? '');
  const writers = contents.map(async (content) => {
    for (let round = 0; round < 10; round++) await files.replaceOwn(path, content);
  });
  const readers = Array.from({ length: 60 }, () => files.readOwn(path));
  await Promise.all(writers);
  for (const text of await Promise.all(readers)) expect(contents.includes(text ?? '')).toBe(true);
  expect(readdirSync(folder)).toEqual(['a']);
});

test('a line that only fitted in part is a full disk', async () => {
  const writeSync = () => 1;
  const { files, folder } = realDisk({ fs: { writeSync } });
  await expect(files.appendOwn(join(folder, 'log'), 'line\n')).rejects.toMatchObject({ fileError: 'full' });
});

test('the folder is synchronised after every change of names', async () => {
  const opened = new Map<number, string>();
  const synced: (string | undefined)[] = [];
  const openSync = (...args: Parameters<typeof fs.openSync>) => {
    const fd = fs.openSync(...args);
    opened.set(fd, String(args[0]));
    return fd;
  };
  const fsync = async (fd: number) => {
    synced.push(opened.get(fd));
    await realFileSystem.fsync(fd);
  };
  const { files, folder } = realDisk({ fs: { openSync, fsync } });
  const timesAfter = async (act: () => Promise<unknown>) => {
    synced.length = 0;
    await act();
    return synced.filter((path) => path === folder).length;
  };
  expect(await timesAfter(() => files.replaceOwn(join(folder, 'a'), ''))).toBe(1);
  expect(await timesAfter(() => files.createOwn(join(folder, 'b'), ''))).toBe(1);
  expect(await timesAfter(() => files.appendOwn(join(folder, 'c'), 'x'))).toBe(1);
  expect(await timesAfter(() => files.rename(join(folder, 'a'), join(folder, 'd')))).toBe(1);
  expect(await timesAfter(() => files.remove(join(folder, 'd')))).toBe(1);
});

test('where links cannot be made, a name is still created once', async () => {
  const { files, folder } = realDisk({ fs: { linkSync: failing('EPERM', fs.linkSync) } });
  const path = join(folder, 'a');
  expect([await files.createOwn(path, 'first'), await files.createOwn(path, 'second')]).toEqual([true, false]);
  expect([readFileSync(path, 'utf8'), readdirSync(folder)]).toEqual(['first', ['a']]);
});

/** Windows: no folder can be opened, and a scanner holds what was just written. */
function windowsDisk(busy: { times: number; code: string }) {
  const openSync = (...args: Parameters<typeof fs.openSync>) => {
    if (String(args[0]).endsWith('folder')) return failing('UNKNOWN', fs.openSync)(...args);
    return fs.openSync(...args);
  };
  const renameSync = failing(busy.code, fs.renameSync, busy.times);
  const disk = realDisk({ platform: 'win32', fs: { openSync, renameSync } });
  const folder = join(disk.folder, 'folder');
  mkdirSync(folder);
  return { ...disk, folder };
}

test.each(['EPERM', 'EACCES', 'EBUSY'])('Windows: %s is waited out, and folders are not synchronised', async (code) => {
  const { files, folder, pauses } = windowsDisk({ times: 3, code });
  await files.replaceOwn(join(folder, 'a'), 'content');
  expect([await files.readOwn(join(folder, 'a')), readdirSync(folder)]).toEqual(['content', ['a']]);
  expect(pauses).toEqual([10, 20, 40]);
  expect(await files.createOwn(join(folder, 'b'), 'content')).toBe(true);
  expect(await files.facts(join(folder, 'a'))).toMatchObject({ mode: null, ownerIsUs: null });
});

test('Windows: what stays busy is denied, and the old content is kept', async () => {
  const { files, folder, pauses } = windowsDisk({ times: 1000, code: 'EBUSY' });
  writeFileSync(join(folder, 'a'), 'old');
  await expect(files.replaceOwn(join(folder, 'a'), 'new')).rejects.toMatchObject({ fileError: 'denied' });
  expect([readFileSync(join(folder, 'a'), 'utf8'), pauses.length]).toEqual(['old', 7]);
});

test('Windows: a link is refused by its name, and modes mean nothing', async () => {
  const { files, folder, mended } = windowsDisk({ times: 0, code: 'EPERM' });
  writeFileSync(join(folder, 'a'), 'content', { mode: 0o666 });
  symlinkSync(join(folder, 'a'), join(folder, 'link'));
  await expect(files.readOwn(join(folder, 'link'))).rejects.toMatchObject({ fileError: 'link' });
  expect([await files.readOwn(join(folder, 'a')), mended]).toEqual(['content', []]);
  expect(await files.readNamed(join(folder, 'a'))).toEqual({ text: 'content', worldReadable: false });
});

test('a folder of ours that others may enter is closed, and said; a foreign one is refused', async () => {
  const { files, folder, mended } = realDisk();
  const path = join(folder, 'connections');
  fs.mkdirSync(path);
  for (const look of [() => files.list(path), () => files.ensureFolder(path)]) {
    fs.chmodSync(path, 0o755);
    await look();
    expect(fs.statSync(path).mode & 0o777).toBe(0o700);
  }
  expect(mended).toHaveLength(2);
  const theirs = realDisk({ uid: 12_345 });
  await expect(theirs.files.list(theirs.folder)).rejects.toMatchObject({ fileError: 'foreign_owner' });
});
