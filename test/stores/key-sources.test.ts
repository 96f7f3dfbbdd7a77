// Every source of the seal key: what it finds, what it makes, how it fails.
import { describe, expect, test } from 'vitest';
import type { KeychainFailure } from '../../src/model/ports.ts';
import { Secret } from '../../src/model/secret.ts';
import type { KeySourceChoice } from '../../src/model/store.ts';
import type { KeySource } from '../../src/stores/key-source.ts';
import { commandSource } from '../../src/stores/key-sources/command-source.ts';
import { envSource } from '../../src/stores/key-sources/env-source.ts';
import { fileSource } from '../../src/stores/key-sources/file-source.ts';
import { keychainSource } from '../../src/stores/key-sources/keychain-source.ts';
import { passphraseSources } from '../../src/stores/key-sources/passphrase-source.ts';
import { createWorld, type World } from '../support/world.ts';
import { expectError } from './expect-error.ts';
import { dataFolder, plugTree } from './tree.ts';

const text = Buffer.from('an example seal key of 32 bytes!').toString('base64');
const found = { state: 'found', bytes: new Secret(text), worldReadable: false };
const keyPath = '/run/keys/oauthctl';
const env: KeySourceChoice = { type: 'env' };

const passphraseOf = ({ system }: World) => passphraseSources({ ...system, warn: () => {}, cost: 2 ** 14 });

interface Row {
  readonly name: string;
  source(world: World): KeySource;
  put(world: World, key: string): void;
}

const rows: Row[] = [
  {
    name: 'keychain',
    source: (world) => keychainSource(world.system.keychain, {}),
    put: (world, key) => void world.keychain.items.set('seal-key/k1', key),
  },
  {
    name: 'OAUTHCTL_KEY',
    source: (world) => envSource(world.system.env, world.system.files),
    put: (world, key) => void Object.assign(world.env, { OAUTHCTL_KEY: key }),
  },
  {
    name: 'OAUTHCTL_KEY_FILE',
    source: (world) => {
      Object.assign(world.env, { OAUTHCTL_KEY_FILE: keyPath });
      return envSource(world.system.env, world.system.files);
    },
    put: (world, key) => world.files.set(keyPath, key),
  },
  {
    name: 'file',
    source: (world) => fileSource(world.system.files, keyPath),
    put: (world, key) => world.files.set(keyPath, key),
  },
  {
    name: 'command',
    source: (world) => {
      world.program ??= () => ({ kind: 'ended', exit: 0, output: '' });
      return commandSource('pass show oauthctl', { spawn: world.system.spawn, attended: false });
    },
    put: (world, key) => void Object.assign(world, { program: () => ({ kind: 'ended', exit: 0, output: `${key}\n` }) }),
  },
];

describe.each(rows)('any source: $name', (row) => {
  test('finds a key that is there', async () => {
    const world = createWorld();
    row.put(world, text);
    const key = await row.source(world).key('k1');
    expect(key).toEqual(found);
    expect(key.state === 'found' && key.bytes.reveal()).toBe(text);
  });

  test('says when there is none', async () => {
    expect(await row.source(createWorld()).key('k1')).toEqual({ state: 'absent' });
  });

  test.each([
    ['words', 'correct horse battery staple'],
    ['31 bytes', Buffer.alloc(31, 1).toString('base64')],
    ['33 bytes', Buffer.alloc(33, 1).toString('base64')],
    ['hexadecimal', Buffer.alloc(32, 1).toString('hex')],
    ['a stray character', `${text.slice(0, 20)}*${text.slice(20)}`],
  ])('takes nothing else for a key: %s', async (_, bad) => {
    const world = createWorld();
    row.put(world, bad);
    expect(await row.source(world).key('k1')).toEqual({ state: 'malformed' });
  });

  test('does not print the key', async () => {
    const world = createWorld();
    row.put(world, text);
    const source = row.source(world);
    const shown = [JSON.stringify(await source.key('k1')), source.describe('k1')].join();
    expect(shown).not.toContain(text);
  });
});

describe('a source that makes keys', () => {
  const makers: readonly (readonly [string, (world: World) => KeySource, boolean])[] = [
    ['keychain', (world) => keychainSource(world.system.keychain, {}), false],
    ['file', (world) => fileSource(world.system.files, keyPath), true],
    ['passphrase', (world) => passphraseOf(world)(undefined), false],
  ];
  test.each(makers)('gives back what it was given, and tells where a copy stays: %s', async (_, source, stays) => {
    const world = createWorld({ env: { OAUTHCTL_PASSPHRASE_FILE: '/run/keys/words' } });
    world.files.set('/run/keys/words', 'correct horse battery staple\n');
    const choice = await source(world).create('k1', new Secret(text));
    const again = choice.type === 'passphrase' ? passphraseOf(world.another())(choice.wrapped) : source(world);
    const key = await again.key('k1');
    expect(key).toEqual(found);
    expect(key.state === 'found' && key.bytes.reveal()).toBe(text);
    expect(JSON.stringify(choice)).not.toContain(text);
    expect((await again.remove('k1')) !== undefined).toBe(stays);
    expect(again.describe('k1')).not.toContain(text);
  });

  const takers: readonly (readonly [string, (world: World) => KeySource])[] = [
    ['env', (world) => envSource(world.system.env, world.system.files)],
    ['command', (world) => commandSource('pass', { spawn: world.system.spawn, attended: false })],
  ];
  test.each(takers)('and one that makes none says how to: %s', async (_, source) => {
    const error = await expectError('key_unavailable', () => source(createWorld()).create('k1', new Secret(text)));
    expect(error.hint).toContain('openssl rand -base64 32');
    expect(error.message).not.toContain(text);
  });
});

