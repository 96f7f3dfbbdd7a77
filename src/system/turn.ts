// One exchange from its first look-up to the last byte of its answer: what bounds it, and how far it has come.
import { CliError } from '../errors.ts';
import type { WireRequest } from '../model/ports.ts';
import { wireFailure } from './wire-errors.ts';

export interface Turn {
  /** Aborts when it is over, however it ended: whatever still stands is to be torn down. */
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** Who is waited for, in words. */
  awaited: string;
  /** The addresses at which a connection was tried for, until one stands. */
  tried: readonly string[];
  /** Whether anything of the request may have left this machine. */
  sent: boolean;
}

/** Rejects at the deadline or when one of the signals aborts, whatever `body` still does. */
export async function takeTurn<T>(
  { timeoutMs }: WireRequest,
  host: string,
  signals: readonly AbortSignal[],
  body: (turn: Turn) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const turn: Turn = { signal: over.signal, timeoutMs, awaited: host, tried: [], sent: false };
  const { promise, stop } = stopped(turn, signals);
  try {
    // Neither may be left without somebody who hears it fail.
    return await Promise.race([promise, signals.some(({ aborted }) => aborted) ? promise : body(turn)]);
  } finally {
    stop();
    over.abort();
  }
}

function stopped(turn: Turn, signals: readonly AbortSignal[]) {
  let stop = () => {};
  const promise = new Promise<never>((_, reject) => {
    const late = () => {
      const seconds = Math.round(turn.timeoutMs / 100) / 10;
      const tried = turn.tried.length > 1 ? ` (tried ${turn.tried.join(', ')})` : '';
      const message = `${turn.awaited} did not answer within ${seconds} s${tried}`;
      reject(wireFailure('timed_out', message, turn.sent, 'try again'));
    };
    const cancel = () => {
      const cause = { sent: turn.sent };
      reject(new CliError('cancelled', `interrupted while asking ${turn.awaited}`, { cause }));
    };
    const timer = setTimeout(late, turn.timeoutMs);
    for (const signal of signals) signal.addEventListener('abort', cancel);
    if (signals.some(({ aborted }) => aborted)) cancel();
    stop = () => {
      clearTimeout(timer);
      for (const signal of signals) signal.removeEventListener('abort', cancel);
    };
  });
  return { promise, stop };
}
