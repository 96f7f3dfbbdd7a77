// The fast way and the slow way of `token NAME`: the same bytes and the same exit, or the fast way stands back.
import { describe, expect, it } from 'vitest';
import { answerFast } from '../src/fast.ts';
import { pipedList } from '../src/fast-list.ts';
import { main } from '../src/main.ts';
import type { Connection } from '../src/model/connection.ts';
import { Secret } from '../src/model/secret.ts';
import { createRig, plantConnection } from './connections/rig.ts';
import type { World } from './support/world.ts';

const folders = { OAUTHCTL_CONFIG_DIR: '/config', OAUTHCTL_DATA_DIR: '/data', OAUTHCTL_STATE_DIR: '/state' };
const hour = 3_600_000;

async function plant(changes: (nowAt: number) => Partial<Connection> = () => ({})) {
  const rig = createRig();
  Object.assign(rig.world.env, folders);
  const { workspace, world } = await rig.process();
  const accessToken = { expiresAt: world.now() + hour, refreshable: true };
  await plantConnection(workspace, { accessToken, ...changes(world.now()) });
  return { rig, world };
}

async function fastWay(world: World, args: readonly string[]) {
  const printed: string[] = [];
  const { env, files } = world.system;
  const exit = await answerFast(args, {
    env,
    files,
    nowAt: world.now(),
    keychainGet: async (account) => {
      const text = world.keychain.items.get(account);
      return text === undefined ? undefined : new Secret(text);
    },
    print: (text) => void printed.push(text),
  });
  return { exit, out: printed.join('') };
}

async function slowWay(world: World, args: readonly string[]) {
  const other = world.another();
  const exit = await main(args, other.system);
  return { exit, out: other.stdout() };
}

describe('a fresh token', () => {
  it('comes out the same both ways, byte for byte', async () => {
    const { world } = await plant();
    const fast = await fastWay(world, ['token', 'acme']);
    expect(fast).toEqual({ exit: 0, out: 'access-0\n' });
    expect(await slowWay(world, ['token', 'acme'])).toEqual(fast);
  });

  it('with the key in a file', async () => {
    const { world } = await plant();
    world.files.set('/keys/seal', world.env.OAUTHCTL_KEY ?? '', { mode: 0o600 });
    delete world.env.OAUTHCTL_KEY;
    world.env.OAUTHCTL_KEY_FILE = '/keys/seal';
    expect(await fastWay(world, ['token', 'acme'])).toEqual(await slowWay(world, ['token', 'acme']));
  });

  it('is left to the slow way where somebody receives what is owed', async () => {
    const { world } = await plant();
    world.env.OAUTHCTL_WRITE_BACK = '/cache/acme.json';
    world.files.set('/data/owed/acme', '');
    expect(await fastWay(world, ['token', 'acme'])).toEqual({ exit: undefined, out: '' });
    expect(await slowWay(world, ['token', 'acme'])).toEqual({ exit: 0, out: 'access-0\n' });
    expect(world.files.get('/cache/acme.json')).toContain('"oauthctl_bundle":1');
  });

  it('with settings that do not concern it', async () => {
    const { world } = await plant();
    world.files.set('/config/settings.json', '{"key_source":"env","write_back":"none","store":"files"}');
    expect(await fastWay(world, ['token', 'acme'])).toEqual({ exit: 0, out: 'access-0\n' });
    expect(await slowWay(world, ['token', 'acme'])).toEqual({ exit: 0, out: 'access-0\n' });
  });

  it('with a name in capitals', async () => {
    const { world } = await plant();
    expect(await fastWay(world, ['token', 'ACME'])).toEqual(await slowWay(world, ['token', 'ACME']));
  });

  it('for as long as the slow way takes it for fresh, to the second', async () => {
    for (const leftMs of [60_000, 59_000]) {
      const { world } = await plant((now) => ({ accessToken: { expiresAt: now + leftMs, refreshable: true } }));
      expect((await fastWay(world, ['token', 'acme'])).exit).toBe(leftMs === 60_000 ? 0 : undefined);
    }
  });
});

