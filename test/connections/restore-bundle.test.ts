// A bundle makes the round trip: written back by one machine, put back on the next, and told apart when it is old.
import { describe, expect, it } from 'vitest';
import { workingToken } from '../../src/connections/access-token.ts';
import { setApp } from '../../src/connections/apps.ts';
import { isBundle } from '../../src/connections/bundle.ts';
import { connect } from '../../src/connections/connect.ts';
import { readConnection } from '../../src/connections/find.ts';
import { forgetOnly } from '../../src/connections/forget.ts';
import { freshen } from '../../src/connections/freshen.ts';
import { restoreBundle } from '../../src/connections/restore-bundle.ts';
import { rotateKey } from '../../src/connections/rotate-key.ts';
import { agree, createRig, type Rig, signIn } from './rig.ts';
import { refusal } from './tree.ts';

const file = '/cache/acme.json';
const hour = 3_600_000;
const asked = { minValidSeconds: 60, force: true, explicit: true };

/** A machine that has just begun, in CI, where the bundle lies in the cache. */
async function job(server?: Rig['server'], bundle?: string) {
  const rig = createRig(server);
  rig.world.env.CI = 'true';
  if (bundle !== undefined) rig.world.files.set(file, bundle);
  const { workspace, world } = await rig.process({ writeBack: file });
  const bundled = () => world.files.get(file) ?? '';
  const restore = () => restoreBundle(workspace, bundled(), file);
  const token = async () => (await workingToken(workspace, 'acme', { minValidSeconds: 60 })).accessToken.reveal();
  return { rig, workspace, world, server: rig.server, bundled, restore, token };
}

async function firstBundle() {
  const first = await job();
  agree(first.world);
  await connect(first.workspace, signIn);
  return { server: first.server, bundle: first.bundled(), first };
}

it('from machine to machine, each with the token of the one before', async () => {
  let { server, bundle } = await firstBundle();
  for (let spends = 1; spends <= 3; spends++) {
    const next = await job(server, bundle);
    next.world.advance(spends * 2 * hour);
    expect(await next.restore()).toEqual({ name: 'acme', outcome: 'restored' });
    expect(await next.token()).toBe(`access-${spends}`);
    expect(server.spends).toBe(spends);
    bundle = next.bundled();
  }
  expect(server.dead).toBe(false);
});

it('an old one is used up, and that is said, at once and from memory', async () => {
  const { server, bundle: old } = await firstBundle();
  const second = await job(server, old);
  await second.restore();
  await freshen(second.workspace, 'acme', asked);
  const third = await job(server, old);
  third.world.advance(2 * hour);
  await third.restore();
  for (let time = 0; time < 2; time++) {
    const error = await refusal(third.token());
    expect(error.code).toBe('reconnect_required');
    expect(error.message).toContain('from a bundle, which was most likely an older one');
  }
  expect(server.spends).toBe(1);
});

it('a refusal of another cause later does not blame the bundle', async () => {
  const { server, bundle } = await firstBundle();
  const next = await job(server, bundle);
  await next.restore();
  next.world.advance(2 * hour);
  await next.token();
  server.dead = true;
  next.world.advance(2 * hour);
  expect((await refusal(next.token())).message).not.toContain('bundle');
});

it('carries the app that is stored, with its secret', async () => {
  const first = await job();
  delete first.rig.world.env.OAUTHCTL_ACME_CLIENT_ID;
  const { workspace, world } = await first.rig.process({ writeBack: file });
  await setApp(workspace, { provider: 'acme', clientId: 'stored-client', clientSecret: undefined });
  agree(world);
  await connect(workspace, signIn);
  const next = createRig(first.server);
  delete next.world.env.OAUTHCTL_ACME_CLIENT_ID;
  const other = await next.process();
  await restoreBundle(other.workspace, world.files.get(file) ?? '', file);
  expect((await freshen(other.workspace, 'acme', asked)).kind).toBe('refreshed');
  expect(next.world.files.paths('/data/apps')).toEqual(['/data/apps/acme.json']);
});

