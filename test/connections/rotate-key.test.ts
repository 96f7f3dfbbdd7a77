// `key rotate`: everything is sealed anew, nothing that was known is forgotten, and what stands in the way stops its end only.
import { describe, expect, test } from 'vitest';
import { workingToken } from '../../src/connections/access-token.ts';
import { connect } from '../../src/connections/connect.ts';
import { rotateKey } from '../../src/connections/rotate-key.ts';
import { Secret } from '../../src/model/secret.ts';
import { verifyTrail } from '../audit/verify-trail.ts';
import { expectError } from '../stores/expect-error.ts';
import { home, keyFileOf, openAll, plantedRig, rotateIn, sealedWith } from './key-rig.ts';
import { agree, signIn } from './rig.ts';

const minValid = { minValidSeconds: 60 };

describe('a rotation', () => {
  test('seals every record with a new key, and forgets the old one', async () => {
    const rig = await plantedRig();
    const before = keyFileOf(rig.world);
    const secrets = await openAll((await rig.process()).workspace);
    const rotated = await rotateIn(rig);
    expect(rotated).toMatchObject({ from: before.kid, resumed: false, resealed: 3, leftAt: undefined });
    const after = keyFileOf(rig.world);
    expect(after).toMatchObject({ version: 2, kid: rotated.to, tree: before.tree, retired: [{ kid: before.kid }] });
    expect(sealedWith(rig.world)).toEqual(new Set([rotated.to]));
    expect([...rig.world.keychain.items.keys()]).toEqual([`seal-key/${rotated.to}`]);
    expect(keyFileOf(rig.world, 'key.next.json')).toBeUndefined();
    expect(rig.world.files.get('/data/key.draft.json')).toBeUndefined();
    expect(await openAll((await rig.process()).workspace)).toEqual(secrets);
  });

  test('raises each generation by one, and touches no fact', async () => {
    const rig = await plantedRig();
    const [{ workspace: one }, { workspace: other }] = [await rig.process(), await rig.process()];
    const before = await one.store.read(home);
    await rotateIn(rig);
    const after = await other.store.read(home);
    expect(after?.generation).toBe((before?.generation ?? 0) + 1);
    expect(after?.facts).toEqual(before?.facts);
  });

  test('again and again: the trail of every key is still verified', async () => {
    const rig = await plantedRig();
    for (let count = 0; count < 3; count++) {
      const { workspace } = await rig.process();
      await workspace.audit.append({ type: 'token.refreshed', outcome: 'success' });
      await rotateIn(rig);
    }
    const { workspace } = await rig.process();
    await workspace.audit.append({ type: 'token.refreshed', outcome: 'success' });
    const keys = new Map(
      [...(await workspace.keyring.auditKeys())].map(([kid, key]) => [kid, Buffer.from(key.reveal(), 'base64')]),
    );
    const text = rig.world.files.get('/state/audit/trail.jsonl') ?? '';
    expect(new Set(verifyTrail(text, keys).map(({ kid }) => kid)).size).toBe(4);
    expect(keyFileOf(rig.world).retired).toHaveLength(3);
    keys.delete(keyFileOf(rig.world).retired[1].kid);
    expect(() => verifyTrail(text, keys)).toThrow('MAC');
  });

  test('a token keeps its fingerprint, for the new process and for one that had the old key', async () => {
    const rig = await plantedRig();
    const long = (await rig.process()).workspace;
    const token = new Secret('refresh-0');
    const before = await long.keyring.fingerprint('acme', token);
    await rotateIn(rig);
    await rotateIn(rig);
    expect(await (await rig.process()).workspace.keyring.fingerprint('acme', token)).toBe(before);
    expect(await long.keyring.fingerprint('acme', token)).toBe(before);
  });

  test('a refresh that was cut short is still told as one, and a refusal is still remembered', async () => {
    const rig = await plantedRig();
    rig.server.late = true;
    rig.server.instead = () => Promise.resolve({ status: 503, headers: {}, body: '' });
    const first = (await rig.process()).workspace;
    await expectError('grant_uncertain', () => workingToken(first, 'acme', minValid));
    await rotateIn(rig);
    rig.server.instead = undefined;
    rig.server.late = false;
    const error = await expectError('reconnect_required', async () =>
      workingToken((await rig.process()).workspace, 'acme', minValid),
    );
    expect(error.message).toContain('cut short');
    await rotateIn(rig);
    const spends = rig.world.network.requests.length;
    const remembered = await expectError('reconnect_required', async () =>
      workingToken((await rig.process()).workspace, 'acme', minValid),
    );
    expect(remembered.message).toContain('cut short');
    expect(rig.world.network.requests.length).toBe(spends);
  });
});

