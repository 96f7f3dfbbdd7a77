// Any sequence of commands, crashes and bad networks over one grant of a server that rotates and ends the family on reuse:
// the steps, and how each of them is run in the fake world. What must hold after each is in the test.
import fc from 'fast-check';
import { workingToken } from '../../src/connections/access-token.ts';
import { freshen } from '../../src/connections/freshen.ts';
import { checkConnections } from '../../src/connections/status.ts';
import { CliError } from '../../src/errors.ts';
import type { WireResponse } from '../../src/model/ports.ts';
import type { World } from '../support/world.ts';
import { json, type Rig } from './rig.ts';

type Act = 'token' | 'refresh' | 'status';

/** What goes wrong during a step. `acted`: the server has done what it was asked before it went wrong. */
type Trouble =
  | { readonly is: 'none' }
  | { readonly is: 'killed at a file'; readonly nth: number; readonly after: boolean }
  | { readonly is: 'killed at the network'; readonly acted: boolean }
  | { readonly is: 'answer lost'; readonly acted: boolean }
  | { readonly is: 'no network' }
  | { readonly is: 'answer of'; readonly status: 429 | 500 | 503; readonly acted: boolean }
  | { readonly is: 'write failed'; readonly nth: number; readonly after: boolean }
  | { readonly is: 'disk full' };

export interface Step {
  readonly acts: readonly Act[];
  readonly trouble: Trouble;
  /** Before the step. */
  readonly passMs: number;
}

const act = fc.constantFrom<Act>('token', 'token', 'refresh', 'status');
const trouble: fc.Arbitrary<Trouble> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Trouble>({ is: 'none' }) },
  fc.record({
    is: fc.constant('killed at a file' as const),
    nth: fc.integer({ min: 1, max: 12 }),
    after: fc.boolean(),
  }),
  fc.record({ is: fc.constant('killed at the network' as const), acted: fc.boolean() }),
  fc.record({ is: fc.constant('answer lost' as const), acted: fc.boolean() }),
  fc.constant<Trouble>({ is: 'no network' }),
  // A server that asks for patience has not acted.
  fc.constant<Trouble>({ is: 'answer of', status: 429, acted: false }),
  fc.record({ is: fc.constant('answer of' as const), status: fc.constantFrom(500, 503), acted: fc.boolean() }),
  fc.record({ is: fc.constant('write failed' as const), nth: fc.integer({ min: 1, max: 12 }), after: fc.boolean() }),
  fc.constant<Trouble>({ is: 'disk full' }),
);

export const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    acts: fc.array(act, { minLength: 1, maxLength: 3 }),
    trouble,
    passMs: fc.constantFrom(0, 1_000, 1_800_000, 3_590_000, 7_200_000, 90_000_000),
  }),
  { minLength: 1, maxLength: 8 },
);

export type Ending =
  | { readonly kind: 'token'; readonly token: string; readonly told: string }
  | { readonly kind: 'error'; readonly error: CliError }
  | { readonly kind: 'done' }
  | { readonly kind: 'dead' };

/** Every process of the step has ended, one way or another, when this resolves. */
export async function runStep(rig: Rig, step: Step): Promise<readonly Ending[]> {
  rig.world.advance(step.passMs);
  const processes = await Promise.all(step.acts.map(() => rig.process()));
  const end = bring(rig, step.trouble, () => processes.map(({ world }) => world));
  const endings = await Promise.all(
    processes.map(async ({ workspace, world }, at) => {
      const work = perform(workspace, step.acts[at] ?? 'token').then(
        (ending) => (ending.kind === 'token' ? { ...ending, told: world.stderr() } : ending),
        (error: unknown): Ending => {
          if (error instanceof CliError) return { kind: 'error', error };
          throw error;
        },
      );
      return Promise.race([work, world.died.then((): Ending => ({ kind: 'dead' }))]);
    }),
  );
  end();
  // A command is a process of its own, and over with its answer.
  for (const { world } of processes) world.die();
  return endings;
}

type Workspace = Awaited<ReturnType<Rig['process']>>['workspace'];

async function perform(workspace: Workspace, what: Act): Promise<Ending> {
  if (what === 'status') {
    const options = { noRefresh: false, warnSeconds: 0, concurrency: 5 };
    const [checked] = await checkConnections(workspace, ['acme'], options);
    const problem = checked?.problem ?? null;
    if (problem === null) return { kind: 'done' };
    return { kind: 'error', error: new CliError(problem.code as CliError['code'], problem.message) };
  }
  if (what === 'token') {
    const { accessToken } = await workingToken(workspace, 'acme', { minValidSeconds: 60 });
    return { kind: 'token', token: accessToken.reveal(), told: '' };
  }
  const outcome = await freshen(workspace, 'acme', { minValidSeconds: 60, force: true, explicit: true });
  return 'problem' in outcome ? { kind: 'error', error: outcome.problem } : { kind: 'done' };
}

/** Gives the way to end it. */
function bring(rig: Rig, trouble: Trouble, worlds: () => readonly World[]): () => void {
  const { server, world } = rig;
  const answering = (acted: boolean, answer: () => Promise<WireResponse>) => {
    server.late = acted;
    server.instead = ({ url }) => (url.endsWith('/token') ? answer() : undefined);
  };
  const lost = (sent: boolean) =>
    Promise.reject(new CliError('timed_out', 'acme.example did not answer', { cause: { sent } }));
  switch (trouble.is) {
    case 'none':
      break;
    case 'killed at a file':
      world.files.faults.push({ kind: 'killed', nth: trouble.nth, after: trouble.after });
      break;
    case 'killed at the network':
      answering(trouble.acted, () => {
        for (const victim of worlds()) victim.die();
        // Nobody is left to hear it.
        return lost(true);
      });
      break;
    case 'answer lost':
      answering(trouble.acted, () => lost(true));
      break;
    case 'no network':
      answering(false, () => lost(false));
      break;
    case 'answer of':
      answering(trouble.acted, async () => json(trouble.status, { error: 'server_error' }));
      break;
    case 'write failed':
      world.files.faults.push({ kind: 'other', nth: trouble.nth, after: trouble.after });
      break;
    case 'disk full':
      world.files.full = true;
      break;
  }
  return () => {
    world.files.faults.length = 0;
    world.files.full = false;
    server.late = false;
    server.instead = undefined;
  };
}
