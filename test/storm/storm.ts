// Many real processes that ask for one ended, single-use token at once, round after round, while one of them is struck by a signal.
// Every round begins with an access token that has ended and a refresh token that is good once. Connections take turns, so that
// the short-lived token of one runs out while the others have theirs.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTally, type SeenRound, type StormFigures } from './figures.ts';
import { type Gate, openGate, type Refresh } from './gate.ts';
import { judgeRound, type Struck } from './judge-round.ts';
import { type Program, programIn } from './program.ts';
import { type Aim, createStriker, type Target } from './striker.ts';

export interface StormOptions {
  /** The unpacked package. */
  readonly packageRoot: string;
  readonly rounds: number;
  readonly processes: number;
  readonly strike: 'none' | Struck['signal'];
  readonly seed: number;
  /** Taken in turn, one a round. */
  readonly aims?: readonly Aim[];
  readonly say?: (line: string) => void;
}

const provider = 'storm';
const connections = ['storm:a', 'storm:b', 'storm:c'] as const;
/** Of the token that a round begins with, and of the one that it must end with. */
const lifeSeconds = { before: 1, after: 3_600 } as const;
const aims: readonly Aim[] = ['anyone', 'spender', 'answered', 'anyone', 'spender', 'spent', 'anyone', 'spender'];

export async function runStorm(options: StormOptions): Promise<StormFigures> {
  const home = await mkdtemp(join(tmpdir(), 'oauthctl-storm-'));
  const gate = await openGate(options.packageRoot);
  try {
    const program = programIn(home, options.packageRoot);
    await setUp(program, gate, home);
    return await storm(options, program, gate);
  } finally {
    await gate.close();
    await rm(home, { recursive: true, force: true });
  }
}

async function setUp(program: Program, gate: Gate, home: string): Promise<void> {
  const file = join(home, 'provider.json');
  await writeFile(file, JSON.stringify(gate.provider));
  await program.mustSucceed('provider', 'add', provider, '--file', file);
  await program.mustSucceed('app', 'set', provider, '--client-id', gate.clientId, '--public');
}

async function storm(options: StormOptions, program: Program, gate: Gate): Promise<StormFigures> {
  const tally = createTally();
  const striker = createStriker(options.strike, options.seed);
  const inTurn = <T>(all: readonly T[], round: number) => all[round % all.length] as T;
  for (const connection of connections) await prepare(program, gate, 'connect', connection);
  for (let round = 0; round < options.rounds; round++) {
    const connection = inTurn(connections, round);
    const aim = inTurn(options.aims ?? aims, round);
    await program.untilEnded(connection);
    const seen = await blow(options.processes, {
      program,
      gate,
      connection,
      target: striker.begin(aim, program.lockFolder(connection)),
    });
    const verdict = judgeRound(seen);
    tally.add(seen, verdict);
    for (const problem of verdict.problems) options.say?.(`round ${round + 1}, ${aim}: ${problem}`);
    if ((round + 1) % 20 === 0) options.say?.(soFar(tally.figures()));
    await prepare(program, gate, verdict.lost ? 'connect' : 'refresh', connection);
  }
  for (const problem of slipsBeyond(await gate.slips(), tally.figures().lost)) tally.problem(problem);
  return tally.figures();
}

const soFar = ({ rounds, spends, struck, lost, inWindow }: StormFigures) =>
  `${rounds} rounds: ${spends} spends, ${struck} struck, ${lost} lost, ${inWindow} of them in the window`;

async function prepare(program: Program, gate: Gate, how: 'connect' | 'refresh', connection: string): Promise<void> {
  await gate.lifeSeconds(lifeSeconds.before);
  await program.mustSucceed(how, connection);
  await gate.lifeSeconds(lifeSeconds.after);
}

/** A rotated refresh token is sent again once for each loss, and nothing else may be wrong in the eyes of the sandbox. */
function slipsBeyond(slips: readonly string[], lost: number): readonly string[] {
  const reused = slips.filter((code) => code === 'refresh_token_reused').length;
  const others = slips.filter((code) => code !== 'refresh_token_reused').map((code) => `the sandbox noted ${code}`);
  return reused === lost ? others : [...others, `rotated tokens were sent again ${reused} times at ${lost} losses`];
}

interface Scene {
  readonly program: Program;
  readonly gate: Gate;
  readonly connection: string;
  readonly target: Target;
}

async function blow(count: number, { program, gate, connection, target }: Scene): Promise<SeenRound> {
  const refreshes: Refresh[] = [];
  gate.note(refreshes, target);
  const startedAt = performance.now();
  const started = Array.from({ length: count }, () => program.start('token', connection));
  target.aimAt(started.map(({ child }) => child));
  const runs = await Promise.all(started.map(({ ended }) => ended));
  gate.note(undefined);
  return { runs, refreshes, struck: target.end(), tookMs: performance.now() - startedAt };
}