describe('into a folder that has the connection', () => {
  it('the same is the same', async () => {
    const { first } = await firstBundle();
    expect(await first.restore()).toEqual({ name: 'acme', outcome: 'same' });
  });

  it('an older one is not put over a newer, which is said', async () => {
    const { first, bundle: old } = await firstBundle();
    await freshen(first.workspace, 'acme', asked);
    const before = await first.workspace.store.portable({ kind: 'connections', name: 'acme' });
    expect((await restoreBundle(first.workspace, old, file)).outcome).toBe('kept');
    expect(first.world.stderr()).toContain('what is here is newer than');
    expect(await first.workspace.store.portable({ kind: 'connections', name: 'acme' })).toBe(before);
  });

  it('another state of the same age is kept, and said', async () => {
    const { server, bundle, first } = await firstBundle();
    server.rotates = false;
    const second = await job(server, bundle);
    await second.restore();
    await freshen(second.workspace, 'acme', asked);
    await freshen(first.workspace, 'acme', asked);
    expect((await restoreBundle(first.workspace, second.bundled(), file)).outcome).toBe('kept');
    expect(first.world.stderr()).toContain('of the same age');
  });

  it('a newer one takes its place', async () => {
    const { server, bundle, first } = await firstBundle();
    const second = await job(server, bundle);
    await second.restore();
    await freshen(second.workspace, 'acme', asked);
    expect((await restoreBundle(first.workspace, second.bundled(), file)).outcome).toBe('restored');
    expect((await readConnection(first.workspace, 'acme'))?.record.generation).toBe(3);
  });
});

