// Taking turns at a host: at most so many at once, and none while it asked for patience.
import { CliError } from '../errors.ts';
import type { Clock, Random, System } from '../model/ports.ts';

export interface Turns {
  /** Runs `body` when fewer than `atOnce` others of that host are running. */
  take<T>(host: string, atOnce: number, body: () => Promise<T>): Promise<T>;
  /** The host asked to be left alone for so long (Retry-After). */
  pause(host: string, seconds: number, clock: Clock): void;
  /** Waits until the pause is over, when that is soon enough; throws `rate_limited` when it is not. */
  waitOut(host: string, system: Pick<System, 'clock' | 'random' | 'signals'>): Promise<void>;
}

/** All the patience that one command has with one host, counted from its first pause. */
const patienceMs = 30_000;
/** Of those who wait for the same pause, so that they do not all come back at one instant. */
const longestJitterMs = 1_000;

export function createTurns(): Turns {
  const running = new Map<string, number>();
  const waiting = new Map<string, (() => void)[]>();
  const pausedUntil = new Map<string, number>();
  const patientUntil = new Map<string, number>();

  const enter = async (host: string, atOnce: number) => {
    while ((running.get(host) ?? 0) >= atOnce) {
      await new Promise<void>((resolve) => waiting.set(host, [...(waiting.get(host) ?? []), resolve]));
    }
    running.set(host, (running.get(host) ?? 0) + 1);
  };
  const leave = (host: string) => {
    running.set(host, (running.get(host) ?? 1) - 1);
    waiting.get(host)?.shift()?.();
  };

  const leftMs = (host: string, clock: Clock) => (pausedUntil.get(host) ?? 0) - clock.now();

  const respectPause = (host: string, clock: Clock) => {
    const left = leftMs(host, clock);
    if (left <= 0) return;
    const seconds = Math.ceil(left / 1000);
    const message = `${host} asked to be left alone for another ${seconds} s`;
    throw new CliError('rate_limited', message, { hint: 'try again then', retryAfterSeconds: seconds });
  };

  return {
    async take(host, atOnce, body) {
      await enter(host, Math.max(1, atOnce));
      try {
        return await body();
      } finally {
        leave(host);
      }
    },
    pause(host, seconds, clock) {
      if (!patientUntil.has(host)) patientUntil.set(host, clock.now() + patienceMs);
      pausedUntil.set(host, Math.max(pausedUntil.get(host) ?? 0, clock.now() + seconds * 1000));
    },
    async waitOut(host, { clock, random, signals }) {
      if ((pausedUntil.get(host) ?? 0) > (patientUntil.get(host) ?? 0)) respectPause(host, clock);
      const left = leftMs(host, clock);
      if (left > 0) await clock.sleep(left + jitterMs(random), signals.interrupted);
    },
  };
}

/** For who was asked for patience and may ask again: false when that takes too long, or after Ctrl-C. */
export async function hasWaited(
  turns: Turns,
  host: string,
  seconds: number,
  system: Pick<System, 'clock' | 'random' | 'signals'>,
): Promise<boolean> {
  turns.pause(host, seconds, system.clock);
  try {
    await turns.waitOut(host, system);
  } catch (error) {
    if (error instanceof CliError && error.code === 'rate_limited') return false;
    throw error;
  }
  return !system.signals.interrupted.aborted;
}

function jitterMs(random: Random): number {
  return Math.ceil(((random.bytes(1)[0] ?? 0) / 255) * longestJitterMs);
}
