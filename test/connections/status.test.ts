// Status: one state per connection, from what the provider answers; nothing is refreshed that has not ended.
import { describe, expect, it } from 'vitest';
import { checkConnections } from '../../src/connections/status.ts';
import type { Workspace } from '../../src/connections/workspace.ts';
import type { Connection } from '../../src/model/connection.ts';
import { createRig, json, plantConnection } from './rig.ts';

const options = { noRefresh: false, warnSeconds: 7 * 86_400, concurrency: 20 };
const hour = 3_600_000;

async function start(changes: (now: number) => Partial<Connection> = () => ({})) {
  const rig = createRig();
  const { workspace, world } = await rig.process();
  const live = { accessToken: { expiresAt: world.now() + hour, refreshable: true } };
  await plantConnection(workspace, { ...live, ...changes(world.now()) });
  return { rig, workspace, world, server: rig.server };
}

async function check(workspace: Workspace, changed: Partial<typeof options> = {}) {
  const [checked] = await checkConnections(workspace, 'all', { ...options, ...changed });
  if (checked === undefined) throw new Error('nothing was checked');
  return checked;
}

const ended = (now: number) => ({ accessToken: { expiresAt: now - hour, refreshable: true } });

describe('states', () => {
  it('healthy: the provider took the token, and it is the stored account', async () => {
    const { workspace, server } = await start();
    expect(await check(workspace)).toMatchObject({ state: 'healthy', httpStatus: 200, problem: null });
    expect(server.spends).toBe(0);
  });

  it('healthy after a refresh: what had ended is refreshed once', async () => {
    const { workspace, server } = await start(ended);
    expect((await check(workspace)).state).toBe('healthy');
    expect(server.spends).toBe(1);
  });

  it('expired: it had ended, and --no-refresh was given', async () => {
    const { workspace, world, server } = await start(ended);
    expect((await check(workspace, { noRefresh: true })).state).toBe('expired');
    expect(server.spends).toBe(0);
    expect(world.network.requests).toHaveLength(0);
  });

  it('expiring: the grant ends within the warning band, and says why', async () => {
    const { workspace } = await start((now) => ({ grant: { endsAt: now + 24 * hour, reason: 'Testing' } }));
    const checked = await check(workspace);
    expect(checked.state).toBe('expiring');
    expect(checked.problem?.message).toBe('the grant ends in 1 day: Testing');
    expect((await check(workspace, { warnSeconds: 3600 })).state).toBe('healthy');
  });

  it('scope_missing: works, lacks what was asked for', async () => {
    const scopes = { asked: ['openid', 'mail'], granted: ['openid'], missing: ['mail'] };
    const { workspace } = await start(() => ({ scopes }));
    const checked = await check(workspace);
    expect(checked).toMatchObject({ state: 'scope_missing', problem: { code: 'scope_missing' } });
    expect(checked.problem?.message).toContain('mail');
  });

  it('reconnect_required: the provider rejects the token, and the refresh proves that the grant is gone', async () => {
    const { workspace, server } = await start();
    server.dead = true;
    expect(await check(workspace)).toMatchObject({
      state: 'reconnect_required',
      problem: { code: 'reconnect_required', hint: 'oauthctl connect acme' },
    });
  });

  it('healthy when only the access token was rejected: the refresh told that the grant lives', async () => {
    const { workspace, server } = await start();
    server.access = 'replaced';
    expect((await check(workspace)).state).toBe('healthy');
    expect(server.spends).toBe(1);
  });

  it('app_rejected: the app is at fault, and the grant may live', async () => {
    const { workspace, server } = await start(ended);
    server.instead = async () => json(401, { error: 'invalid_client' });
    expect((await check(workspace)).state).toBe('app_rejected');
  });

  it('app_rejected: the app is no longer the one of the grant', async () => {
    const { workspace, world } = await start();
    world.env.OAUTHCTL_ACME_CLIENT_ID = 'another';
    expect(await check(workspace)).toMatchObject({ state: 'app_rejected', problem: { code: 'app_changed' } });
  });

  it('uncertain: a refresh was cut short', async () => {
    const { workspace } = await start((now) => ({
      spending: [{ role: 'access', fingerprint: 'x', at: now - 60_000, by: 'process 7 on a host' }],
    }));
    expect(await check(workspace)).toMatchObject({
      state: 'uncertain',
      problem: {
        code: 'grant_uncertain',
        hint: 'oauthctl refresh acme',
        message: expect.stringContaining('will tell'),
      },
    });
  });

  it.each([429, 500, 503])('unreachable: HTTP %i says nothing of the grant', async (status) => {
    const { workspace, server } = await start();
    server.instead = async () => json(status, {});
    expect((await check(workspace)).state).toBe('unreachable');
    server.instead = undefined;
    expect((await check(workspace)).state).toBe('healthy');
  });

  it('reconnect_required: the token belongs to another account', async () => {
    const { workspace, server } = await start();
    server.accountId = 'account-2';
    expect(await check(workspace)).toMatchObject({
      state: 'reconnect_required',
      problem: { code: 'account_differs' },
    });
  });

  it('unreadable: the record is damaged; the others are checked all the same', async () => {
    const { workspace, world } = await start();
    world.files.set('/data/connections/broken.json', '{"version":1}');
    const checked = await checkConnections(workspace, 'all', options);
    expect(checked.map(({ name, state }) => [name, state])).toEqual([
      ['acme', 'healthy'],
      ['broken', 'unreadable'],
    ]);
    expect(world.files.get('/data/connections/broken.json')).toBe('{"version":1}');
  });

  it('unreadable: another key', async () => {
    const { rig, world } = await start();
    world.env.OAUTHCTL_KEY = Buffer.alloc(32, 8).toString('base64');
    rig.world.env.OAUTHCTL_KEY = world.env.OAUTHCTL_KEY;
    const { workspace } = await rig.process();
    expect(await check(workspace)).toMatchObject({ state: 'unreadable', problem: { code: 'key_mismatch' } });
  });
});