describe('keychain', () => {
  test('an empty item is no key', async () => {
    const world = createWorld();
    world.keychain.items.set('seal-key/k1', '');
    expect(await keychainSource(world.system.keychain, {}).key('k1')).toEqual({ state: 'empty' });
  });

  test.each<[KeychainFailure, 'key_locked' | 'key_unavailable', RegExp]>([
    ['locked', 'key_locked', /unlock it/],
    ['timed_out', 'key_locked', /unlock it/],
    ['unavailable', 'key_unavailable', /--key file:PATH/],
    ['no_default_collection', 'key_unavailable', /Secret Service/],
    ['not_responding', 'key_unavailable', /OAUTHCTL_KEY/],
    ['ambiguous', 'key_unavailable', /remove all but the right one of the items 'seal-key/],
    ['too_large', 'key_unavailable', /OAUTHCTL_KEY/],
    ['failed', 'key_unavailable', /OAUTHCTL_KEY/],
  ])('%s is %s, on reading and on writing', async (failure, code, hint) => {
    const world = createWorld();
    world.keychain.failure = failure;
    const source = keychainSource(world.system.keychain, {});
    for (const act of [() => source.key('k1'), () => source.create('k1', new Secret(text))]) {
      const error = await expectError(code, act);
      expect(error.message).toContain('nothing was stored anywhere else');
      expect(error.message).not.toContain(text);
      expect(error.hint).toMatch(hint);
    }
    await expectError(code, () => plugTree(world).keyring.key());
    expect(world.files.get(`${dataFolder}/key.json`)).toBeUndefined();
  });

  test('tells when the answer takes long', async () => {
    const world = createWorld();
    world.keychain.failure = 'timed_out';
    let waiting = 0;
    const source = keychainSource(world.system.keychain, { onWaiting: () => waiting++ });
    await expectError('key_locked', () => source.key('k1'));
    expect(waiting).toBe(1);
  });

  test('two trees never share or delete each other’s item', async () => {
    const world = createWorld();
    const source = keychainSource(world.system.keychain, {});
    await source.create('k1', new Secret(text));
    await source.create('k2', new Secret(Buffer.alloc(32, 2).toString('base64')));
    await source.remove('k2');
    expect([...world.keychain.items]).toEqual([['seal-key/k1', text]]);
  });
});

describe('environment', () => {
  test('OAUTHCTL_KEY wins over OAUTHCTL_KEY_FILE', async () => {
    const world = createWorld({ env: { OAUTHCTL_KEY: text, OAUTHCTL_KEY_FILE: '/nowhere' } });
    expect(await envSource(world.system.env, world.system.files).key('k1')).toEqual(found);
  });

  test('OAUTHCTL_KEY_FILE is read against the working folder, links and group access are fine', async () => {
    const world = createWorld({ env: { OAUTHCTL_KEY_FILE: 'key' } });
    world.files.set('/run/secret', text, { mode: 0o440, ownerIsUs: false });
    world.files.set('/home/ann/work/key', '/run/secret', { kind: 'link' });
    expect(await envSource(world.system.env, world.system.files).key('k1')).toEqual(found);
  });

  test('makes no key: a new tree without one stops, and says how to make it', async () => {
    for (const variables of [{}, { OAUTHCTL_KEY_FILE: '/run/keys/none' }]) {
      const world = createWorld({ env: variables });
      const error = await expectError('key_unavailable', () => plugTree(world, { explicit: env }).keyring.key());
      expect(error.hint).toContain('openssl rand -base64 32');
      expect(world.files.get('/run/keys/none')).toBeUndefined();
    }
  });

  test('a tree of it, without the variable: missing, and the variable is named', async () => {
    const world = createWorld({ env: { OAUTHCTL_KEY: text } });
    await plugTree(world, { explicit: env }).keyring.key();
    world.files.set(`${dataFolder}/apps/gmail.json`, '{}');
    const error = await expectError('key_missing', () => plugTree(world.another({ env: {} })).keyring.key());
    expect(error.message).toContain('OAUTHCTL_KEY');
  });

  test('a malformed key is refused before anything is written', async () => {
    const world = createWorld({ env: { OAUTHCTL_KEY: 'short' } });
    const error = await expectError('key_unavailable', () => plugTree(world, { explicit: env }).keyring.key());
    expect(error.message).not.toContain('short');
    expect(world.files.get(`${dataFolder}/key.json`)).toBeUndefined();
  });
});
