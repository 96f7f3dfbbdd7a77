// Whom a signal strikes in a round, and when: by chance, from a seed, over the whole round or over the part that matters.
import type { ChildProcess } from 'node:child_process';
import { type FSWatcher, readdirSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import type { Watcher } from './gate.ts';
import type { Struck } from './judge-round.ts';

/**
 * `anyone`: any process at any instant of the round. `spender`: the first that has the lock, at any instant from there on until
 * soon after its answer has come. `answer`: the one that refreshes, at once when its answer has left the server.
 */
export type Aim = 'anyone' | 'spender' | 'answer';

export interface Target extends Watcher {
  aimAt(children: readonly ChildProcess[]): void;
  /** After the round: who was struck; undefined when nobody was left to be. */
  end(): Struck | undefined;
}

export interface Striker {
  /** `lockFolder`: of the connection that the round is about. */
  begin(aim: Aim, lockFolder: string): Target;
}

/** Of the first round, before anything was measured. */
const guessedMs = { round: 1_000, spend: 300 };
/** How long after its answer a process may still be saving it. */
const savingMs = 40;

export function createStriker(signal: 'none' | Struck['signal'], seed: number): Striker {
  const chance = seeded(seed);
  const spans = { ...guessedMs };
  return {
    begin(aim, lockFolder) {
      const children: ChildProcess[] = [];
      const startedAt = performance.now();
      const timers: NodeJS.Timeout[] = [];
      let struck: Struck | undefined;
      let spender: { readonly pid: number; readonly since: number } | undefined;
      const before = topEpoch(lockFolder);

      const strike = (child: ChildProcess | undefined) => {
        const isOver = child === undefined || child.exitCode !== null || child.signalCode !== null;
        if (signal === 'none' || isOver || struck !== undefined || !child.kill(signal)) return;
        struck = { pid: child.pid ?? 0, signal, at: performance.now() };
      };
      const later = (ms: number, act: () => void) => void timers.push(setTimeout(act, ms));
      const byPid = (pid: number | undefined) => children.find((child) => child.pid === pid);
      const living = () => children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);

      const watching = watch(lockFolder, () => {
        if (spender !== undefined) return;
        const epoch = topEpoch(lockFolder);
        const pid = epoch > before ? holderOf(lockFolder, epoch) : undefined;
        if (pid === undefined) return;
        spender = { pid, since: performance.now() };
        if (aim === 'spender') later(chance() * spans.spend, () => strike(byPid(pid)));
      });
      const share = chance();
      return {
        aimAt(all) {
          children.push(...all);
          if (aim === 'anyone') later(share * spans.round, () => strike(pick(living(), chance)));
        },
        answered() {
          if (spender !== undefined) spans.spend = performance.now() - spender.since + savingMs;
          if (aim === 'answer') strike(byPid(holderOf(lockFolder, topEpoch(lockFolder))));
        },
        end() {
          stop(watching, timers);
          spans.round = performance.now() - startedAt;
          return struck;
        },
      };
    },
  };
}

function stop(watching: FSWatcher, timers: readonly NodeJS.Timeout[]): void {
  watching.close();
  for (const timer of timers) clearTimeout(timer);
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
