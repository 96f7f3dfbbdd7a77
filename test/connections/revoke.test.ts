// Revoke: ended at the provider, proved, then forgotten; what may still live is kept.
import { describe, expect, it } from 'vitest';
import { readConnection } from '../../src/connections/find.ts';
import { openConnection } from '../../src/connections/freshen.ts';
import { revokeConnection } from '../../src/connections/revoke.ts';
import { writeConnection } from '../../src/connections/write-connection.ts';
import { CliError } from '../../src/errors.ts';
import { Secret } from '../../src/model/secret.ts';
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

it('a new grant that came while the old one was found dead is not forgotten for it', async () => {
  const { rig, workspace, world, server, isStored } = await start(-hour);
  server.instead = at('/token', 400, { error: 'invalid_grant' });
  const { workspace: another } = await rig.process();
  const signInAnew = async () => {
    const found = await openConnection(another, 'acme');
    const expiresAt = world.now() + hour;
    const held = { tokenType: 'Bearer', access: new Secret('access-9'), refresh: new Secret('refresh-9'), expiresAt };
    const lock = await another.store.lock(found.record.ref, { waitMs: 1000 });
    await writeConnection(another, {
      connection: { ...found.connection, refused: [], accessToken: { expiresAt, refreshable: true } },
      tokens: { roles: { access: { ...held, issuedSeconds: 3600 } }, idToken: null },
      lock,
      replaces: found.record.generation,
    });
    await lock.release();
    server.instead = at('/revoke', 503);
  };
  // The first lock is the refresh's, the second the removal's.
  let locks = 0;
  const lock: typeof workspace.store.lock = async (...args) => {
    locks += 1;
    if (locks === 2) await signInAnew();
    return workspace.store.lock(...args);
  };
  const raced = { ...workspace, store: { ...workspace.store, lock } };
  expect(await revokeConnection(raced, 'acme', remote)).toMatchObject({ remote: 'failed', local: 'kept' });
  expect(await isStored()).toBe(true);
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
