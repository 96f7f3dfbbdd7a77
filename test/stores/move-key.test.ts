// The seal key in another source, and a new key in another source: from each to each, and what stands in the way.
import { describe, expect, test } from 'vitest';
import { Secret } from '../../src/model/secret.ts';
import type { KeySourceChoice } from '../../src/model/store.ts';
import { createWorld, type World } from '../support/world.ts';
import { expectError } from './expect-error.ts';
import { acme, contentOf, gmail, save } from './store-contract.ts';
import { dataFolder, plugTree } from './tree.ts';

const words = 'correct horse battery staple';
const keyFile = `${dataFolder}/key.json`;
const other = Buffer.alloc(32, 9).toString('base64');

interface Place {
  readonly name: string;
  readonly choice: KeySourceChoice;
  /** What a person has done beforehand, for this very key. */
  readonly prepare: (world: World, key: string) => void;
  /** A copy that is not ours stays there. */
  readonly stays: boolean;
}

const places: readonly Place[] = [
  { name: 'keychain', choice: { type: 'keychain' }, prepare: () => {}, stays: false },
  { name: 'file', choice: { type: 'file', path: '/keys/seal' }, prepare: () => {}, stays: true },
  { name: 'passphrase', choice: { type: 'passphrase' }, prepare: () => {}, stays: false },
  {
    name: 'env',
    choice: { type: 'env' },
    prepare: (world, key) => void Object.assign(world.env, { OAUTHCTL_KEY: key }),
    stays: true,
  },
  {
    name: 'command',
    choice: { type: 'command', command: 'pass show key' },
    prepare: (world, key) => void Object.assign(world, { program: () => ({ kind: 'ended', exit: 0, output: key }) }),
    stays: true,
  },
];

/** A new process, at a place where everything can be asked for. */
function nextProcess(world: World): World {
  const env = { ...world.env, OAUTHCTL_PASSPHRASE_FILE: '/keys/words' };
  return Object.assign(world.another({ env }), { program: world.program });
}

async function treeIn(place: Place): Promise<{ world: World; key: string }> {
  const world = createWorld();
  world.files.set('/keys/words', words);
  place.prepare(world, other);
  const tree = plugTree(nextProcess(world), { explicit: place.choice });
  await save(tree.store, gmail);
  return { world, key: (await tree.keyring.key()).bytes.reveal() };
}

async function opens(world: World): Promise<void> {
  const { store } = plugTree(nextProcess(world));
  expect(await (await store.read(gmail))?.open()).toEqual(contentOf(gmail).secrets);
}

const pairs = places.flatMap((from) => places.filter((to) => to !== from).map((to) => ({ from, to })));

