// What is handed out while a refresh that was cut short has left its mark.
import { describe, expect, it } from 'vitest';
import { workingToken } from '../../src/connections/access-token.ts';
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