describe('the fast way stands back', () => {
  const set = (text: string) => (world: World) => world.files.set('/config/settings.json', text);
  const refused = (world: World) => {
    const path = '/data/connections/acme.json';
    world.files.set(path, (world.files.get(path) ?? '').replace('"refused": null', '"refused": []'));
  };
  const standsBack: readonly (readonly [string, (world: World) => void, readonly string[]])[] = [
    ['from any other command', () => {}, ['list']],
    ['from flags', () => {}, ['token', 'acme', '--json']],
    ['from a flag in place of a name', () => {}, ['token', '--help']],
    ['from what is no name', () => {}, ['token', '../acme']],
    ['when there is no such record', () => {}, ['token', 'other']],
    ['from settings that do not read', set('{'), ['token', 'acme']],
    ['when a setting requires something of the key', set('{"require_protection":"os"}'), ['token', 'acme']],
    ['when a setting names a receiver', set('{"write_back":"/cache/"}'), ['token', 'acme']],
    ['when a setting names another key source', set('{"key_source":"keychain"}'), ['token', 'acme']],
    ['from a grant that was refused', refused, ['token', 'acme']],
    [
      'when something is required of the key',
      (world) => (world.env.OAUTHCTL_REQUIRE_PROTECTION = 'environment'),
      ['token', 'acme'],
    ],
    ['when a key source was named', (world) => (world.env.OAUTHCTL_KEY_SOURCE = 'keychain'), ['token', 'acme']],
    [
      'from another key',
      (world) => (world.env.OAUTHCTL_KEY = Buffer.alloc(32, 1).toString('base64')),
      ['token', 'acme'],
    ],
    ['from what is no key', (world) => (world.env.OAUTHCTL_KEY = 'nonsense'), ['token', 'acme']],
    ['when no key is there', (world) => void delete world.env.OAUTHCTL_KEY, ['token', 'acme']],
    ['from a damaged record', (world) => world.files.set('/data/connections/acme.json', '{'), ['token', 'acme']],
  ];
  it.each(standsBack)('%s', async (_, change, args) => {
    const { world } = await plant();
    change(world);
    expect(await fastWay(world, args)).toEqual({ exit: undefined, out: '' });
  });

  it.each([
    ['a passphrase', { type: 'passphrase' }],
    ['a program', { type: 'command', command: 'pass' }],
  ] as const)('from a key that only %s gives', async (_, source) => {
    const { world } = await plant();
    const file = JSON.parse(world.files.get('/data/key.json') ?? '');
    delete world.env.OAUTHCTL_KEY;
    world.files.set('/data/key.json', JSON.stringify({ ...file, version: 2, source }));
    expect((await fastWay(world, ['token', 'acme'])).exit).toBeUndefined();
    expect(world.spawned).toEqual([]);
  });

  it('from a record that a rotation has sealed with the new key, until that one is in key.json', async () => {
    const { rig, world } = await plant();
    world.files.set('/keys/next', Buffer.alloc(32, 8).toString('base64'));
    const { workspace } = await rig.process();
    const rotation = await workspace.keyring.beginRotation({ type: 'file', path: '/keys/next' });
    expect(await fastWay(world, ['token', 'acme'])).toEqual({ exit: 0, out: 'access-0\n' });
    const reading = await workspace.store.read({ kind: 'connections', name: 'acme' });
    const lock = await workspace.store.lock({ kind: 'connections', name: 'acme' }, { waitMs: 0 });
    if (reading === undefined) throw new Error('no record');
    const { binding, facts, generation } = reading;
    await workspace.store.write(reading.ref, { binding, facts, secrets: await reading.open() }, lock, generation);
    await lock.release();
    expect((await fastWay(world, ['token', 'acme'])).exit).toBeUndefined();
    expect(await slowWay(world, ['token', 'acme'])).toEqual({ exit: 0, out: 'access-0\n' });
    await workspace.keyring.endRotation(rotation, async () => {});
    delete world.env.OAUTHCTL_KEY;
    expect(await fastWay(world, ['token', 'acme'])).toEqual({ exit: 0, out: 'access-0\n' });
  });

  it('from a record with an edited fact', async () => {
    const { world } = await plant();
    const path = '/data/connections/acme.json';
    world.files.set(path, (world.files.get(path) ?? '').replace('ann@acme.example', 'eve@acme.example'));
    expect((await fastWay(world, ['token', 'acme'])).exit).toBeUndefined();
  });

  it('from a record whose sealed part rests in the keychain', async () => {
    const { rig, world } = await plant();
    await (await rig.process()).workspace.store.migrate('keychain-items', {});
    expect(await fastWay(world, ['token', 'acme'])).toEqual({ exit: undefined, out: '' });
    expect(await slowWay(world, ['token', 'acme'])).toEqual({ exit: 0, out: 'access-0\n' });
  });

  it('from a token that has ended, and from one whose refresh was cut short', async () => {
    const ended = await plant((now) => ({ accessToken: { expiresAt: now - 1000, refreshable: true } }));
    expect((await fastWay(ended.world, ['token', 'acme'])).exit).toBeUndefined();
    const mark = { role: 'access', fingerprint: 'x', at: 0, by: 'process 1' };
    const cut = await plant(() => ({ spending: [mark] }));
    expect((await fastWay(cut.world, ['token', 'acme'])).exit).toBeUndefined();
  });
});

