// What every implementation of the Files port promises: the real disk and the one in memory pass the same suite.
import { chmodSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Files } from '../../src/model/ports.ts';
import { createWorld } from '../support/world.ts';
import { realDisk } from './real-disk.ts';

interface Disk {
  readonly files: Files;
  readonly folder: string;
  readonly mended: readonly string[];
  /** As another program would. */
  put(path: string, content: string, mode?: number): void;
  link(target: string, path: string): void;
  mode(path: string): number;
}

function real(): Disk {
  const disk = realDisk();
  return {
    ...disk,
    put(path, content, mode = 0o600) {
      writeFileSync(path, content);
      chmodSync(path, mode);
    },
    link: symlinkSync,
    mode: (path) => statSync(path).mode & 0o777,
  };
}

function inMemory(): Disk {
  const world = createWorld();
  const { files } = world;
  files.set('/home/ann/work/.keep', '');
  files.entries.delete('/home/ann/work/.keep');
  return {
    files: world.system.files,
    folder: '/home/ann/work',
    mended: files.mended,
    put: (path, content, mode = 0o600) => files.set(path, content, { mode }),
    link: (target, path) => files.set(path, target, { kind: 'link', mode: 0o777 }),
    mode: (path) => files.entries.get(path)?.mode ?? -1,
  };
}