describe('the key moves', () => {
  test.each(pairs)('from $from.name to $to.name, and stays the same', async ({ from, to }) => {
    const { world, key } = await treeIn(from);
    const record = world.files.get(`${dataFolder}/connections/gmail.json`);
    to.prepare(world, key);
    const { moved, leftAt } = await plugTree(nextProcess(world), { explicit: from.choice }).keyring.move(to.choice);
    expect({ moved, stays: leftAt !== undefined }).toEqual({ moved: true, stays: from.stays });
    expect(JSON.parse(world.files.get(keyFile) ?? '').source.type).toBe(to.name);
    expect(world.files.get(`${dataFolder}/connections/gmail.json`)).toBe(record);
    expect([...world.keychain.items.values()]).toEqual(to.name === 'keychain' ? [key] : []);
    expect((await plugTree(nextProcess(world)).keyring.key()).bytes.reveal()).toBe(key);
    await opens(world);
  });

  test.each([
    ['a file that holds another key', { type: 'file', path: '/keys/taken' }, 'key_mismatch'],
    ['a file that holds no key', { type: 'file', path: '/keys/words' }, 'key_unavailable'],
    ['a file beside the records', { type: 'file', path: `${dataFolder}/seal` }, 'key_unavailable'],
    ['a variable that is not set', { type: 'env' }, 'key_unavailable'],
    ['a program that prints nothing', { type: 'command', command: 'pass' }, 'key_unavailable'],
  ] as const)('not to %s: nothing is changed', async (_, to, code) => {
    const { world } = await treeIn(places[0] as Place);
    world.files.set('/keys/taken', other);
    world.program = () => ({ kind: 'ended', exit: 0, output: '' });
    const before = world.files.get(keyFile);
    const error = await expectError(code, () => plugTree(nextProcess(world)).keyring.move(to));
    expect(error.message).not.toContain(other);
    expect(error.hint).toBeDefined();
    expect(world.files.get(keyFile)).toBe(before);
    expect(world.keychain.items.size).toBe(1);
    await opens(world);
  });

  test('not to a variable or a program that holds another key', async () => {
    const { world } = await treeIn(places[0] as Place);
    for (const place of places.slice(3)) {
      place.prepare(world, other);
      await expectError('key_mismatch', () => plugTree(nextProcess(world)).keyring.move(place.choice));
    }
  });

  test('a passphrase is changed by moving to it again', async () => {
    const world = createWorld();
    const typing = (...answers: string[]) => {
      const one = world.another({ terminal: true });
      one.answers.push(...answers);
      return one;
    };
    await save(plugTree(typing(words, words), { explicit: { type: 'passphrase' } }).store, gmail);
    const changing = typing(words, 'another horse entirely', 'another horse entirely');
    expect(await plugTree(changing).keyring.move({ type: 'passphrase' })).toEqual({ moved: true, leftAt: undefined });
    expect(changing.answers).toEqual([]);
    const later = plugTree(typing('another horse entirely'));
    expect(await (await later.store.read(gmail))?.open()).toEqual(contentOf(gmail).secrets);
    await expectError('key_mismatch', () => plugTree(typing(words, words, words)).keyring.key());
  });

  test('a new key may have a new passphrase; each is typed once', async () => {
    const world = createWorld();
    const typing = (...answers: string[]) => {
      const one = world.another({ terminal: true });
      one.answers.push(...answers);
      return one;
    };
    await save(plugTree(typing(words, words), { explicit: { type: 'passphrase' } }).store, gmail);
    const rotating = typing(words, 'another horse entirely', 'another horse entirely');
    const { keyring, store } = plugTree(rotating);
    const rotation = await keyring.beginRotation({ type: 'passphrase' });
    const secrets = (await (await store.read(gmail))?.open()) ?? {};
    await save(store, gmail, 1, { ...contentOf(gmail), secrets });
    await keyring.endRotation(rotation, async () => {});
    expect(rotating.answers).toEqual([]);
    const later = plugTree(typing('another horse entirely'));
    expect(await (await later.store.read(gmail))?.open()).toEqual(contentOf(gmail).secrets);
  });

  test('what names another source from now on is told', async () => {
    const { world } = await treeIn(places[1] as Place);
    const tree = plugTree(nextProcess(world), { explicit: (places[1] as Place).choice });
    await tree.keyring.move({ type: 'keychain' });
    expect(tree.warnings).toEqual([expect.stringContaining('file:/keys/seal')]);
  });

  test('a new tree has nothing to move, and a tree without key.json does not get one', async () => {
    const world = createWorld();
    await expectError('key_missing', () => plugTree(world).keyring.move({ type: 'keychain' }));
    world.files.set(`${dataFolder}/connections/gmail.json`, '{}');
    await expectError('key_missing', () => plugTree(world).keyring.move({ type: 'keychain' }));
    await expectError('key_missing', () => plugTree(world).keyring.beginRotation(undefined));
    expect(world.keychain.items.size).toBe(0);
  });

  test('a keychain that does not let go of the old item: told, and the move stands', async () => {
    const { world } = await treeIn(places[0] as Place);
    const one = nextProcess(world);
    const stubborn = {
      ...one.system.keychain,
      remove: async () => ({ ok: false as const, why: 'locked' as const, detail: 'fake' }),
    };
    const tree = plugTree({ ...one, system: { ...one.system, keychain: stubborn } });
    expect((await tree.keyring.move({ type: 'file', path: '/keys/seal' })).leftAt).toContain('seal-key/');
    await opens(world);
  });
});