describe('a reader that is slower than a rotation', () => {
  test('opens what it has read before, under the new key', async () => {
    const rig = await plantedRig();
    const { workspace: slow } = await rig.process();
    const record = await slow.store.read(home);
    await rotateIn(rig);
    expect(await record?.open()).toMatchObject({ roles: { access: { access_token: 'access-0' } } });
  });

  test('but not what has become another record meanwhile', async () => {
    const rig = await plantedRig();
    const { workspace: slow } = await rig.process();
    const record = await slow.store.read(home);
    await rotateIn(rig);
    await workingToken((await rig.process()).workspace, 'acme', minValid);
    await expectError('record_unreadable', () => record?.open());
  });

  test('finds the key although it looked at key.json before the rotation, and into the keychain after it', async () => {
    const rig = await plantedRig();
    const { world, workspace } = await rig.process();
    const { get } = world.system.keychain;
    let rotated = false;
    Object.assign(world.system.keychain, {
      get: async (...args: Parameters<typeof get>) => {
        if (!rotated) {
          rotated = true;
          await rotateIn(rig);
        }
        return get(...args);
      },
    });
    await openAll(workspace);
    expect((await workspace.keyring.key()).kid).toBe(keyFileOf(rig.world).kid);
  });
});

describe('while one is under way', () => {
  test('a process that had the old key opens and writes what the new one seals, and the other way round', async () => {
    const rig = await plantedRig();
    const { workspace: long } = await rig.process();
    const secrets = await openAll(long);
    await (await rig.process()).workspace.keyring.beginRotation(undefined);
    const next = keyFileOf(rig.world, 'key.next.json').kid;
    expect(await openAll(long)).toEqual(secrets);
    expect((await workingToken(long, 'acme', minValid)).accessToken.reveal()).toBe('access-1');
    expect(sealedWith(rig.world, ['/data/connections/acme.json'])).toEqual(new Set([next]));
    for (const workspace of [long, (await rig.process()).workspace]) await openAll(workspace);
    const finished = await rotateIn(rig);
    expect(finished).toMatchObject({ to: next, resumed: true, resealed: 2 });
    for (const workspace of [long, (await rig.process()).workspace]) await openAll(workspace);
  });

  test('a new connection is sealed with the new key', async () => {
    const rig = await plantedRig();
    await (await rig.process()).workspace.keyring.beginRotation(undefined);
    const { world, workspace } = await rig.process();
    agree(world);
    await connect(workspace, { ...signIn, as: 'other' });
    const { sealedWith: kid } = (await workspace.store.read({ kind: 'connections', name: 'acme:other' })) ?? {};
    expect(kid).toBe(keyFileOf(rig.world, 'key.next.json').kid);
  });

  test('refreshes at the same time lose nothing', async () => {
    const rig = await plantedRig();
    const processes = await Promise.all(Array.from({ length: 6 }, () => rig.process()));
    const [rotated, ...tokens] = await Promise.all([
      rotateIn(rig),
      ...processes.map(({ workspace }) => workingToken(workspace, 'acme', minValid)),
    ]);
    expect(rig.server.spends).toBe(1);
    expect(new Set(tokens.map(({ accessToken }) => accessToken.reveal()))).toEqual(new Set(['access-1']));
    expect(sealedWith(rig.world)).toEqual(new Set([rotated.to]));
  });

  test('a refresh whose process cannot get the new key saves its answer under the old one', async () => {
    const rig = await plantedRig();
    const { world, workspace } = await rig.process();
    await workspace.keyring.key();
    const next = (await (await rig.process()).workspace.keyring.beginRotation(undefined)).to;
    world.keychain.failure = 'locked';
    expect((await workingToken(workspace, 'acme', minValid)).accessToken.reveal()).toBe('access-1');
    world.keychain.failure = undefined;
    expect(sealedWith(rig.world).has(next)).toBe(false);
    expect(await rotateIn(rig)).toMatchObject({ resumed: true, resealed: 3 });
    expect(sealedWith(rig.world)).toEqual(new Set([next]));
  });

  test('two processes that go on with it end it together', async () => {
    const rig = await plantedRig();
    await (await rig.process()).workspace.keyring.beginRotation(undefined);
    const { workspace } = await rig.process();
    const lock = await workspace.store.lock(home, { waitMs: 0 });
    const both = [rotateIn(rig), rotateIn(rig)] as const;
    await rig.world.system.clock.sleep(2_000);
    await lock.release();
    const [one, other] = await Promise.all(both);
    expect(one.resealed + other.resealed).toBe(3);
    expect(one.to).toBe(other.to);
    expect(rig.world.keychain.items.size).toBe(1);
    await openAll((await rig.process()).workspace);
  });

  test('the key is not moved, and the rotation goes nowhere else', async () => {
    const rig = await plantedRig();
    const { workspace } = await rig.process();
    await workspace.keyring.beginRotation(undefined);
    const move = await expectError('key_unavailable', () => workspace.keyring.move({ type: 'file', path: '/keys/k' }));
    expect(move.hint).toContain('oauthctl key rotate');
    await expectError('invalid_value', () => rotateKey(workspace, { type: 'file', path: '/keys/k' }));
    await rotateKey(workspace, { type: 'keychain' });
  });

  test('`key reset` takes both keys aside', async () => {
    const rig = await plantedRig();
    const { workspace } = await rig.process();
    await workspace.keyring.beginRotation(undefined);
    const { movedTo } = await workspace.keyring.reset();
    expect(rig.world.files.get(`${movedTo}/key.next.json`)).toBeDefined();
    expect(rig.world.files.get(`${movedTo}/key.json`)).toBeDefined();
    expect(keyFileOf(rig.world, 'key.next.json')).toBeUndefined();
    await workspace.keyring.key();
  });
});