describe('a plain list into a pipe', () => {
  async function plantTwo() {
    const { rig, world } = await plant();
    const { workspace } = await rig.process();
    await plantConnection(workspace, {
      name: 'acme:work',
      label: 'work',
      account: { id: 'x', name: 'eve\tacme\u202e' },
    });
    return world;
  }
  const fastList = ({ system: { env, files, clock } }: World) => pipedList({ env, files, nowAt: clock.now() });

  it('comes out the same both ways, byte for byte', async () => {
    const world = await plantTwo();
    const slow = await slowWay(world, ['list']);
    expect(slow.out.split('\n')).toHaveLength(3);
    expect(await fastList(world)).toBe(slow.out);
  });

  it('asks no keychain, wherever the sealed parts rest', async () => {
    const world = await plantTwo();
    await main(['store', 'migrate', '--to', 'keychain-items', '--yes'], world.another().system);
    world.keychain.failure = 'locked';
    const slow = await slowWay(world, ['list']);
    expect(slow.out.split('\n')).toHaveLength(3);
    expect(await fastList(world)).toBe(slow.out);
  });

  it('is left to the slow way when something may be required of the key', async () => {
    const required = await plantTwo();
    required.env.OAUTHCTL_REQUIRE_PROTECTION = 'os';
    expect(await fastList(required)).toBeUndefined();
    const settings = await plantTwo();
    settings.files.set('/config/settings.json', '{"require_protection":"os"}');
    expect(await fastList(settings)).toBeUndefined();
    settings.files.set('/config/settings.json', '{');
    expect(await fastList(settings)).toBeUndefined();
    settings.files.set('/config/settings.json', '{"store":"files"}');
    expect(await fastList(settings)).toBe((await slowWay(settings, ['list'])).out);
  });

  it('is left to the slow way when there is nothing, a damaged record, or a file of something else', async () => {
    const empty = createRig().world;
    Object.assign(empty.env, folders);
    expect(await fastList(empty)).toBeUndefined();
    for (const path of ['/data/connections/acme.json', '/data/connections/a copy.json']) {
      const world = await plantTwo();
      world.files.set(path, '{}');
      expect(await fastList(world)).toBeUndefined();
    }
  });
});
