// Many processes that want one token: one of them refreshes, and all get the new one.
import { expect, it } from 'vitest';
import { workingToken } from '../../src/connections/access-token.ts';
import { freshen } from '../../src/connections/freshen.ts';
import { createRig, plantConnection } from './rig.ts';
// Loaded before anything runs: a module on its way through the test runner looks like idleness to the fake clock.
import '../../src/audit/create-trail.ts';
import '../../src/connections/provider-book.ts';
import '../../src/connections/spend.ts';
import '../../src/oauth/probe.ts';

const asked = { minValidSeconds: 60, force: true, explicit: true };

async function start(store = 'files') {
  const rig = createRig();
  rig.world.env.OAUTHCTL_STORE = store;
  const { workspace } = await rig.process();
  await plantConnection(workspace);
  return { rig, server: rig.server };
}

it.each([
  [2, 'files'],
  [20, 'files'],
  [20, 'keychain-items'],
] as const)('%i processes spend one refresh token once and hand out one token (%s)', async (count, store) => {
  const { rig, server } = await start(store);
  const tokens = await Promise.all(
    Array.from({ length: count }, async () => {
      const { workspace } = await rig.process();
      return (await workingToken(workspace, 'acme', { minValidSeconds: 60 })).accessToken.reveal();
    }),
  );
  expect(server.spends).toBe(1);
  expect(new Set(tokens)).toEqual(new Set(['access-1']));
});

it('a token that is about to end is refreshed for all of them, and nobody gets the old one', async () => {
  const rig = createRig();
  const { workspace, world } = await rig.process();
  await plantConnection(workspace, { accessToken: { expiresAt: world.now() + 30_000, refreshable: true } });
  const tokens = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      const process = await rig.process();
      // They come one after the other, so that some meet the mark of the one that is refreshing.
      await world.system.clock.sleep(index);
      return (await workingToken(process.workspace, 'acme', { minValidSeconds: 60 })).accessToken.reveal();
    }),
  );
  expect(new Set(tokens)).toEqual(new Set(['access-1']));
  expect(rig.server.spends).toBe(1);
});

it('two explicit refreshes at once count as one', async () => {
  const { rig, server } = await start();
  const both = await Promise.all([rig.process(), rig.process()]);
  await Promise.all(both.map(({ workspace }) => freshen(workspace, 'acme', asked)));
  expect(server.spends).toBe(1);
});