describe('nothing is written', () => {
  const tree = (world: Rig['world']) => world.files.paths('/data').filter((path) => !path.includes('/locks/'));

  it.each<[string, string, (bundle: string) => string, (rig: Rig) => void]>([
    ['without the key', 'key_missing', (bundle) => bundle, ({ world }) => delete world.env.OAUTHCTL_KEY],
    [
      'with another key',
      'key_mismatch',
      (bundle) => bundle,
      ({ world }) => Object.assign(world.env, { OAUTHCTL_KEY: Buffer.alloc(32, 8).toString('base64') }),
    ],
    [
      'with what is no key',
      'key_unavailable',
      (bundle) => bundle,
      ({ world }) => Object.assign(world.env, { OAUTHCTL_KEY: 'x' }),
    ],
    ['when it was cut', 'invalid_value', (bundle) => bundle.slice(0, -20), () => {}],
    ['when it is something else', 'invalid_value', () => '{"a":1}', () => {}],
    ['when a part is missing', 'invalid_value', (bundle) => bundle.replace('"connection":', '"other":'), () => {}],
    [
      'when it is of a newer program',
      'record_too_new',
      (bundle) => bundle.replace('"oauthctl_bundle":1', '"oauthctl_bundle":2'),
      () => {},
    ],
    ['when its key part was edited', 'key_mismatch', (bundle) => bundle.replace(/"tree":"../, '"tree":"00'), () => {}],
  ])('%s', async (_, code, change, prepare) => {
    const { server, bundle } = await firstBundle();
    const rig = createRig(server);
    prepare(rig);
    const { workspace } = await rig.process();
    expect(await refusal(restoreBundle(workspace, change(bundle), file))).toMatchObject({ code });
    expect(tree(rig.world)).toEqual([]);
  });

  it('when its record was edited', async () => {
    const { server, bundle } = await firstBundle();
    const { workspace, world } = await job(server);
    const edited = bundle.replace('ann@acme.example', 'eve@acme.example');
    expect(await refusal(restoreBundle(workspace, edited, file))).toMatchObject({ code: 'record_unreadable' });
    expect(world.files.paths('/data/connections')).toEqual([]);
  });

  it('into a folder of another tree', async () => {
    const { server, bundle } = await firstBundle();
    const other = await job(server);
    await setApp(other.workspace, { provider: 'acme', clientId: 'stored-client', clientSecret: undefined });
    // The fake world draws the same random bytes on each machine.
    other.world.files.set(
      '/data/key.json',
      (other.world.files.get('/data/key.json') ?? '').replace(/"tree": "../, '"tree": "00'),
    );
    expect(await refusal(restoreBundle(other.workspace, bundle, file))).toMatchObject({ code: 'key_mismatch' });
    expect(other.world.files.paths('/data/connections')).toEqual([]);
  });

  it('over a record that cannot be read', async () => {
    const { bundle, first } = await firstBundle();
    first.world.files.set('/data/connections/acme.json', 'torn');
    expect(await refusal(restoreBundle(first.workspace, bundle, file))).toMatchObject({ code: 'record_unreadable' });
    expect(first.world.files.get('/data/connections/acme.json')).toBe('torn');
  });
});

it('a bundle is known by its first member', async () => {
  const { bundle } = await firstBundle();
  expect([isBundle(bundle), isBundle('{"recipients":[]}'), isBundle('eyJhbGciOiJkaXIifQ..a.b.c')]).toEqual([
    true,
    false,
    false,
  ]);
});

it('a provider that is not known here is warned of', async () => {
  const { server, bundle } = await firstBundle();
  const next = createRig(server);
  next.world.files.entries.delete('/config/providers/acme.json');
  const { workspace, world } = await next.process();
  await restoreBundle(workspace, bundle, file);
  expect(world.stderr()).toContain("the provider 'acme' is not known here yet");
});

it.each([
  ['a program', 2, { type: 'command', command: 'touch /tmp/owned' }],
  ['a file', 1, { type: 'file', path: '/home/ann/.ssh/id' }],
])('the key source that a bundle names is not used when it is %s', async (_, version, source) => {
  const { server, bundle } = await firstBundle();
  const parts = JSON.parse(bundle);
  const text = JSON.stringify({ ...parts, key: { ...parts.key, version, source } });
  const next = await job(server, text);
  delete next.world.env.OAUTHCTL_KEY;
  expect(await refusal(next.restore())).toMatchObject({ code: 'key_unavailable' });
  expect(next.world.spawned).toEqual([]);
  expect(next.world.files.calls.filter((call) => call.startsWith('readNamed /home'))).toEqual([]);
  expect(next.world.files.get('/data/key.json')).toBeUndefined();
});

describe('the grant was signed in for anew', () => {
  /** Refreshed four times, then forgotten and signed in for again: the generations begin anew. */
  async function anew() {
    const { bundle: old, first, server } = await firstBundle();
    for (let count = 0; count < 4; count++) await freshen(first.workspace, 'acme', asked);
    const refreshed = first.bundled();
    first.world.files.set(file, '');
    await forgetOnly(first.workspace, 'acme');
    first.world.advance(hour);
    agree(first.world);
    await connect(first.workspace, signIn);
    return { old, refreshed, now: first.bundled(), first, server };
  }

  it('an older grant of more generations does not take its place', async () => {
    const { refreshed, first } = await anew();
    first.world.files.set(file, refreshed);
    expect(await first.restore()).toEqual({ name: 'acme', outcome: 'kept' });
  });

  it('a receiver that holds the older grant is given the newer one', async () => {
    const { refreshed, first } = await anew();
    first.world.files.set(file, refreshed);
    expect((await freshen(first.workspace, 'acme', asked)).kind).toBe('refreshed');
    expect(first.bundled()).not.toBe(refreshed);
  });

  it('a newer grant of fewer generations takes the place of the older one', async () => {
    const { refreshed, now, server } = await anew();
    const other = await job(server, refreshed);
    await other.restore();
    other.world.files.set(file, now);
    expect(await other.restore()).toEqual({ name: 'acme', outcome: 'restored' });
  });
});

it('while a rotation is under way nothing is written back, nor spent', async () => {
  const { first, server, bundle } = await firstBundle();
  first.world.files.set('/keys/next', Buffer.alloc(32, 8).toString('base64'));
  await first.workspace.keyring.beginRotation({ type: 'file', path: '/keys/next' });
  const outcome = await freshen(first.workspace, 'acme', asked);
  expect(outcome).toMatchObject({ kind: 'withheld', problem: { hint: 'oauthctl key rotate' } });
  expect(server.spends).toBe(0);
  expect(first.bundled()).toBe(bundle);
});

it('at the end of a rotation the receiver is given what opens with the new key', async () => {
  const { first, bundle } = await firstBundle();
  first.world.files.set('/keys/next', Buffer.alloc(32, 8).toString('base64'));
  await rotateKey(first.workspace, { type: 'file', path: '/keys/next' });
  expect(first.bundled()).not.toBe(bundle);
  expect(JSON.parse(first.bundled()).key.source).toEqual({ type: 'file', path: '/keys/next' });
});
