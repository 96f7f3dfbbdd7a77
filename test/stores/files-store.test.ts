// The store `files`: the contract of all stores, and what only it can get wrong.
import { describe, expect, test } from 'vitest';
import type { FileErrorKind } from '../../src/model/ports.ts';
import type { RecordRef } from '../../src/model/store.ts';
import { createWorld, type World } from '../support/world.ts';
import { expectError } from './expect-error.ts';
import { acme, gmail, save, storeContract } from './store-contract.ts';
import { dataFolder, fileOf, plugTree, treeWithRecord } from './tree.ts';

const edit = (world: World, ref: RecordRef, change: (text: string) => string) =>
  world.files.set(fileOf(ref), change(world.files.get(fileOf(ref)) ?? ''));

storeContract('files', () => {
  const world = createWorld();
  return {
    store: plugTree(world).store,
    another: () => plugTree(world.another()).store,
    damage: (ref) => edit(world, ref, (text) => text.slice(0, -20)),
    age: (ref) => edit(world, ref, (text) => text.replace('"version": 1', '"version": 3')),
    swap: (one, other) => edit(world, other, () => world.files.get(fileOf(one)) ?? ''),
    everything: () =>
      world.files
        .paths(dataFolder)
        .filter((path) => !path.includes('/locks/'))
        .map((path) => `${path}\n${world.files.get(path)}`)
        .join('\n'),
  };
});

describe('where records lie, for good', () => {
  test('one file each, 0600, in folders that are ours alone', async () => {
    const world = createWorld();
    const { store } = plugTree(world);
    await save(store, acme);
    await save(store, { kind: 'apps', name: 'gmail.work' });
    const files = world.files.paths(dataFolder).filter((path) => !path.includes('/locks/'));
    expect(files.map((path) => path.slice(dataFolder.length))).toEqual([
      '/apps/gmail.work.json',
      '/connections/slack%3Aacme.json',
      '/key.json',
    ]);
    for (const path of files) expect(world.files.entries.get(path)?.mode).toBe(0o600);
    expect(world.files.entries.get(`${dataFolder}/connections`)?.mode).toBe(0o700);
    expect(
      [...world.files.entries.keys()]
        .filter((path) => path.includes('/locks/'))
        .map((path) => path.slice(dataFolder.length)),
    ).toEqual(expect.arrayContaining(['/locks/key', '/locks/connections/slack%3Aacme', '/locks/apps/gmail.work']));
  });

  test('list and names need no key, read no seal and make nothing', async () => {
    const { world } = await treeWithRecord();
    world.keychain.failure = 'locked';
    world.files.readOnly = true;
    const calls = world.keychain.calls.length;
    const { store } = plugTree(world.another());
    expect((await store.list('connections'))[0]).toMatchObject({ ok: true });
    expect(await store.names('connections')).toEqual(['gmail']);
    expect(world.keychain.calls).toHaveLength(calls);
    await expectError('key_locked', async () => (await store.read(gmail))?.open());
  });

  test('names reads no file', async () => {
    const { world, tree } = await treeWithRecord();
    const calls = world.files.calls.length;
    await tree.store.names('connections');
    expect(world.files.calls.slice(calls)).toEqual([`list ${dataFolder}/connections`]);
  });

  test('a thousand records are listed in order', async () => {
    const { world, tree } = await treeWithRecord();
    const text = world.files.get(fileOf(gmail)) ?? '';
    const name = (count: number) => `gmail:${String(count).padStart(4, '0')}`;
    for (let count = 0; count < 1000; count++) {
      const ref: RecordRef = { kind: 'connections', name: name(count) };
      world.files.set(fileOf(ref), text.replace('"gmail"', JSON.stringify(ref.name)));
    }
    const listed = await tree.store.list('connections');
    expect(listed.every((one) => one.ok)).toBe(true);
    expect(listed.map((one) => (one.ok ? one.record.ref.name : ''))).toEqual([
      'gmail',
      ...Array.from({ length: 1000 }, (_, count) => name(count)),
    ]);
  });

  test('files that are no record are ignored; copies of records are told', async () => {
    const { world, tree } = await treeWithRecord();
    for (const name of ['.gmail.json.tmp', 'README', 'gmail (conflicted copy).json', 'Gmail.json']) {
      world.files.set(`${dataFolder}/connections/${name}`, 'x');
    }
    expect((await tree.store.list('connections')).length).toBe(1);
    expect(tree.warnings).toEqual([expect.stringContaining('Gmail.json, gmail (conflicted copy).json')]);
  });

  test('a record that goes while the folder is listed is left out', async () => {
    const { world, tree } = await treeWithRecord();
    await save(tree.store, acme);
    const { files } = world.system;
    const racing = {
      ...files,
      readOwn: async (path: string) => (path.endsWith('gmail.json') ? undefined : files.readOwn(path)),
    };
    const { store } = plugTree({ ...world, system: { ...world.system, files: racing } });
    expect(await store.list('connections')).toHaveLength(1);
  });
});

