// Waiting for the person: bounded, interruptible, and nothing left running afterwards.
import { CliError } from '../../errors.ts';
import type { Clock } from '../../model/ports.ts';

interface Wait {
  readonly clock: Clock;
  readonly seconds: number;
  readonly interrupted: AbortSignal;
  /** The error when nobody came in time. */
  readonly late: () => CliError;
}

export function cancelled(): CliError {
  return new CliError('cancelled', 'interrupted: nothing was stored', { hint: 'run the same command again' });
}

/**
 * What `arrived` brings. `meanwhile` runs beside it; its error ends the wait, and it must end by itself when its signal
 * says that the wait is over, however it ended.
 */
export async function waitForPerson<T>(
  { clock, seconds, interrupted, late }: Wait,
  arrived: Promise<T>,
  meanwhile: (over: AbortSignal) => Promise<void> = async () => {},
): Promise<T> {
  if (interrupted.aborted) throw cancelled();
  const over = new AbortController();
  const stopped = new Promise<never>((_, reject) => {
    interrupted.addEventListener('abort', () => reject(cancelled()), { once: true, signal: over.signal });
  });
  const tooLate = clock.sleep(seconds * 1000, over.signal).then(() => {
    throw late();
  });
  const running = meanwhile(over.signal);
  const failed = running.then(() => new Promise<never>(() => {}));
  try {
    return await Promise.race([arrived, stopped, failed, tooLate]);
  } finally {
    over.abort();
    await running.catch(() => {});
  }
}
