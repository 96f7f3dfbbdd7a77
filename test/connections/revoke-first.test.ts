// What is found out of a grant before anything is revoked: servers answer alike for what they end and for what was dead.
import { expect, it } from 'vitest';
import { readConnection } from '../../src/connections/find.ts';
import { freshenAll } from '../../src/connections/freshen-all.ts';
import { revokeConnection } from '../../src/connections/revoke.ts';
import { sameAccount } from '../../src/connections/same-account.ts';
import type { Connection } from '../../src/model/connection.ts';
import { createRig, json, plantConnection } from './rig.ts';

const remote = { localOnly: false };
const hour = 3_600_000;

async function start(changes: (now: number) => Partial<Connection> = () => ({})) {
  const rig = createRig();
  const { workspace, world } = await rig.process();
  const accessToken = { expiresAt: world.now() + hour, refreshable: true };
  await plantConnection(workspace, { accessToken, ...changes(world.now()) });
  const isStored = async () => (await readConnection(workspace, 'acme')) !== undefined;
  return { workspace, server: rig.server, isStored };
}

const withoutRefresh = () => ({ refreshToken: { present: false, rotates: null, expiresAt: null } });

it('an access token that alone is dead is renewed, so that the grant can be ended', async () => {
  const { workspace, server } = await start();
  server.access = 'access-of-another-time';
  expect(await revokeConnection(workspace, 'acme', remote)).toMatchObject({ remote: 'revoked', local: 'deleted' });
  expect(server.spends).toBe(1);
  expect(server.dead).toBe(true);
});

it('after a cut refresh the next one tells whether there is still something to end', async () => {
  const mark = (now: number) => ({ spending: [{ role: 'access', fingerprint: 'x', at: now, by: 'process 1' }] });
  const alive = await start(mark);
  expect(await revokeConnection(alive.workspace, 'acme', remote)).toMatchObject({ remote: 'revoked' });
  expect(alive.server.spends).toBe(1);
  const dead = await start(mark);
  dead.server.dead = true;
  expect(await revokeConnection(dead.workspace, 'acme', remote)).toMatchObject({
    // What came of the refresh that was cut short may live on.
    remote: 'unsupported',
    proof: 'none',
  });
});

it('a grant without refresh token that was dead before is not called revoked', async () => {
  const { workspace, server, isStored } = await start(withoutRefresh);
  server.dead = true;
  expect(await revokeConnection(workspace, 'acme', remote)).toMatchObject({
    remote: 'already_dead',
    proof: 'probe_rejected',
  });
  expect(await isStored()).toBe(false);
});

it('a server that knows no such token and still accepts it is not believed', async () => {
  const { workspace, server, isStored } = await start();
  server.instead = ({ url }) =>
    url.endsWith('/revoke') ? Promise.resolve(json(400, { error: 'invalid_token' })) : undefined;
  expect(await revokeConnection(workspace, 'acme', remote)).toMatchObject({
    remote: 'failed',
    local: 'kept',
    problem: { code: 'app_rejected' },
  });
  expect(await isStored()).toBe(true);
});

it('a refresh of what nothing can refresh asks whether it still works', async () => {
  const options = { minValidSeconds: 0, force: true, explicit: true };
  const { workspace, server } = await start(withoutRefresh);
  expect((await freshenAll(workspace, 'acme', options)).kind).toBe('fresh');
  server.dead = true;
  expect((await freshenAll(workspace, 'acme', options)).kind).toBe('rejected');
});

it('an account that is told more fully is the same account', () => {
  expect(sameAccount('T1:U1', 'E1:T1:U1')).toBe(true);
  expect(sameAccount('E1:T1:U1', 'T1:U1')).toBe(true);
  expect(sameAccount('T1:U1', 'T1:U2')).toBe(false);
  expect(sameAccount('T1:U1', 'XT1:U1')).toBe(false);
  expect(sameAccount(null, 'U1')).toBe(false);
});