describe('a record that cannot be sealed anew', () => {
  test.each([
    ['damaged', (text: string) => text.slice(0, -20), 'record_unreadable'],
    ['edited', (text: string) => text.replace('ann@', 'eve@'), 'record_unreadable'],
    ['newer', (text: string) => text.replace('"version": 1', '"version": 9'), 'record_too_new'],
  ] as const)(
    '(%s) is told, keeps both keys in use, and the rotation ends once it is forgotten',
    async (_, edit, code) => {
      const rig = await plantedRig();
      const path = '/data/connections/acme%3Awork.json';
      const bad = edit(rig.world.files.get(path) ?? '');
      rig.world.files.set(path, bad);
      const error = await expectError(code, () => rotateIn(rig));
      expect(error.message).toContain('both keys stay in use');
      expect(error.hint).toContain('oauthctl key rotate');
      expect(rig.world.files.get(path)).toBe(bad);
      expect(rig.world.keychain.items.size).toBe(2);
      const others = ['/data/connections/acme.json', '/data/apps/acme.other.json'];
      expect(sealedWith(rig.world, others)).toEqual(new Set([keyFileOf(rig.world, 'key.next.json').kid]));
      rig.world.files.entries.delete(path);
      expect(await rotateIn(rig)).toMatchObject({ resumed: true, resealed: 0 });
      expect(rig.world.keychain.items.size).toBe(1);
    },
  );

  test('because another process has it: locked, and the next call goes on', async () => {
    const rig = await plantedRig();
    const { workspace } = await rig.process();
    const lock = await workspace.store.lock(home, { waitMs: 0 });
    await expectError('locked', () => rotateIn(rig));
    await lock.release();
    expect(await rotateIn(rig)).toMatchObject({ resumed: true, resealed: 1 });
  });

  test('is a copy under a name that is no record’s', async () => {
    const rig = await plantedRig();
    const copy = '/data/connections/acme (copy).json';
    rig.world.files.set(copy, rig.world.files.get('/data/connections/acme.json') ?? '');
    const error = await expectError('record_unreadable', () => rotateIn(rig));
    expect(error.message).toContain(copy);
    expect(rig.world.keychain.items.size).toBe(2);
    rig.world.files.entries.delete(copy);
    await rotateIn(rig);
    expect(rig.world.keychain.items.size).toBe(1);
  });
});
