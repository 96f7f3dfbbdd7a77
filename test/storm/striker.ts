// Whom a signal strikes in a round, and when: by chance, from a seed, over the whole round or over the part that matters.
import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import type { Watcher } from './gate.ts';
import type { Struck } from './judge-round.ts';

/**
 * `anyone`: any process at any instant of the round. `spender`: the first that has the lock, at any instant from there on until
 * soon after its answer has come. `spent`, `answered`: the one that refreshes, at once when the server has spent the token, or
 * when the answer has left.
 */
export type Aim = 'anyone' | 'spender' | 'spent' | 'answered';

export interface Target extends Watcher {
  aimAt(children: readonly ChildProcess[]): void;
  /** After the round: who was struck; undefined when nobody was left to be. */
  end(): Struck | undefined;
}

export interface Striker {
  /** `lockFolder`: of the connection that the round is about. */
  begin(aim: Aim, lockFolder: string): Target;
}

/** How long after its answer a process may still be saving it. */
const savingMs = 40;

export function createStriker(signal: 'none' | Struck['signal'], seed: number): Striker {
  const chance = seeded(seed);
  // What to go by before anything was measured.
  const spans = { round: createSpan(1_000), spend: createSpan(300) };
  return {
    begin(aim, lockFolder) {
      const startedAt = performance.now();
      const children: ChildProcess[] = [];
      const timers: NodeJS.Timeout[] = [];
      let struck: Struck | undefined;

      const living = () => children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
      const strike = (child: ChildProcess | undefined) => {
        if (signal === 'none' || struck !== undefined || child?.pid === undefined || !child.kill(signal)) return;
        struck = { pid: child.pid, signal, at: performance.now() };
      };
      const strikeHolder = (pid: number | undefined) => strike(living().find((child) => child.pid === pid));
      const within = (ms: number, act: () => void) => void timers.push(setTimeout(act, chance() * ms));

      const lock = watchLock(lockFolder, ({ pid }) => {
        if (aim === 'spender') within(spans.spend.ms(), () => strikeHolder(pid));
      });
      return {
        aimAt(all) {
          children.push(...all);
          if (aim === 'anyone') within(spans.round.ms(), () => strike(pick(living(), chance)));
        },
        spent() {
          if (aim === 'spent') strikeHolder(lock.holder());
        },
        answered() {
          const holder = lock.firstHolder();
          if (holder !== undefined) spans.spend.add(performance.now() - holder.since + savingMs);
          if (aim === 'answered') strikeHolder(lock.holder());
        },
        end() {
          lock.close();
          for (const timer of timers) clearTimeout(timer);
          spans.round.add(performance.now() - startedAt);
          return struck;
        },
      };
    },
  };
}

interface Span {
  add(ms: number): void;
  /** The shortest of the last five, so that what is aimed into it seldom comes too late. */
  ms(): number;
}

function createSpan(guessedMs: number): Span {
  let last = [guessedMs];
  return {
    add: (ms) => {
      last = [...last, ms].slice(-5);
    },
    ms: () => Math.min(...last),
  };
}

interface Holder {
  readonly pid: number;
  readonly since: number;
}

/** `onFirst`: the first that takes the lock from now on. */
function watchLock(folder: string, onFirst: (holder: Holder) => void) {
  const before = topEpoch(folder);
  let first: Holder | undefined;
  const watching = watch(folder, () => {
    const epoch = first === undefined ? topEpoch(folder) : before;
    const pid = epoch > before ? holderOf(folder, epoch) : undefined;
    if (pid === undefined) return;
    first = { pid, since: performance.now() };
    onFirst(first);
  });
  return {
    firstHolder: () => first,
    holder: () => holderOf(folder, topEpoch(folder)),
    close: () => watching.close(),
  };
}

function topEpoch(folder: string): number {
  return Math.max(0, ...readdirSync(folder).map((name) => Number(/^(\d+)\.json$/.exec(name)?.[1] ?? 0)));
}

/** Undefined for a lock that is free, or not written to its end yet. */
function holderOf(folder: string, epoch: number): number | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, `${epoch}.json`), 'utf8')).holder?.pid;
  } catch {
    return undefined;
  }
}

function pick<T>(from: readonly T[], chance: () => number): T | undefined {
  return from[Math.floor(chance() * from.length)];
}

/** Numbers from 0 to 1, the same for the same seed: mulberry32, https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