describe('a new key', () => {
  const fresh = Buffer.alloc(32, 11).toString('base64');
  const done = async () => {};

  test.each([
    ...pairs,
    { from: places[0] as Place, to: places[0] as Place },
    { from: places[2] as Place, to: places[2] as Place },
  ])('goes from $from.name to $to.name', async ({ from, to }) => {
    const { world, key } = await treeIn(from);
    if (from !== to) to.prepare(world, fresh);
    // A variable that names the new key is no wish for the key of now.
    const explicit = to.name === 'env' ? { explicit: to.choice } : {};
    const { keyring, store } = plugTree(nextProcess(world), explicit);
    const rotation = await keyring.beginRotation(to.choice);
    await opens(world);
    const content = { ...contentOf(gmail), secrets: (await (await store.read(gmail))?.open()) ?? {} };
    await save(store, gmail, 1, content);
    await opens(world);
    const { leftAt } = await keyring.endRotation(rotation, done);
    expect(leftAt !== undefined).toBe(from.stays);
    const now = await plugTree(nextProcess(world)).keyring.key();
    expect(now).toMatchObject({ kid: rotation.to });
    expect(now.bytes.reveal()).not.toBe(key);
    await opens(world);
  });

  test.each(places.slice(1).filter(({ name }) => name !== 'passphrase'))(
    'needs another place where $name can hold one key only',
    async (place) => {
      const { world } = await treeIn(place);
      const { keyring } = plugTree(nextProcess(world));
      for (const to of [undefined, place.choice]) {
        const error = await expectError('usage', () => keyring.beginRotation(to));
        expect(error.hint).toContain('oauthctl key rotate --to');
      }
      expect(world.files.get(`${dataFolder}/key.next.json`)).toBeUndefined();
    },
  );

  test('is not the key of now in another place', async () => {
    const { world, key } = await treeIn(places[0] as Place);
    world.files.set('/keys/copy', key);
    await expectError('key_unavailable', () =>
      plugTree(nextProcess(world)).keyring.beginRotation({ type: 'file', path: '/keys/copy' }),
    );
    expect(world.files.get(`${dataFolder}/key.next.json`)).toBeUndefined();
  });

  test('that is lost before anything was sealed with it is made anew; after that it is key_missing', async () => {
    const { world } = await treeIn(places[0] as Place);
    const first = await plugTree(nextProcess(world)).keyring.beginRotation(undefined);
    world.keychain.items.delete(`seal-key/${first.to}`);
    const { store } = plugTree(nextProcess(world));
    // Meanwhile the old key serves.
    await save(store, gmail, 1);
    expect((await store.read(gmail))?.sealedWith).toBe(first.from);
    const second = await plugTree(nextProcess(world)).keyring.beginRotation(undefined);
    expect(second.to).not.toBe(first.to);
    expect(second.resumed).toBe(false);
    await save(plugTree(nextProcess(world)).store, gmail, 2);
    world.keychain.items.delete(`seal-key/${second.to}`);
    await expectError('key_missing', () => plugTree(nextProcess(world)).keyring.beginRotation(undefined));
    expect(await store.names('connections')).toEqual(['gmail']);
  });

  test('does not lose a new record that was on its way under the old one', async () => {
    const { world } = await treeIn(places[0] as Place);
    const writer = nextProcess(world);
    const { keyring } = plugTree(nextProcess(world));
    let rotated: Promise<unknown> | undefined;
    const rotate = async () => keyring.endRotation(await keyring.beginRotation(undefined), done);
    const files = {
      ...writer.system.files,
      // Between the look at the key files and the write.
      async ensureFolder(path: string) {
        await writer.system.files.ensureFolder(path);
        if (path !== `${dataFolder}/connections`) return;
        rotated ??= rotate();
        await world.system.clock.sleep(5_000);
      },
    };
    await save(plugTree({ ...writer, system: { ...writer.system, files } }).store, acme);
    const { sealedWith } = (await plugTree(nextProcess(world)).store.read(acme)) ?? {};
    expect(JSON.parse(world.files.get(keyFile) ?? '').kid).toBe(sealedWith);
    await rotated;
    expect(JSON.parse(world.files.get(keyFile) ?? '').kid).not.toBe(sealedWith);
  });

  test('opens a tree of version 1, which is written as 2 from then on', async () => {
    const { world } = await treeIn(places[0] as Place);
    expect(JSON.parse(world.files.get(keyFile) ?? '').version).toBe(1);
    const { keyring } = plugTree(nextProcess(world));
    const before = await keyring.fingerprint('gmail', new Secret('t'));
    await save(plugTree(world).store, gmail, 1);
    const rotation = await keyring.beginRotation(undefined);
    await save(plugTree(world).store, gmail, 2);
    await keyring.endRotation(rotation, done);
    const file = JSON.parse(world.files.get(keyFile) ?? '');
    expect(file.version).toBe(2);
    expect(await plugTree(nextProcess(world)).keyring.fingerprint('gmail', new Secret('t'))).toBe(before);
    world.files.set(keyFile, JSON.stringify({ ...file, retired: [] }));
    await expectError('record_unreadable', () => plugTree(nextProcess(world)).keyring.key());
    world.files.set(keyFile, JSON.stringify({ ...file, retired: [{ ...file.retired[0], kid: 'x' }] }));
    await expectError('key_mismatch', () => plugTree(nextProcess(world)).keyring.key());
  });
});
