// What came of one round: whether the token was spent once and reached everybody, and what a loss must look like.
import type { Refresh } from './gate.ts';

export interface Run {
  readonly pid: number;
  readonly exit: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly endedAt: number;
  readonly tookMs: number;
}

/** The process that a signal was sent to while it ran. */
export interface Struck {
  readonly pid: number;
  readonly signal: 'SIGKILL' | 'SIGTERM' | 'SIGINT';
  readonly at: number;
}

export interface Round {
  readonly runs: readonly Run[];
  readonly refreshes: readonly Refresh[];
  readonly struck: Struck | undefined;
}

export interface Verdict {
  /** Refreshes that the server granted. */
  readonly spends: number;
  /** Nobody holds the refresh token that works. */
  readonly lost: boolean;
  /** Its answer had been made, and the one process that it went to was killed before it had saved it. */
  readonly inWindow: boolean;
  /** Every other process said so. */
  readonly named: boolean;
  /** What must not be. */
  readonly problems: readonly string[];
}

export function judgeRound(round: Round): Verdict {
  const granted = round.refreshes.filter(({ accessToken }) => accessToken !== undefined);
  const spends = granted.length;
  const refused = round.refreshes.length - spends;
  const problems = spends === 1 ? [] : [`the token was spent ${spends} times`];
  // A rotated token was sent again: the sandbox has ended the grant.
  if (refused > 0) return { spends, ...judgeLoss(round, refused, problems) };
  const token = `${granted[0]?.accessToken}\n`;
  const failed = round.runs.filter((run) => !isRight(run, token, round.struck)).map(described);
  return { spends, lost: false, inWindow: false, named: false, problems: [...problems, ...failed] };
}

function isRight({ pid, exit, signal, stdout }: Run, token: string, struck: Struck | undefined): boolean {
  if (exit === 0) return stdout === token;
  // Before the program listens for signals, and always with SIGKILL, the signal itself ends the process.
  return pid === struck?.pid && (signal === struck.signal || (struck.signal !== 'SIGKILL' && exit === 130));
}

/**
 * The proof that a loss fell inside the window is the record's own mark, as the others read it out: it was written before
 * the token was sent and goes with the save, so whoever still meets it under the lock meets an answer that was never saved.
 */
function judgeLoss({ runs, struck }: Round, refused: number, before: readonly string[]): Omit<Verdict, 'spends'> {
  const killed =
    struck?.signal === 'SIGKILL'
      ? runs.find(({ pid, signal }) => pid === struck.pid && signal === 'SIGKILL')
      : undefined;
  const others = runs.filter((run) => run !== killed);
  const words = `a refresh by process ${killed?.pid} on `;
  const namesIt = ({ exit, stderr }: Run) => exit === 4 && stderr.includes(words) && stderr.includes(' was cut short ');
  const unnamed = killed === undefined ? [] : others.filter((run) => !namesIt(run));
  const named = killed !== undefined && unnamed.length === 0;
  const problems = [...before, ...unnamed.map(described)];
  if (killed === undefined) problems.push('the grant was lost, and nobody was killed');
  if (refused > 1) problems.push(`the dead token was sent ${refused} times`);
  return { lost: true, inWindow: named && problems.length === 0, named, problems };
}

function described({ pid, exit, signal, stderr }: Run): string {
  return `process ${pid} ended with ${exit ?? signal}: ${stderr.trim() || 'another token'}`;
}
