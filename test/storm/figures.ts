// What a storm is summed up in.
import type { Round, Verdict } from './judge-round.ts';

export interface StormFigures {
  readonly rounds: number;
  readonly spends: number;
  readonly struck: number;
  readonly lost: number;
  readonly inWindow: number;
  readonly named: number;
  readonly problems: readonly string[];
  readonly roundMs: readonly number[];
  /** Of those who did not refresh themselves: from the answer's leaving to their own end. */
  readonly afterAnswerMs: readonly number[];
  /** Those who were struck and said that they end when the answer is there. */
  readonly heldBack: number;
  /** Those who said that they were waiting, and for whom. */
  readonly toldToWait: number;
  /** When a process whose answer was lost was killed, as seen from the answer's leaving. */
  readonly lossesAtMs: readonly number[];
}

export interface SeenRound extends Round {
  readonly tookMs: number;
}

export interface Tally {
  add(seen: SeenRound, verdict: Verdict): void;
  problem(words: string): void;
  figures(): StormFigures;
}

export function createTally(): Tally {
  const counted = { rounds: 0, spends: 0, struck: 0, lost: 0, inWindow: 0, named: 0, heldBack: 0, toldToWait: 0 };
  const lists = {
    problems: [] as string[],
    roundMs: [] as number[],
    afterAnswerMs: [] as number[],
    lossesAtMs: [] as number[],
  };
  return {
    add({ runs, refreshes, struck, tookMs }, verdict) {
      counted.rounds += 1;
      counted.spends += verdict.spends;
      counted.struck += Number(struck !== undefined);
      counted.lost += Number(verdict.lost);
      counted.inWindow += Number(verdict.inWindow);
      counted.named += Number(verdict.named);
      counted.heldBack += runs.filter(({ stderr }) => stderr.includes(': ending as soon as ')).length;
      counted.toldToWait += runs.filter(({ stderr }) => stderr.includes('waiting for ')).length;
      lists.problems.push(...verdict.problems);
      lists.roundMs.push(tookMs);
      const answeredAt = refreshes[0]?.answeredAt;
      if (answeredAt === undefined) return;
      if (verdict.lost && struck !== undefined) lists.lossesAtMs.push(struck.at - answeredAt);
      else
        lists.afterAnswerMs.push(...runs.filter(({ exit }) => exit === 0).map(({ endedAt }) => endedAt - answeredAt));
    },
    problem: (words) => void lists.problems.push(words),
    figures: () => ({ ...counted, ...lists }),
  };
}
