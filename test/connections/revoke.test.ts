// Revoke: ended at the provider, proved, then forgotten; what may still live is kept.
import { describe, expect, it } from 'vitest';
import { readConnection } from '../../src/connections/find.ts';
import { revokeConnection } from '../../src/connections/revoke.ts';
import { CliError } from '../../src/errors.ts';
import { createRig, json, plantConnection } from './rig.ts';

const remote = { localOnly: false };
const hour = 3_600_000;

async function start(leftMs = hour) {
  const rig = createRig();
  const { workspace, world } = await rig.process();
  await plantConnection(workspace, { accessToken: { expiresAt: world.now() + leftMs, refreshable: true } });
  const isStored = async () => (await readConnection(workspace, 'acme')) !== undefined;
  return { rig, workspace, world, server: rig.server, isStored };
}

const at = (path: string, status: number, body: unknown = {}) => {
  return (request: { url: string }) => (request.url.endsWith(path) ? Promise.resolve(json(status, body)) : undefined);
};

it('revokes, proves it by a probe, and forgets', async () => {
  const { workspace, server, isStored } = await start();
  expect(await revokeConnection(workspace, 'acme', remote)).toMatchObject({
    remote: 'revoked',
    proof: 'probe_rejected',
    local: 'deleted',
    problem: null,
  });
  expect(server.dead).toBe(true);
  expect(await isStored()).toBe(false);
});

it('refreshes first when there is no living token to prove it by', async () => {
  const { workspace, server } = await start(-hour);
  expect(await revokeConnection(workspace, 'acme', remote)).toMatchObject({
    remote: 'revoked',
    proof: 'probe_rejected',
  });
  expect(server.spends).toBe(1);
});

it('a grant that is dead already is proved by the refused refresh, and forgotten', async () => {
  const { workspace, server, isStored } = await start(-hour);
  server.dead = true;
  expect(await revokeConnection(workspace, 'acme', remote)).toMatchObject({
    remote: 'already_dead',
    proof: 'refresh_rejected',
    local: 'deleted',
  });
  expect(await isStored()).toBe(false);
});

describe('what may still live is kept', () => {
  it.each([500, 503, 429])('HTTP %i at the revocation endpoint', async (status) => {
    const { workspace, server, isStored } = await start();
    server.instead = at('/revoke', status);
    expect(await revokeConnection(workspace, 'acme', remote)).toMatchObject({ remote: 'failed', local: 'kept' });
    expect(await isStored()).toBe(true);
  });

  it('a network that is down', async () => {
    const { workspace, server, isStored } = await start();
    server.instead = () => Promise.reject(new CliError('unreachable', 'down', { cause: { sent: false } }));
    expect(await revokeConnection(workspace, 'acme', remote)).toMatchObject({ remote: 'failed', local: 'kept' });
    expect(await isStored()).toBe(true);
  });

  it('a provider that says yes and goes on taking the token', async () => {
    const { workspace, server, isStored } = await start();
    server.instead = at('/revoke', 200);
    const result = await revokeConnection(workspace, 'acme', remote);
    expect(result).toMatchObject({ remote: 'revoked', proof: 'none', local: 'kept', problem: { code: 'not_proved' } });
    expect(await isStored()).toBe(true);
  });
});

it('--local-only asks nobody and says until when the grant lives', async () => {
  const { workspace, world, isStored } = await start();
  const result = await revokeConnection(workspace, 'acme', { localOnly: true });
  expect(result).toMatchObject({ remote: 'not_asked', local: 'deleted', aliveUntil: world.now() + hour });
  expect(world.network.requests).toHaveLength(0);
  expect(await isStored()).toBe(false);
});

it('--local-only forgets a damaged record too', async () => {
  const { workspace, world } = await start();
  world.files.set('/data/connections/acme.json', 'not JSON');
  expect(await revokeConnection(workspace, 'acme', { localOnly: true })).toMatchObject({ local: 'deleted' });
  expect(world.files.get('/data/connections/acme.json')).toBeUndefined();
});

it('a store that cannot be written is met before the provider is asked', async () => {
  const { workspace, world, server } = await start();
  world.files.readOnly = true;
  await expect(revokeConnection(workspace, 'acme', remote)).rejects.toMatchObject({ code: 'store_unavailable' });
  expect(server.dead).toBe(false);
});