describe('a disk in trouble', () => {
  test.each<FileErrorKind>(['full', 'read_only', 'denied', 'other'])(
    '%s: nothing is written and the old record stays',
    async (kind) => {
      const { world, tree } = await treeWithRecord();
      const before = world.files.get(fileOf(gmail));
      world.files.faults.push({ kind, method: 'replaceOwn', path: /gmail\.json$/ });
      const error = await expectError('store_unavailable', () => save(tree.store, gmail, 1));
      expect(error.message).toContain(fileOf(gmail));
      expect(error.hint).toContain(fileOf(gmail));
      expect(world.files.get(fileOf(gmail))).toBe(before);
    },
  );

  test.each<[FileErrorKind, string]>([
    ['link', 'record_unreadable'],
    ['too_large', 'record_unreadable'],
    ['not_text', 'record_unreadable'],
    ['denied', 'store_unavailable'],
    ['foreign_owner', 'store_unavailable'],
    ['other', 'store_unavailable'],
  ])('a record that cannot be read (%s) is %s, and not written over', async (kind, code) => {
    const { world, tree } = await treeWithRecord();
    world.files.faults.push({ kind, method: 'readOwn', path: /gmail\.json$/ });
    const before = world.files.get(fileOf(gmail));
    for (const act of [() => tree.store.read(gmail), () => save(tree.store, gmail), () => save(tree.store, gmail, 1)]) {
      await expectError(code as 'record_unreadable', act);
    }
    expect(await tree.store.list('connections')).toEqual([
      expect.objectContaining({ ok: false, code: 'record_unreadable' }),
    ]);
    expect(world.files.get(fileOf(gmail))).toBe(before);
  });

  test.each(['full', 'readOnly'] as const)('the probe meets a disk that is %s', async (trouble) => {
    const { world, tree } = await treeWithRecord();
    world.files[trouble] = true;
    await expectError('store_unavailable', () => tree.store.probe());
  });

  test('the probe meets a disk that forgets', async () => {
    const { world } = await treeWithRecord();
    const forgetful = { ...world.system.files, replaceOwn: async () => {} };
    const { store } = plugTree({ ...world, system: { ...world.system, files: forgetful } });
    await expectError('store_unavailable', () => store.probe());
  });

  test('a write that is killed leaves the old record or the new', async () => {
    for (const after of [false, true]) {
      const { world } = await treeWithRecord();
      const dying = world.another();
      world.files.faults.push({ kind: 'killed', method: 'replaceOwn', path: /gmail\.json$/, after });
      void save(plugTree(dying).store, gmail, 1);
      await world.system.clock.sleep(60_000);
      world.files.faults.length = 0;
      const { store } = plugTree(world);
      const generation = (await store.read(gmail))?.generation;
      expect(generation).toBe(after ? 2 : 1);
      // The lock of the dead process is taken over.
      expect(await save(store, gmail, generation)).toBe((generation ?? 0) + 1);
    }
  });

  test('nothing is written when the key cannot be had', async () => {
    const { world } = await treeWithRecord();
    world.keychain.failure = 'locked';
    const before = world.files.get(fileOf(gmail));
    await expectError('key_locked', () => save(plugTree(world.another()).store, gmail, 1));
    expect(world.files.get(fileOf(gmail))).toBe(before);
  });
});
