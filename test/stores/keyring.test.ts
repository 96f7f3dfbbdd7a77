// The seal key of a tree that exists: checked always, never replaced while it may still be needed.
import { createHmac, hkdfSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../src/model/secret.ts';
import { createWorld, type World } from '../support/world.ts';
import { expectError } from './expect-error.ts';
import { dataFolder, plugTree, treeWithRecord } from './tree.ts';

const keyFile = `${dataFolder}/key.json`;
const record = `${dataFolder}/connections/gmail.json`;
const otherKey = Buffer.alloc(32, 5).toString('base64');

async function seeded(): Promise<{ world: World; kid: string; account: string }> {
  const world = createWorld();
  const { kid } = await plugTree(world).keyring.key();
  return { world, kid, account: `seal-key/${kid}` };
}

describe('an existing tree', () => {
  test('whose key is gone beside sealed files', async () => {
    const { world, account } = await seeded();
    world.files.set(record, '{}');
    for (const text of [undefined, '']) {
      world.keychain.items.clear();
      if (text !== undefined) world.keychain.items.set(account, text);
      const before = world.files.get(keyFile);
      const error = await expectError('key_missing', () => plugTree(world).keyring.key());
      expect(error.message).toContain(account);
      expect(error.hint).toContain('oauthctl key reset');
      expect(world.files.get(keyFile)).toBe(before);
      expect(world.keychain.items.get(account)).toBe(text);
    }
  });

  test('whose key is gone, and nothing was sealed, gets a new key under a new kid', async () => {
    for (const text of [undefined, '']) {
      const { world, kid, account } = await seeded();
      const before = JSON.parse(world.files.get(keyFile) ?? '');
      world.keychain.items.clear();
      if (text !== undefined) world.keychain.items.set(account, text);
      const key = await plugTree(world).keyring.key();
      expect(key.kid).not.toBe(kid);
      expect([...world.keychain.items.keys()]).toEqual([`seal-key/${key.kid}`]);
      expect(JSON.parse(world.files.get(keyFile) ?? '').tree).toBe(before.tree);
    }
  });

  test('never makes a second key under one kid, whatever draft is left', async () => {
    const { world, kid } = await seeded();
    const { check: _, ...draft } = JSON.parse(world.files.get(keyFile) ?? '');
    world.files.set(`${dataFolder}/key.draft.json`, JSON.stringify(draft));
    world.keychain.items.clear();
    expect((await plugTree(world).keyring.key()).kid).not.toBe(kid);
  });

  test('with another key: key_mismatch, and nothing is written', async () => {
    const { world, account } = await seeded();
    world.keychain.items.set(account, otherKey);
    const calls = world.files.calls.length;
    const error = await expectError('key_mismatch', () => plugTree(world).keyring.key());
    expect(error.message).not.toContain(otherKey);
    expect(new Set(world.files.calls.slice(calls).map((call) => call.split(' ')[0]))).toEqual(new Set(['readOwn']));
    expect(world.keychain.items.get(account)).toBe(otherKey);
  });

  test('with an item that is no key', async () => {
    const { world, account } = await seeded();
    world.keychain.items.set(account, 'hunter2');
    const error = await expectError('key_unavailable', () => plugTree(world).keyring.key());
    expect(error.message).not.toContain('hunter2');
  });

  test('tries the key that was named, and never changes its source', async () => {
    const { world, kid } = await seeded();
    const key = await plugTree(world).keyring.key();
    const before = world.files.get(keyFile);
    const fitting = world.another({ env: { OAUTHCTL_KEY: key.bytes.reveal() } });
    expect(await plugTree(fitting, { explicit: { type: 'env' } }).keyring.key()).toEqual({ kid, bytes: key.bytes });
    const wrong = world.another({ env: { OAUTHCTL_KEY: otherKey } });
    const error = await expectError('key_mismatch', () => plugTree(wrong, { explicit: { type: 'env' } }).keyring.key());
    expect(error.hint).toContain(`seal-key/${kid}`);
    await expectError('key_missing', () => plugTree(world, { explicit: { type: 'file', path: '/k' } }).keyring.key());
    expect(world.files.get(keyFile)).toBe(before);
    expect(world.files.get('/k')).toBeUndefined();
  });

  test.each([
    ['cut short', (text: string) => text.slice(0, -30), 'record_unreadable'],
    ['empty', () => '', 'record_unreadable'],
    ['with a member more', (text: string) => text.replace('{', '{"note":1,'), 'record_unreadable'],
    ['with an unknown source', (text: string) => text.replace('"keychain"', '"cloud"'), 'record_unreadable'],
    ['of a newer version', (text: string) => text.replace('"version": 1', '"version": 3'), 'record_too_new'],
    [
      'of version 2 without a reason',
      (text: string) => text.replace('"version": 1', '"version": 2'),
      'record_unreadable',
    ],
    ['of another host by hand', (text: string) => text.replace('fake-host', 'evil-host'), 'key_mismatch'],
    ['of another tree by hand', (text: string) => text.replace(/"tree": "../, '"tree": "zz'), 'key_mismatch'],
    ['made at another time', (text: string) => text.replace('10:00', '11:00'), 'key_mismatch'],
    ['with a broken check', (text: string) => text.replace(/"check": "(.*)."/, '"check": "$1!"'), 'key_mismatch'],
  ] as const)('with a key.json %s: never taken for a new one', async (_, edit, code) => {
    const { world } = await seeded();
    const text = edit(world.files.get(keyFile) ?? '');
    world.files.set(keyFile, text);
    await expectError(code, () => plugTree(world).keyring.key());
    expect(world.files.get(keyFile)).toBe(text);
    expect(world.keychain.items.size).toBe(1);
  });

  test('of version 1 opens for ever', async () => {
    // Never regenerate: this is what lies on people's disks.
    const world = createWorld({ env: { OAUTHCTL_KEY: otherKey } });
    world.files.set(
      keyFile,
      `{
  "version": 1,
  "tree": "fedcba9876543210fedcba9876543210",
  "kid": "0123456789abcdef0123456789abcdef",
  "source": {
    "type": "env"
  },
  "created_at": "2026-11-25T10:00:00Z",
  "host": "host-1",
  "check": "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIiwiZmFjdHNfc2hhMjU2IjoiY0d5QzR4bU5LNGpLNWJpTUlmT0VTVHNxd3dRdmViQWdfdk1SMFdlUlU5TSIsImtpZCI6IjAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2Nzg5YWJjZGVmIiwidHlwIjoib2F1dGhjdGwta2V5In0..CQkJCQkJCQkJCQkJ.vOhQxBeECbCfM_NPnx2t50w.gWeL23V9KuBEb6gACm5YfQ"
}
`,
    );
    expect((await plugTree(world).keyring.key()).kid).toBe('0123456789abcdef0123456789abcdef');
  });

  test('that cannot be read is an error of the store', async () => {
    const { world } = await seeded();
    world.files.faults.push({ kind: 'denied', method: 'readOwn', path: /key\.json$/ });
    await expectError('store_unavailable', () => plugTree(world).keyring.key());
  });

  test('on a read-only disk still opens', async () => {
    const { world, kid } = await seeded();
    world.files.readOnly = true;
    expect((await plugTree(world).keyring.key()).kid).toBe(kid);
  });

  test('asks a failing source once per process', async () => {
    const { world } = await seeded();
    world.keychain.failure = 'locked';
    const { keyring } = plugTree(world);
    const calls = world.keychain.calls.length;
    await expectError('key_locked', () => keyring.key());
    await expectError('key_locked', () => keyring.key());
    expect(world.keychain.calls).toHaveLength(calls + 1);
  });
});

describe('adopting the key file of another machine', () => {
  test('makes the same tree, once its key was seen to fit', async () => {
    const { world } = await seeded();
    const text = world.files.get(keyFile) ?? '';
    const other = createWorld();
    for (const [account, item] of world.keychain.items) other.keychain.items.set(account, item);
    const tree = plugTree(other);
    await tree.keyring.adopt(text);
    await tree.keyring.adopt(text);
    expect(await tree.keyring.keyFile()).toBe(text);
    expect(await tree.keyring.key()).toEqual(await plugTree(world).keyring.key());
  });

  test('in the place of one whose key has sealed nothing, which stays known', async () => {
    const { world, account } = await seeded();
    const other = createWorld({ seed: 2 });
    const tree = plugTree(other);
    const { kid } = await tree.keyring.key();
    other.keychain.items.set(account, world.keychain.items.get(account) ?? '');
    await tree.keyring.adopt(world.files.get(keyFile) ?? '');
    expect(`seal-key/${(await tree.keyring.key()).kid}`).toBe(account);
    expect(other.files.get(`${dataFolder}/key-${kid}.json`)).toContain(kid);
    expect(other.keychain.items.has(`seal-key/${kid}`)).toBe(true);
  });

  test('by the source that was named here', async () => {
    const { world, account } = await seeded();
    const other = createWorld({ env: { OAUTHCTL_KEY: world.keychain.items.get(account) ?? '' } });
    const tree = plugTree(other, { explicit: { type: 'env' } });
    await tree.keyring.adopt(world.files.get(keyFile) ?? '');
    expect((await tree.keyring.key()).kid).toBe((await plugTree(world).keyring.key()).kid);
  });

  test.each([
    ['key_missing', undefined],
    ['key_mismatch', otherKey],
    ['key_unavailable', 'hunter2'],
  ] as const)('writes nothing otherwise: %s', async (code, item) => {
    const { world, account } = await seeded();
    const other = createWorld();
    if (item !== undefined) other.keychain.items.set(account, item);
    await expectError(code, () => plugTree(other).keyring.adopt(world.files.get(keyFile) ?? ''));
    expect(other.files.get(keyFile)).toBeUndefined();
  });

  test('leaves another tree, and sealed files without a key file, as they are', async () => {
    const { world } = await treeWithRecord();
    const text = (world.files.get(keyFile) ?? '').replace(/"tree": "../, '"tree": "00');
    await expectError('key_mismatch', () => plugTree(world).keyring.adopt(text));
    const { world: sealed } = await treeWithRecord();
    const own = sealed.files.get(keyFile) ?? '';
    sealed.files.entries.delete(keyFile);
    await expectError('key_missing', () => plugTree(sealed).keyring.adopt(own));
    expect(sealed.files.get(keyFile)).toBeUndefined();
  });
});

describe('describe', () => {
  test('asks no source', async () => {
    const { world, kid } = await seeded();
    world.keychain.failure = 'locked';
    const described = await plugTree(world).keyring.describe();
    expect(described).toEqual({
      kid,
      tree: JSON.parse(world.files.get(keyFile) ?? '').tree,
      source: 'keychain',
      where: `the item 'seal-key/${kid}' of the Secret Service`,
      protection: 'os',
      readers: expect.any(String),
      createdAt: Date.parse('2026-11-25T10:00:00Z'),
      next: null,
    });
  });

  test('of a new tree is undefined and makes nothing', async () => {
    const world = createWorld();
    expect(await plugTree(world).keyring.describe()).toBeUndefined();
    expect(world.files.paths()).toEqual([]);
  });

  test('of sealed files without key.json is an error, not a new tree', async () => {
    const world = createWorld();
    world.files.set(record, '{}');
    await expectError('key_missing', () => plugTree(world).keyring.describe());
  });
});

describe('fingerprint', () => {
  test('is HMAC-SHA256 under a derived key, cut to 128 bits, for good', async () => {
    const key = Buffer.from(otherKey, 'base64');
    const world = createWorld({ env: { OAUTHCTL_KEY: otherKey } });
    const { keyring } = plugTree(world, { explicit: { type: 'env' } });
    const auditKey = Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), Buffer.from('audit/v1'), 32));
    const expected = createHmac('sha256', auditKey).update('fp/v1').update('gmail').update('1//token').digest();
    const fingerprint = await keyring.fingerprint('gmail', new Secret('1//token'));
    expect(fingerprint).toBe(expected.subarray(0, 16).toString('base64url'));
    expect(fingerprint).toBe('ukqsMKvNeKgkHyh-weJFkg');
    expect(await keyring.fingerprint('google-drive', new Secret('1//token'))).not.toBe(fingerprint);
    expect(await keyring.fingerprint('gmail', new Secret('1//other'))).not.toBe(fingerprint);
  });
});
