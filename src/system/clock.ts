// The real clock.
import type { Clock } from '../model/ports.ts';

/** setTimeout fires at once beyond this: https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const longestTimer = 2 ** 31 - 1;

export function createClock(): Clock {
  return {
    now: () => Date.now(),
    async sleep(milliseconds, signal) {
      for (let left = milliseconds; left > 0 && !signal?.aborted; left -= longestTimer) {
        await pause(Math.min(left, longestTimer), signal);
      }
    },
  };
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener('abort', done);
  });
}
