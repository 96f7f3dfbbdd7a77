// What holds for a grant whatever comes in whatever order: commands, processes side by side, crashes at any call, lost
// answers, failing writes, time. The model is the server itself: it rotates, and ends the family on reuse.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { freshen, type OpenConnection, openConnection } from '../../src/connections/freshen.ts';
import { markOf } from '../../src/connections/marks.ts';
import { roleTokens } from '../../src/connections/role-tokens.ts';
import { type Ending, runStep, type Step, steps } from './any-order.ts';
import { createRig, plantConnection, type Rig } from './rig.ts';

const day = 86_400_000;
const saysCut = /cut short/;

interface Look {
  readonly open: OpenConnection;
  /** The refresh token at rest is the one that the server would take. */
  readonly current: boolean;
  readonly marked: boolean;
  readonly dead: boolean;
  readonly spends: number;
  readonly asked: number;
}

async function look(rig: Rig): Promise<Look> {
  const { workspace } = await rig.process();
  const open = await openConnection(workspace, 'acme');
  const refresh = roleTokens(open.tokens, 'access').refresh?.reveal();
  return {
    open,
    current: refresh === rig.server.refresh,
    marked: markOf(open.connection.spending, 'access') !== undefined,
    dead: rig.server.dead,
    spends: rig.server.spends,
    asked: rig.world.network.requests.filter(({ url }) => url.endsWith('/token')).length,
  };
}

/** A crash or a lost answer: the only things after which the record may be behind the server. */
const cuts = (step: Step) =>
  step.trouble.is !== 'none' && step.trouble.is !== 'no network' && step.trouble.is !== 'disk full';

function judge(step: Step, before: Look, after: Look, endings: readonly Ending[]): void {
  const errors = endings.flatMap((ending) => (ending.kind === 'error' ? [ending.error] : []));
  const tokens = endings.flatMap((ending) => (ending.kind === 'token' ? [ending] : []));
  const wasWell = before.current && !before.dead;
  if (wasWell && !cuts(step)) {
    expect(after.current, 'the record fell behind the server without a cut').toBe(true);
    expect(after.dead, 'the family was ended without a cut').toBe(false);
  }
  if (!after.current) {
    const { connection } = after.open;
    const known = after.marked || markOf(connection.refused, 'access')?.cut != null;
    expect(known, 'the record is behind the server and does not know of a cut').toBe(true);
  }
  if (after.dead) expect(before.dead || !after.current, 'a current token ended the family').toBe(true);
  if (after.current && !after.dead) {
    expect(errors.filter(({ code }) => code === 'reconnect_required').map(({ message }) => message)).toEqual([]);
    expect(markOf(after.open.connection.refused, 'access')?.means ?? '').not.toBe('grant_dead');
  }
  for (const { code, message } of errors) if (code === 'reconnect_required') expect(message).toMatch(saysCut);
  for (const { token, told } of tokens) {
    expect(token).toMatch(/^access-\d+$/);
    if (after.marked && before.marked) expect(told, 'handed out after a cut without a word').toMatch(saysCut);
  }
  if (wasWell && step.trouble.is === 'none') {
    expect(after.asked - before.asked, 'more than one spend of one token').toBeLessThanOrEqual(1);
    // `status` tells of a mark that is still open, and hands out nothing.
    const told = errors.filter(({ code }) => !(before.marked && code === 'grant_uncertain'));
    expect(told.map(({ code, message }) => `${code}: ${message}`)).toEqual([]);
    expect(endings.filter(({ kind }) => kind === 'dead')).toEqual([]);
  }
}

it('a grant is lost in the one window only, and then it is told', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      const rig = createRig();
      await plantConnection((await rig.process()).workspace);
      let before = await look(rig);
      for (const step of sequence) {
        const endings = await runStep(rig, step);
        const after = await look(rig);
        judge(step, before, after, endings);
        before = after;
      }
      await heal(rig, before);
    }),
    { numRuns: 150 },
  );
});

/** When all is quiet again, one refresh tells what became of the grant, and leaves nothing open. */
async function heal(rig: Rig, before: Look): Promise<void> {
  rig.world.advance(2 * day);
  const { workspace } = await rig.process();
  const outcome = await freshen(workspace, 'acme', { minValidSeconds: 60, force: true, explicit: true });
  const after = await look(rig);
  expect(after.marked).toBe(false);
  if (before.current && !before.dead) {
    expect(outcome.kind).toBe('refreshed');
    expect(after.current).toBe(true);
    expect(after.open.connection.refused).toEqual([]);
    return;
  }
  expect(outcome).toMatchObject({ kind: 'rejected', problem: { code: 'reconnect_required' } });
  expect('problem' in outcome && outcome.problem.message).toMatch(saysCut);
}
