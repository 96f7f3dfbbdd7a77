// The seal key under a passphrase: typed once, or in a file; wrapped in key.json, where nothing opens it.
import { scryptSync } from 'node:crypto';
import { compactDecrypt } from 'jose';
import { describe, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world.ts';
import { expectError } from './expect-error.ts';
import { acme, contentOf, gmail, save } from './store-contract.ts';
import { dataFolder, plugTree } from './tree.ts';

const words = 'correct horse battery staple';
const keyFile = `${dataFolder}/key.json`;
const passphrase = { explicit: { type: 'passphrase' } } as const;
const inFile = { OAUTHCTL_PASSPHRASE_FILE: '/run/words' };

function typing(world: World, ...answers: string[]): World {
  const other = world.another({ terminal: true });
  other.answers.push(...answers);
  return other;
}

async function madeTree(): Promise<World> {
  const world = createWorld();
  await save(plugTree(typing(world, words, words), passphrase).store, gmail);
  return world;
}

const fileOf = (world: World) => JSON.parse(world.files.get(keyFile) ?? '');

describe('a passphrase', () => {
  test('is asked for twice when it is made, and once per process after that', async () => {
    const world = createWorld();
    const making = typing(world, words, words);
    const tree = plugTree(making, passphrase);
    await save(tree.store, gmail);
    await save(tree.store, acme);
    expect(making.asked).toEqual(['New passphrase of the seal key, 12 characters or more:', 'The same again:']);
    const later = typing(world, words);
    const again = plugTree(later);
    for (const ref of [gmail, acme])
      expect(await (await again.store.read(ref))?.open()).toEqual(contentOf(ref).secrets);
    expect(later.asked).toEqual(['Passphrase of the seal key:']);
  });

  test('rests nowhere, nor does the key that it opens', async () => {
    const world = createWorld();
    const tree = plugTree(typing(world, words, words), passphrase);
    await save(tree.store, gmail);
    const everything = world.files
      .paths('/')
      .map((path) => world.files.get(path))
      .join('\n');
    expect(everything).not.toContain(words);
    expect(everything).not.toContain((await tree.keyring.key()).bytes.reveal());
    expect(world.keychain.items.size).toBe(0);
  });

  test('wraps the key as anybody can unwrap it: scrypt, then a compact JWE', async () => {
    const world = createWorld();
    const key = await plugTree(typing(world, words, words), passphrase).keyring.key();
    const { wrapped } = fileOf(world).source;
    expect(fileOf(world).version).toBe(2);
    const salt = Buffer.from(wrapped.salt, 'base64url');
    const wrapping = scryptSync(words, salt, 32, { N: wrapped.n, r: wrapped.r, p: wrapped.p, maxmem: 2 ** 28 });
    const { plaintext, protectedHeader } = await compactDecrypt(wrapped.sealed, wrapping);
    expect(Buffer.from(plaintext).toString('utf8')).toBe(key.bytes.reveal());
    expect(protectedHeader).toMatchObject({ alg: 'dir', enc: 'A256GCM', kid: key.kid });
  });

  test('that is short, or differs the second time, is asked for again', async () => {
    const other = 'another horse battery';
    const world = typing(createWorld(), 'too short', words, 'another one', other, other);
    await plugTree(world, passphrase).keyring.key();
    expect(world.stderr()).toContain('that is shorter than 12 characters');
    expect(world.asked.slice(3)).toEqual([
      'The two differ. New passphrase of the seal key, 12 characters or more:',
      'The same again:',
    ]);
    await plugTree(typing(world, other)).keyring.key();
  });

  test('that differs three times is given up, and nothing is written', async () => {
    const world = createWorld();
    const asking = typing(world, words, 'a', words, 'b', words, 'c');
    await expectError('invalid_value', () => plugTree(asking, passphrase).keyring.key());
    expect(world.files.get(keyFile)).toBeUndefined();
  });

  test('is the same however its letters are composed', async () => {
    const world = createWorld();
    await save(plugTree(typing(world, 'caf\u00e9 au lait noir', 'caf\u00e9 au lait noir'), passphrase).store, gmail);
    const other = plugTree(typing(world, 'cafe\u0301 au lait noir'));
    expect(await (await other.store.read(gmail))?.open()).toEqual(contentOf(gmail).secrets);
  });

  test('has three attempts; then it is key_mismatch, and nothing is written', async () => {
    const world = await madeTree();
    const before = world.files.get(keyFile);
    const late = typing(world, 'a wrong one', 'another wrong one', words);
    await plugTree(late).keyring.key();
    const lost = typing(world, 'a wrong one', 'another wrong one', 'a third one');
    const error = await expectError('key_mismatch', () => plugTree(lost).keyring.key());
    expect(error.message).toContain('the passphrase does not open');
    expect(error.message).not.toContain('wrong one');
    expect(world.files.get(keyFile)).toBe(before);
  });

  test('that nobody is there to type is key_locked, with the ways out', async () => {
    const world = await madeTree();
    const error = await expectError('key_locked', () => plugTree(world.another()).keyring.key());
    expect(error.hint).toContain('OAUTHCTL_PASSPHRASE_FILE');
    const none = await expectError('key_locked', () => plugTree(createWorld(), passphrase).keyring.key());
    expect(none.message).toBe('a passphrase for the seal key is to be made up, and nobody is here to type one');
  });
});

describe('a passphrase in a file', () => {
  test('opens without a question', async () => {
    const world = await madeTree();
    world.files.set('/run/words', `${words}\n`);
    const tree = plugTree(world.another({ env: inFile }));
    expect(await (await tree.store.read(gmail))?.open()).toEqual(contentOf(gmail).secrets);
  });

  test('that everybody can read is told', async () => {
    const world = await madeTree();
    world.files.set('/run/words', words, { mode: 0o644 });
    const tree = plugTree(world.another({ env: inFile }));
    await tree.keyring.key();
    expect(tree.warnings).toEqual([expect.stringContaining('/run/words')]);
  });

  test.each([
    ['wrong', 'another passphrase', 'key_mismatch'],
    ['empty', '\n', 'key_unavailable'],
    ['not there', undefined, 'key_unavailable'],
  ] as const)('that is %s', async (_, text, code) => {
    const world = await madeTree();
    if (text !== undefined) world.files.set('/run/words', text);
    const error = await expectError(code, () => plugTree(world.another({ env: inFile })).keyring.key());
    expect(error.message).toContain('/run/words');
    expect(error.message).not.toContain('another passphrase');
  });

  test('that cannot be read, or is too short for a new key', async () => {
    const world = createWorld({ env: inFile });
    world.files.set('/run/words', 'too short');
    await expectError('key_unavailable', () => plugTree(world, passphrase).keyring.key());
    world.files.faults.push({ kind: 'denied', method: 'readNamed' });
    await expectError('key_unavailable', () => plugTree(world, passphrase).keyring.key());
    expect(world.files.get(keyFile)).toBeUndefined();
  });
});

describe('a key.json that somebody else wrote', () => {
  test.each([
    ['more memory than there is', { n: 2 ** 30 }],
    ['a cost that is no power of two', { n: 2 ** 17 + 1 }],
    ['hardly any cost', { n: 2 }],
    ['larger blocks', { r: 1024 }],
    ['endless rounds', { p: 1_000_000 }],
    ['no salt', { salt: '' }],
    ['a member more', { note: 1 }],
  ])('cannot ask scrypt for %s', async (_, change) => {
    const world = await madeTree();
    const file = fileOf(world);
    Object.assign(file.source.wrapped, change);
    world.files.set(keyFile, JSON.stringify(file));
    const asking = typing(world);
    await expectError('record_unreadable', () => plugTree(asking).keyring.key());
    expect(asking.asked).toEqual([]);
  });

  test('with the wrapped key of another tree, or none', async () => {
    const [world, other] = [await madeTree(), await madeTree()];
    const file = fileOf(world);
    const foreign = { ...fileOf(other).source.wrapped, sealed: fileOf(other).source.wrapped.sealed.replace('.', 'A.') };
    world.files.set(keyFile, JSON.stringify({ ...file, source: { type: 'passphrase', wrapped: foreign } }));
    await expectError('key_mismatch', () => plugTree(typing(world, words, words, words)).keyring.key());
    world.files.set(keyFile, JSON.stringify({ ...file, source: { type: 'passphrase' } }));
    await expectError('record_unreadable', () => plugTree(typing(world)).keyring.key());
  });
});