describe('many', () => {
  async function plantMany(count: number) {
    const rig = createRig();
    const { workspace, world } = await rig.process();
    for (let index = 0; index < count; index++) {
      const label = `c${String(index).padStart(3, '0')}`;
      const accessToken = { expiresAt: world.now() + hour, refreshable: true };
      await plantConnection(workspace, { name: `acme:${label}`, label, accessToken });
    }
    return { rig, workspace, world, server: rig.server };
  }

  it('are asked twenty at once and no more, and come in the order of their names', async () => {
    const { workspace, server } = await plantMany(50);
    let running = 0;
    let most = 0;
    server.instead = async () => {
      most = Math.max(most, ++running);
      await workspace.system.clock.sleep(200);
      running--;
      return json(200, { sub: 'account-1' });
    };
    const startedAt = workspace.system.clock.now();
    const checked = await checkConnections(workspace, 'all', options);
    expect(most).toBe(20);
    expect(workspace.system.clock.now() - startedAt).toBe(600);
    expect(checked.map(({ name }) => name)).toEqual(checked.map(({ name }) => name).sort());
  });

  it('are not asked while the provider wants patience (Retry-After)', async () => {
    const { workspace, world, server } = await plantMany(30);
    server.instead = async () => ({ ...json(429, {}), headers: { 'retry-after': '60' } });
    const checked = await checkConnections(workspace, 'all', { ...options, concurrency: 5 });
    expect(new Set(checked.map(({ state }) => state))).toEqual(new Set(['unreachable']));
    expect(world.network.requests.length).toBe(5);
  });

  it('a name that stands for nothing ends it before anything is asked', async () => {
    const { workspace, world } = await plantMany(2);
    await expect(checkConnections(workspace, ['acme:c000', 'acme:nine'], options)).rejects.toMatchObject({
      code: 'connection_not_found',
    });
    expect(world.network.requests).toHaveLength(0);
  });
});
