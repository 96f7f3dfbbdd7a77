// Taking turns at a provider: at most so many at once, and none while it asked for patience.
import { CliError } from '../errors.ts';
import type { Clock } from '../model/ports.ts';

export interface Turns {
  /** Runs `body` when fewer than `atOnce` others of that provider are running. */
  take<T>(provider: string, atOnce: number, body: () => Promise<T>): Promise<T>;
  /** The provider asked to be left alone for so long (Retry-After). */
  pause(provider: string, seconds: number, clock: Clock): void;
  /** Throws `rate_limited` while the provider's pause lasts. */
  respectPause(provider: string, clock: Clock): void;
}

export function createTurns(): Turns {
  const running = new Map<string, number>();
  const waiting = new Map<string, (() => void)[]>();
  const pausedUntil = new Map<string, number>();

  const enter = async (provider: string, atOnce: number) => {
    while ((running.get(provider) ?? 0) >= atOnce) {
      await new Promise<void>((resolve) => waiting.set(provider, [...(waiting.get(provider) ?? []), resolve]));
    }
    running.set(provider, (running.get(provider) ?? 0) + 1);
  };
  const leave = (provider: string) => {
    running.set(provider, (running.get(provider) ?? 1) - 1);
    waiting.get(provider)?.shift()?.();
  };

  return {
    async take(provider, atOnce, body) {
      await enter(provider, Math.max(1, atOnce));
      try {
        return await body();
      } finally {
        leave(provider);
      }
    },
    pause(provider, seconds, clock) {
      pausedUntil.set(provider, Math.max(pausedUntil.get(provider) ?? 0, clock.now() + seconds * 1000));
    },
    respectPause(provider, clock) {
      const leftMs = (pausedUntil.get(provider) ?? 0) - clock.now();
      if (leftMs <= 0) return;
      throw new CliError(
        'rate_limited',
        `${provider} asked to be left alone for another ${Math.ceil(leftMs / 1000)} s`,
        {
          hint: 'try again then',
          retryAfterSeconds: Math.ceil(leftMs / 1000),
        },
      );
    },
  };
}
