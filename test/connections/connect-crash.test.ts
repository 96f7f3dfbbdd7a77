// kill -9 at every step of connect: the tree stays whole, the lock is taken over at once, the next connect works, and a grant
// that was stored before is still there. A grant that is left at the provider and stored nowhere is named by the next run.
import { describe, expect, it } from 'vitest';
import { connect } from '../../src/connections/connect.ts';
import { allConnections } from '../../src/connections/find.ts';
import { openConnection } from '../../src/connections/freshen.ts';
import { roleTokens } from '../../src/connections/role-tokens.ts';
import type { World } from '../support/world.ts';
import { agree, createRig, plantConnection, type Rig, signIn as request } from './rig.ts';

interface Killed {
  /** The change to a file that the process died at. */
  readonly at: string;
  /** The provider has made the grant. */
  readonly granted: boolean;
  /** The access token at rest: of the new grant, of the one before, or none. */
  readonly holds: string | undefined;
  /** The next run says that a grant may be left. */
  readonly named: boolean;
  /** What is wrong with the tree, and what the next connect had to say. */
  readonly trouble: readonly string[];
}

const grantedBy = ({ world }: Rig) =>
  world.network.requests.some(({ body }) => body?.includes('grant_type=authorization_code'));

/** Undefined when connect came to its end. `before`: a grant of the same account is stored already. */
async function kill(before: boolean, plan: (rig: Rig, victim: World) => void): Promise<Killed | undefined> {
  const rig = createRig();
  if (before) await plantConnection((await rig.process()).workspace);
  const victim = await rig.process();
  Object.assign(rig.server, { access: 'access-new', refresh: 'refresh-new' });
  agree(victim.world);
  plan(rig, victim.world);
  const done = connect(victim.workspace, request).then(() => 'done');
  const killed = rig.world.system.clock.sleep(60_000).then(() => 'killed');
  if ((await Promise.race([done, killed])) === 'done') return undefined;
  rig.world.files.faults.length = 0;
  rig.server.instead = undefined;
  const at = rig.world.files.calls.at(-1) ?? '';
  return { at, granted: grantedBy(rig), ...(await lookAfterwards(rig)) };
}

async function lookAfterwards(rig: Rig): Promise<Pick<Killed, 'holds' | 'named' | 'trouble'>> {
  const { clock } = rig.world.system;
  const { workspace, world } = await rig.process();
  const { readable, unreadable } = await allConnections(workspace);
  const trouble = unreadable.map(({ message }) => message);
  const [name] = readable.map(({ connection }) => connection.name);
  const holds = name === undefined ? undefined : roleTokens((await openConnection(workspace, name)).tokens).access;
  agree(world);
  const startedAt = clock.now();
  await connect(workspace, request).catch((error: Error) => trouble.push(error.message));
  const waitedMs = clock.now() - startedAt;
  if (waitedMs > 1_000) trouble.push(`the next connect waited for ${waitedMs} ms`);
  const named = /a sign-in as 'acme' was cut short .* a grant that nobody holds may be left/.test(world.stderr());
  return { holds: holds?.reveal(), named, trouble };
}

async function killAtEveryChange(before: boolean, happened: boolean): Promise<readonly Killed[]> {
  const ends: Killed[] = [];
  for (let nth = 1; ; nth++) {
    const end = await kill(before, ({ world }) => world.files.faults.push({ kind: 'killed', nth, after: happened }));
    if (end === undefined) return ends;
    ends.push(end);
  }
}

/** The provider has made the grant, and it is not saved: the journal tells. */
const window = (before: boolean) => [
  '/data/locks/connections/acme',
  '/data/locks/connections/acme/N',
  // A record that is new is written while no rotation of the seal key can begin or end.
  ...(before ? [] : ['/data/locks/key', '/data/locks/key/N']),
  '/data/connections',
  '/data/connections/acme.json',
];
const placeOf = ({ at }: Killed) => at.replace(/^\w+ /, '').replace(/\d+\.json$/, 'N');

const left = ({ granted, holds }: Killed) => granted && holds !== 'access-new';

describe.each([
  ['a first sign-in', false],
  ['a sign-in in place of a stored grant', true],
])('%s, killed', (_, before) => {
  it.each([
    ['before', false],
    ['after', true],
  ])('%s any change to a file', async (_, happened) => {
    const ends = await killAtEveryChange(before, happened);
    expect(ends.flatMap(({ at, trouble }) => trouble.map((words) => `${at}: ${words}`))).toEqual([]);
    // Key or lock, store probe, trail, lock, record, trail, release: fewer would mean that the faults reach nothing.
    expect(ends.length).toBeGreaterThanOrEqual(12);
    expect(ends.filter(left).map(placeOf)).toEqual(window(before).slice(0, happened ? -1 : undefined));
    expect(ends.filter((end) => !left(end) && end.holds !== (end.granted ? 'access-new' : old(before)))).toEqual([]);
    expect(ends.filter((end) => left(end) && end.holds !== old(before))).toEqual([]);
    // The journal is there a moment before the request leaves: what is unknown is named too, what is stored is not.
    const unknown = (end: Killed) =>
      left(end) || (happened && placeOf(end) === '/data/signing-in/acme.json' && !end.granted);
    expect(ends.filter((end) => end.named !== unknown(end))).toEqual([]);
  });

  it.each([
    ['while the code is on its way', '/token', false],
    ['when the provider has made the grant', '/token', true],
    ['while it asks whose grant it is', '/userinfo', false],
  ])('%s', async (_, path, late) => {
    const end = await kill(before, ({ server }, victim) => {
      server.late = late;
      server.instead = ({ url }) => {
        if (url.endsWith(path)) victim.die();
        return undefined;
      };
    });
    expect(end).toMatchObject({ granted: true, holds: old(before), named: true, trouble: [] });
  });
});

const old = (before: boolean) => (before ? 'access-0' : undefined);
