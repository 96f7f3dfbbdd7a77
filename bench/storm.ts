// `npm run storm -- --rounds 200 --processes 50 --kill SIGKILL --seed 1`: what is lost when many processes want one single-use
// token at once and one of them is struck. Prints figures; ends with 1 when anything was lost or spent that must not be.
import { parseArgs } from 'node:util';
import type { StormFigures } from '../test/storm/figures.ts';
import type { Struck } from '../test/storm/judge-round.ts';
import { runStorm } from '../test/storm/storm.ts';

const strikes = ['none', 'SIGKILL', 'SIGTERM', 'SIGINT'] as const satisfies readonly ('none' | Struck['signal'])[];

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '200' },
    processes: { type: 'string', default: '50' },
    kill: { type: 'string', default: 'none' },
    seed: { type: 'string', default: '1' },
  },
});
const strike = strikes.find((name) => name === values.kill);
if (strike === undefined) throw new Error(`--kill takes ${strikes.join(', ')}`);
const [rounds, processes, seed] = [Number(values.rounds), Number(values.processes), Number(values.seed)];

function percentile(values: readonly number[], share: number): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return at === undefined ? '–' : `${Math.round(at)} ms`;
}

const spread = (values: readonly number[]) => `${percentile(values, 0.5)} / ${percentile(values, 0.95)}`;

function rows(figures: StormFigures): readonly (readonly [string, string | number])[] {
  const { lossesAtMs } = figures;
  return [
    ['rounds', figures.rounds],
    ['spends', figures.spends],
    ['struck', figures.struck],
    ['ended only when the answer was saved', figures.heldBack],
    ['lost', figures.lost],
    ['in the window', figures.inWindow],
    ['named', figures.named],
    ['a round, p50 / p95', spread(figures.roundMs)],
    ['answer left → a process ended, p50 / p95', spread(figures.afterAnswerMs)],
    ['the last of them', percentile(figures.afterAnswerMs, 1)],
    ['said that they wait', figures.toldToWait],
    [
      'killed after the answer left, first … last',
      lossesAtMs.length === 0 ? '–' : `${percentile(lossesAtMs, 0)} … ${percentile(lossesAtMs, 1)}`,
    ],
    ['problems', figures.problems.length],
  ];
}

const say = (line: string) => void process.stderr.write(`${line}\n`);
const figures = await runStorm({ packageRoot: process.cwd(), rounds, processes, strike, seed, say });
process.stdout.write(
  `${processes} processes, ${strike === 'none' ? 'nobody struck' : strike}, seed ${seed}, Node ${process.version}\n`,
);
for (const [name, value] of rows(figures)) process.stdout.write(`${name.padEnd(46)}${String(value).padStart(18)}\n`);
if (figures.problems.length > 0) process.exitCode = 1;
