// What is handed out once a refresh was cut short, or refused.
import { describe, expect, it } from 'vitest';
import { workingToken } from '../../src/connections/access-token.ts';
import { readConnection } from '../../src/connections/find.ts';
import { freshen } from '../../src/connections/freshen.ts';
import type { Workspace } from '../../src/connections/workspace.ts';
import { createRig, plantConnection } from './rig.ts';

describe('after a cut', () => {
  it('a token that still lives is handed out before the stored one is spent again', async () => {
    const rig = createRig();
    const { workspace, world } = await rig.process();
    const mark = { role: 'access', fingerprint: 'x', at: world.now(), by: 'process 1' };
    const accessToken = { expiresAt: world.now() + 50_000, refreshable: true };
    await plantConnection(workspace, { accessToken, spending: [mark] });
    const token = await workingToken(workspace, 'acme', { minValidSeconds: 60 });
    expect(token.accessToken.reveal()).toBe('access-0');
    expect(world.stderr()).toContain('was cut short');
    expect(rig.server.spends).toBe(0);
  });
});

describe('a slow answer', () => {
  async function waited(rotation: string, networkWaitMs: number) {
    const rig = createRig();
    const path = '/config/providers/acme.json';
    const added = JSON.parse(rig.world.files.get(path) ?? '') as { provider: object };
    rig.world.files.set(path, JSON.stringify({ ...added, provider: { ...added.provider, rotation } }));
    const { workspace, world } = await rig.process();
    await plantConnection(workspace);
    await freshen({ ...workspace, networkWaitMs }, 'acme', { minValidSeconds: 0, force: true, explicit: true });
    return world.network.requests.find(({ url }) => url.endsWith('/token'))?.timeoutMs;
  }

  it('is waited for longer where giving up would lose the grant, whatever the network may take elsewhere', async () => {
    expect(await waited('always', 1_000)).toBe(20_000);
    expect(await waited('unknown', 1_000)).toBe(20_000);
    expect(await waited('never', 1_000)).toBe(1_000);
    expect(await waited('never', 60_000)).toBe(8_000);
  });
});

describe('after a cut, where a refresh ends the access token of before', () => {
  async function cut() {
    const rig = createRig();
    const path = '/config/providers/acme.json';
    const added = JSON.parse(rig.world.files.get(path) ?? '') as { provider: object };
    const provider = { ...added.provider, rotation: 'always', oldAccessDies: true };
    rig.world.files.set(path, JSON.stringify({ ...added, provider }));
    const { workspace, world } = await rig.process();
    const mark = { role: 'access', fingerprint: 'x', at: world.now(), by: 'process 1' };
    const accessToken = { expiresAt: world.now() + 3_000_000, refreshable: true };
    await plantConnection(workspace, { accessToken, spending: [mark] });
    return { workspace, server: rig.server };
  }

  it('nothing is handed out before the stored token was spent again', async () => {
    const { workspace, server } = await cut();
    const token = await workingToken(workspace, 'acme', { minValidSeconds: 60 });
    expect(token.accessToken.reveal()).toBe('access-1');
    expect(server.spends).toBe(1);
  });

  it('and a token that turns out to be used up is told as such', async () => {
    const { workspace, server } = await cut();
    server.refresh = 'refresh-of-another';
    await expect(workingToken(workspace, 'acme', { minValidSeconds: 60 })).rejects.toMatchObject({
      code: 'reconnect_required',
      message: expect.stringContaining('was cut short'),
    });
  });
});

describe('after the provider refused to refresh', () => {
  async function refused() {
    const rig = createRig();
    const { workspace, world } = await rig.process();
    const accessToken = { expiresAt: world.now() + 3_000_000, refreshable: true };
    await plantConnection(workspace, { accessToken });
    rig.server.refresh = 'refresh-of-another';
    await freshen(workspace, 'acme', { minValidSeconds: 0, force: true, explicit: true });
    return { workspace, server: rig.server, endsAt: accessToken.expiresAt };
  }
  const token = (workspace: Workspace) => workingToken(workspace, 'acme', { minValidSeconds: 60 });

  it('a token that the provider takes no more is not handed out', async () => {
    const { workspace } = await refused();
    await expect(token(workspace)).rejects.toMatchObject({ code: 'reconnect_required' });
  });

  it('one that still works is, and the grant is shown to end with it', async () => {
    const { workspace, server, endsAt } = await refused();
    server.dead = false;
    expect((await token(workspace)).accessToken.reveal()).toBe('access-0');
    const found = await readConnection(workspace, 'acme');
    expect(found?.connection).toMatchObject({ accessToken: { refreshable: false }, grant: { endsAt } });
  });
});
