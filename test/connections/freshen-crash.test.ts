// kill -9 at every single step of freshen: the grant that the server honours is never lost, except in the one window that no
// client can close (the server has answered, the answer is not yet saved), and that one is named to the person.
import { expect, it } from 'vitest';
import { workingToken } from '../../src/connections/access-token.ts';
import { createRig, plantConnection } from './rig.ts';

type Ending = 'works' | 'named' | 'lost';

/** Kills the process at the n-th change to a file, before or after it happened. Undefined: there were fewer. */
async function killedAt(nth: number, happened: boolean): Promise<{ ending: Ending; spent: number } | undefined> {
  const rig = createRig();
  const planting = await rig.process();
  await plantConnection(planting.workspace);
  const victim = await rig.process();
  const fault = { kind: 'killed', nth, after: happened } as const;
  rig.world.files.faults.push(fault);
  const done = workingToken(victim.workspace, 'acme', { minValidSeconds: 60 }).then(() => 'done');
  const killed = rig.world.system.clock.sleep(60_000).then(() => 'killed');
  if ((await Promise.race([done, killed])) === 'done') return undefined;
  rig.world.files.faults.length = 0;
  const spent = rig.server.spends;
  const next = await rig.process();
  try {
    const token = await workingToken(next.workspace, 'acme', { minValidSeconds: 60 });
    return { ending: token.accessToken.reveal() === rig.server.access ? 'works' : 'lost', spent };
  } catch (error) {
    const named = error instanceof Error && /cut short .*used the refresh token up/.test(error.message);
    return { ending: named ? 'named' : 'lost', spent };
  }
}

it.each([false, true])('at every change to a file (done: %s)', async (happened) => {
  const endings: { ending: Ending; spent: number }[] = [];
  for (let nth = 1; ; nth++) {
    const end = await killedAt(nth, happened);
    if (end === undefined) break;
    endings.push(end);
  }
  // Lock, mark, intent, save, release, outcome: fewer would mean that the faults no longer reach the program.
  expect(endings.length).toBeGreaterThanOrEqual(6);
  expect(endings.filter(({ ending }) => ending === 'lost')).toEqual([]);
  // Named only when the server had really acted: otherwise the grant works on.
  expect(endings.filter(({ ending, spent }) => ending === 'named' && spent === 0)).toEqual([]);
  expect(endings.some(({ ending }) => ending === 'works')).toBe(true);
});
