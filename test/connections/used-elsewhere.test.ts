// Two machines with one grant: a refresh token that the other one used up is told apart from a grant that is gone.
import { expect, it } from 'vitest';
import { type FreshenOutcome, freshen } from '../../src/connections/freshen.ts';
import { overlay } from '../../src/model/overlay.ts';
import { createRig, json, plantConnection } from './rig.ts';

const hour = 3_600_000;
const now = { minValidSeconds: 60, force: true, explicit: true };

/** The other machine holds a copy of the same record, and has used its refresh token. */
async function rotatedElsewhere(living: boolean) {
  const rig = createRig();
  const { workspace, world } = await rig.process();
  const expiresAt = world.now() + (living ? hour : -hour);
  await plantConnection(workspace, { accessToken: { expiresAt, refreshable: true } });
  rig.server.refresh = 'refresh-of-the-other-machine';
  // RFC 9700 §4.14.2 lets a server refuse the old token alone.
  rig.server.instead = ({ url }) =>
    url.endsWith('/token') ? Promise.resolve(json(400, { error: 'invalid_grant' })) : undefined;
  return { ...rig, workspace, world };
}

function words(outcome: FreshenOutcome): string {
  return outcome.kind === 'rejected' ? outcome.problem.message : outcome.kind;
}

it('the access token is still taken: the grant lives, and its refresh token was used up elsewhere', async () => {
  const { workspace, server } = await rotatedElsewhere(true);
  const outcome = await freshen(workspace, 'acme', now);
  expect(words(outcome)).toContain('used up elsewhere: another machine or program holds the newer one');
  expect(outcome.connection.refused).toMatchObject([{ elsewhere: { is: 'grant_lives' } }]);
  server.instead = undefined;
  const later = await freshen(workspace, 'acme', { ...now, explicit: false });
  expect(words(later)).toContain('used up elsewhere');
});

it('a revoked grant is not blamed on another machine', async () => {
  const { workspace, server } = await rotatedElsewhere(true);
  server.dead = true;
  expect(words(await freshen(workspace, 'acme', now))).not.toContain('elsewhere');
});

it('nothing is asked of a token that has ended anyway', async () => {
  const { workspace, world } = await rotatedElsewhere(false);
  expect(words(await freshen(workspace, 'acme', now))).not.toContain('elsewhere');
  expect(world.network.requests.map(({ url }) => new URL(url).pathname)).toEqual(['/token']);
});

it('a record that came from another machine is named with it', async () => {
  const { workspace, world } = await rotatedElsewhere(false);
  const self = async () => ({ ...(await world.system.liveness.self()), host: 'laptop' });
  const laptop = { ...workspace, system: overlay(workspace.system, { liveness: { ...world.system.liveness, self } }) };
  const outcome = await freshen(laptop, 'acme', now);
  expect(words(outcome)).toContain('came from another machine (fake-host)');
});

it('an ask that fails leaves the refusal as it is', async () => {
  const { workspace, server } = await rotatedElsewhere(true);
  const refuse = server.instead;
  server.instead = (request) => refuse?.(request) ?? Promise.resolve(json(503, {}));
  expect((await freshen(workspace, 'acme', now)).kind).toBe('rejected');
});