describe.each([
  ['a real disk', real],
  ['memory', inMemory],
])('files on %s', (_, open) => {
  const openAt = (name: string) => {
    const disk = open();
    return { ...disk, path: disk.files.join(disk.folder, name) };
  };

  test('what is absent is undefined', async () => {
    const { files, path } = openAt('none');
    expect(await files.readOwn(path)).toBeUndefined();
    expect(await files.readNamed(path)).toBeUndefined();
    expect(await files.tailOwn(path, 10)).toBeUndefined();
    expect(await files.list(path)).toBeUndefined();
    expect(await files.facts(path)).toBeUndefined();
    expect([await files.remove(path), await files.removeFolder(path)]).toEqual([false, false]);
  });

  test('a write replaces the whole, is for us alone, and leaves nothing beside it', async () => {
    const { files, folder, path, mode } = openAt('a');
    await files.replaceOwn(path, 'long content');
    await files.replaceOwn(path, 'ö');
    expect(await files.readOwn(path)).toBe('ö');
    expect([mode(path), await files.list(folder)]).toEqual([0o600, ['a']]);
    expect(await files.facts(path)).toMatchObject({ kind: 'file', mode: 0o600, ownerIsUs: true, size: 2 });
  });

  test('a name is created once', async () => {
    const { files, folder, path, mode } = openAt('a');
    expect([await files.createOwn(path, 'first'), await files.createOwn(path, 'second')]).toEqual([true, false]);
    expect([await files.readOwn(path), mode(path), await files.list(folder)]).toEqual(['first', 0o600, ['a']]);
  });

  test('of twenty who create one name, one does', async () => {
    const { files, path } = openAt('a');
    const all = await Promise.all(Array.from({ length: 20 }, (_, index) => files.createOwn(path, `content ${index}`)));
    const winner = all.indexOf(true);
    expect([all.filter(Boolean).length, await files.readOwn(path)]).toEqual([1, `content ${winner}`]);
  });

  test('lines are appended, tailed and cut off', async () => {
    const { files, path, mode } = openAt('log');
    await files.appendOwn(path, 'one\n');
    await files.appendOwn(path, 'two\n');
    expect([await files.readOwn(path), mode(path)]).toEqual(['one\ntwo\n', 0o600]);
    const tail = await files.tailOwn(path, 4);
    expect([Buffer.from(tail?.bytes ?? []).toString(), tail?.size]).toEqual(['two\n', 8]);
    expect((await files.tailOwn(path, 100))?.bytes.length).toBe(8);
    await files.truncateOwn(path, 4);
    expect(await files.readOwn(path)).toBe('one\n');
  });

  test('folders are made with their parents, for us alone, and removed when empty', async () => {
    const { files, folder, path, mode } = openAt('x');
    const inner = files.join(path, 'y');
    await files.ensureFolder(inner);
    await files.ensureFolder(inner);
    expect([mode(path), mode(inner)]).toEqual([0o700, 0o700]);
    await files.replaceOwn(files.join(inner, 'b'), '');
    await files.replaceOwn(files.join(inner, 'a'), '');
    expect(await files.list(inner)).toEqual(['a', 'b']);
    await expect(files.removeFolder(inner)).rejects.toMatchObject({ fileError: 'other' });
    await expect(files.remove(inner)).rejects.toMatchObject({ fileError: expect.any(String) });
    await files.remove(files.join(inner, 'a'));
    await files.remove(files.join(inner, 'b'));
    expect([await files.removeFolder(inner), await files.list(path), await files.list(folder)]).toEqual([
      true,
      [],
      ['x'],
    ]);
  });

  test('a file is removed and renamed, with what it holds', async () => {
    const { files, folder, path } = openAt('a');
    await files.replaceOwn(path, 'content');
    const to = files.join(folder, 'b');
    await files.rename(path, to);
    expect([await files.readOwn(path), await files.readOwn(to)]).toEqual([undefined, 'content']);
    expect([await files.remove(to), await files.remove(to)]).toEqual([true, false]);
  });

  test('a folder is renamed with all below it', async () => {
    const { files, folder, path } = openAt('old');
    await files.ensureFolder(files.join(path, 'in'));
    await files.replaceOwn(files.join(path, 'in', 'a'), 'content');
    await files.rename(path, files.join(folder, 'new'));
    expect(await files.readOwn(files.join(folder, 'new', 'in', 'a'))).toBe('content');
    expect(await files.list(folder)).toEqual(['new']);
  });

  test('in our own tree links are not followed, neither to read nor to append', async () => {
    const { files, folder, path, put, link } = openAt('own');
    const elsewhere = files.join(folder, 'elsewhere');
    put(elsewhere, 'not ours');
    link(elsewhere, path);
    await expect(files.readOwn(path)).rejects.toMatchObject({ fileError: 'link', path });
    await expect(files.appendOwn(path, 'more')).rejects.toMatchObject({ fileError: 'link', path });
    await expect(files.tailOwn(path, 10)).rejects.toMatchObject({ fileError: 'link', path });
    await files.replaceOwn(path, 'ours');
    expect([await files.readOwn(path), await files.readOwn(elsewhere)]).toEqual(['ours', 'not ours']);
  });

  test('what was open to others is closed to them, and told', async () => {
    const { files, path, put, mode, mended } = openAt('a');
    put(path, 'content', 0o664);
    expect([await files.readOwn(path), mode(path), mended.length]).toEqual(['content', 0o600, 1]);
    expect(mended[0]).toContain(path);
    await files.readOwn(path);
    expect(mended).toHaveLength(1);
  });

  test('a file that the user named may be a link and open to a group; that all may read it is told', async () => {
    const { files, folder, path, put, link } = openAt('key');
    put(path, 'k', 0o640);
    const linked = files.join(folder, 'linked');
    link(path, linked);
    expect(await files.readNamed(linked)).toEqual({ text: 'k', worldReadable: false });
    const open = files.join(folder, 'open');
    put(open, 'k', 0o644);
    expect(await files.readNamed(open)).toEqual({ text: 'k', worldReadable: true });
  });

  test('to a file that the user named a text is added, through a link too, and its mode stays', async () => {
    const { files, folder, path, put, link, mode } = openAt('job');
    put(path, 'a\n', 0o644);
    const other = files.join(folder, 'link');
    link(path, other);
    await files.appendNamed(other, 'b\n');
    expect(await files.readNamed(path)).toEqual({ text: 'a\nb\n', worldReadable: true });
    expect(mode(path)).toBe(0o644);
    const fresh = files.join(folder, 'fresh');
    await files.appendNamed(fresh, 'c');
    expect(mode(fresh)).toBe(0o600);
    await expect(files.appendNamed(folder, 'd')).rejects.toMatchObject({ fileError: 'other' });
  });

  test('more than 1 MiB is not read', async () => {
    const { files, path, put } = openAt('big');
    put(path, 'x'.repeat(1024 * 1024));
    expect((await files.readOwn(path))?.length).toBe(1024 * 1024);
    put(path, 'x'.repeat(1024 * 1024 + 1));
    await expect(files.readOwn(path)).rejects.toMatchObject({ fileError: 'too_large' });
    await expect(files.readNamed(path)).rejects.toMatchObject({ fileError: 'too_large' });
  });

  test('a folder is no file, and nothing is written where there is no folder', async () => {
    const { files, folder, path } = openAt('a');
    await expect(files.readOwn(folder)).rejects.toMatchObject({ fileError: 'other' });
    await expect(files.readNamed(folder)).rejects.toMatchObject({ fileError: 'other' });
    await files.replaceOwn(path, '');
    const below = files.join(folder, 'none', 'b');
    await expect(files.replaceOwn(below, '')).rejects.toMatchObject({ fileError: 'other', path: below });
    await expect(files.createOwn(below, '')).rejects.toMatchObject({ fileError: 'other' });
    await expect(files.ensureFolder(files.join(path, 'c'))).rejects.toMatchObject({ fileError: 'other' });
    await expect(files.rename(below, path)).rejects.toMatchObject({ fileError: 'other' });
  });

  test('paths that are typed are taken from the working folder', () => {
    const { files, folder, path } = openAt('a');
    expect([files.resolve('a'), files.resolve(path)]).toEqual([path, path]);
    expect(files.join(folder, 'x', '..', 'a')).toBe(path);
  });
});
