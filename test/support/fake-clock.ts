// A clock that stands still until everybody waits for it: then it jumps to the earliest sleeper. No test ever sleeps.
import { AsyncLocalStorage } from 'node:async_hooks';
import { access } from 'node:fs/promises';
import { setTimeout as settle, setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../src/model/ports.ts';

export interface FakeClock extends Clock {
  /** Moves on by so much and wakes whoever slept until then. */
  advance(milliseconds: number): void;
  /** The clock is set, or the machine sleeps meanwhile: whoever sleeps goes on for as long as before. Negative: set back. */
  jump(milliseconds: number): void;
  /** The clock does not jump while `work` runs, unless that work itself sleeps: for real sockets, files and processes. */
  hold<T>(work: () => Promise<T>): Promise<T>;
  /** Within held work: waiting for the program, which may sleep meanwhile. */
  letGo<T>(work: () => Promise<T>): Promise<T>;
}

interface Sleeper {
  dueAt: number;
  readonly wake: () => void;
}

interface Hold {
  waiting: number;
  readonly outer: Hold | undefined;
}

/** One for all clocks: Node keeps every storage that ran for as long as it lives, and takes each along with every promise. */
const current = new AsyncLocalStorage<Hold>();

const idleTurns = 50;
const nearMs = 5_000;
const settleMs = 30;

export function createFakeClock(startAt: number): FakeClock {
  let nowAt = startAt;
  let activity = 0;
  let pumping = false;
  let changed = () => {};
  const sleepers = new Set<Sleeper>();
  const holds = new Set<Hold>();
  const isHeld = () => [...holds].some((hold) => hold.waiting === 0);

  const mark = (by: 1 | -1) => {
    for (let hold = current.getStore(); hold; hold = hold.outer) if (holds.has(hold)) hold.waiting += by;
    changed();
  };

  const wakeUntil = (until: number) => {
    for (;;) {
      const [next] = [...sleepers].sort((a, b) => a.dueAt - b.dueAt);
      if (!next || next.dueAt > until) break;
      nowAt = Math.max(nowAt, next.dueAt);
      next.wake();
    }
  };

  const untilIdle = async () => {
    let seen: number;
    do {
      if (isHeld()) await new Promise<void>((resolve) => (changed = resolve));
      seen = activity;
      for (let count = 0; count < idleTurns; count++) await turn();
      // Whatever Node's thread pool was given before (digests, signatures) is over when it answers four more.
      await Promise.all([1, 2, 3, 4].map(() => access('/')));
    } while (seen !== activity || isHeld());
  };

  const pump = async () => {
    pumping = true;
    while (sleepers.size > 0) {
      await untilIdle();
      const earliest = Math.min(...[...sleepers].map((sleeper) => sleeper.dueAt));
      const seen = activity;
      // A far jump ends somebody's patience: on a busy machine a digest in the thread pool may still be on its way.
      if (earliest - nowAt > nearMs) await settle(settleMs);
      if (sleepers.size > 0 && activity === seen && !isHeld()) wakeUntil(earliest);
    }
    pumping = false;
  };

  return {
    now: () => nowAt,
    sleep(milliseconds, signal) {
      if (signal?.aborted) return Promise.resolve();
      activity++;
      mark(1);
      return new Promise<void>((resolve) => {
        const wake = () => {
          signal?.removeEventListener('abort', wake);
          if (!sleepers.delete(sleeper)) return;
          activity++;
          resolve();
        };
        const sleeper = { dueAt: nowAt + Math.max(0, milliseconds), wake };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', wake);
        if (!pumping) void pump();
      }).finally(() => mark(-1));
    },
    advance(milliseconds) {
      const until = nowAt + milliseconds;
      wakeUntil(until);
      nowAt = Math.max(nowAt, until);
    },
    jump(milliseconds) {
      nowAt += milliseconds;
      for (const sleeper of sleepers) sleeper.dueAt += milliseconds;
      activity++;
    },
    async hold(work) {
      const hold = { waiting: 0, outer: current.getStore() };
      holds.add(hold);
      try {
        return await current.run(hold, work);
      } finally {
        holds.delete(hold);
        activity++;
        changed();
      }
    },
    async letGo(work) {
      mark(1);
      try {
        return await work();
      } finally {
        mark(-1);
      }
    },
  };
}
