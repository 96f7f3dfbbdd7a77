// One holder at a time across processes, and across hosts that share a folder. Taking over never unlinks: a holder adds the
// next epoch, so two processes that both saw a dead holder race for one file name, which only one of them can create.
import { CliError } from '../errors.ts';
import { describeSeconds } from '../model/instants.ts';
import type { Clock, Files, Liveness, Random } from '../model/ports.ts';
import type { LockOptions } from '../model/store.ts';
import { overFiles } from './file-trouble.ts';
import { freeEpoch, heldEpoch, type LockEpochs, lockEpochs, type TopEpoch } from './lock-epochs.ts';

export interface LockDeps {
  readonly files: Files;
  readonly clock: Clock;
  readonly random: Random;
  readonly liveness: Liveness;
}

export interface HeldLock {
  /** Never rejects: what cannot be marked as free is free once this process has ended. */
  release(): Promise<void>;
  /** False once another process has taken over (this one was thought dead). */
  stillHeld(): Promise<boolean>;
}

export interface Locks {
  /** `what` is guarded, for people: "the connection 'acme'". Rejects with `locked`, `cancelled`, `store_unavailable`. */
  acquire(folder: string, what: string, options: LockOptions): Promise<HeldLock>;
}

/** A holder renews its epoch this often … */
const beatMs = 2_000;
/** … and one whose process cannot be looked at is given up after this long without a change: ten beats. */
const quietMs = 20_000;
/** Older epochs stay for a while: a process that listed the folder before them and is slow since then must still meet them. */
const epochsKept = 8;

interface Locking extends LockDeps {
  /** Tokens of epochs that this process let go of, and could not mark as free. */
  readonly abandoned: Set<string>;
}

export function createLocks({ files, clock, random, liveness }: LockDeps): Locks {
  const deps: Locking = { files, clock, random, liveness, abandoned: new Set() };
  return {
    acquire: (folder, what, options) => overFiles(`locking ${what}`, () => acquire(deps, folder, what, options)),
  };
}

async function acquire(deps: Locking, folder: string, what: string, options: LockOptions): Promise<HeldLock> {
  await deps.files.ensureFolder(folder);
  const epochs = lockEpochs(deps.files, folder);
  const wait = createWait(deps, what, options);
  for (;;) {
    if (options.signal?.aborted) throw interrupted(what);
    const top = await epochs.top();
    if (!(await mayFollow(deps, top, wait.quiet(top)))) {
      await wait.pause(top);
      continue;
    }
    const held = await follow(deps, epochs, top.epoch + 1);
    if (held === undefined) {
      // Whoever was faster holds it now; where a network file system lists old names for a while, this is not a busy loop.
      await wait.pause(top);
      continue;
    }
    return { ...held, stillHeld: () => overFiles(`looking at the lock of ${what}`, () => held.stillHeld()) };
  }
}

async function mayFollow(deps: Locking, top: TopEpoch, unchangedMs: number): Promise<boolean> {
  if (top.state !== 'held') return top.state === 'free';
  if (deps.abandoned.has(top.token)) return true;
  const verdict = await deps.liveness.judge(top.holder);
  return verdict === 'dead' || (verdict === 'elsewhere' && unchangedMs >= quietMs);
}

/** Undefined when another process was faster. */
async function follow(deps: Locking, epochs: LockEpochs, epoch: number): Promise<HeldLock | undefined> {
  const holder = await deps.liveness.self();
  const token = Buffer.from(deps.random.bytes(16)).toString('hex');
  const file = epochs.file(epoch);
  const letGo = () => deps.files.replaceOwn(file, freeEpoch).catch(() => void deps.abandoned.add(token));
  const created = await deps.files.createOwn(file, heldEpoch(holder, token, 0)).catch((error) => {
    // It may be there all the same, and nobody would release it.
    deps.abandoned.add(token);
    throw error;
  });
  if (!created) return undefined;
  const seen = await epochs.list().catch(async (error) => {
    await letGo();
    throw error;
  });
  if (seen[0] !== epoch) {
    // This number had been used and cleaned away since the folder was listed. A later one exists, so this counts for nothing.
    await deps.files.remove(file);
    return undefined;
  }
  for (const old of seen.slice(epochsKept)) await deps.files.remove(epochs.file(old)).catch(() => false);
  const stop = new AbortController();
  const beating = beat(deps, (count) => deps.files.replaceOwn(file, heldEpoch(holder, token, count)), stop.signal);
  return {
    async release() {
      if (stop.signal.aborted) return;
      stop.abort();
      // A beat on its way must not land after the release: the lock would stay held by a process that lives on.
      await beating;
      await letGo();
    },
    async stillHeld() {
      const top = await epochs.top();
      if (top.state === 'unknown') throw unreadableLock(top);
      return !stop.signal.aborted && top.state === 'held' && top.token === token;
    },
  };
}

/** For waiters on other hosts and in other pid namespaces, which cannot look at this process. */
async function beat(deps: LockDeps, renew: (count: number) => Promise<void>, stop: AbortSignal): Promise<void> {
  for (let count = 1; ; count++) {
    await deps.clock.sleep(beatMs, stop);
    if (stop.aborted) return;
    // When it fails often enough to be taken over, `stillHeld` tells before anything is written.
    await renew(count).catch(() => undefined);
  }
}

interface Wait {
  /** For how long this epoch has been seen unchanged. */
  quiet(top: TopEpoch): number;
  /** Sleeps a little; throws when that was long enough. */
  pause(top: TopEpoch): Promise<void>;
}

const firstPauseMs = 10;
const longestPauseMs = 250;
const tellAfterMs = 1_000;

function createWait(deps: LockDeps, what: string, options: LockOptions): Wait {
  let waitedMs = 0;
  let unchangedMs = 0;
  let lastText: string | undefined;
  let told = false;
  return {
    quiet(top) {
      if (top.text !== lastText) unchangedMs = 0;
      lastText = top.text;
      return unchangedMs;
    },
    async pause(top) {
      if (waitedMs >= options.waitMs) throw stillLocked(what, top, options.waitMs);
      if (!told && waitedMs >= tellAfterMs) {
        told = true;
        options.onWait?.(describeHolder(top));
      }
      const pauseMs = Math.min(jitter(deps.random, firstPauseMs + waitedMs / 4), options.waitMs - waitedMs);
      const before = deps.clock.now();
      await deps.clock.sleep(pauseMs, options.signal);
      // A machine that slept meanwhile, or a clock that was set, proves nothing about the holder: one pause counts a second at most.
      const passedMs = Math.max(pauseMs, Math.min(deps.clock.now() - before, 1_000));
      waitedMs += passedMs;
      unchangedMs += passedMs;
    },
  };
}

/** Between half and all of it, so that many waiters do not wake together. */
function jitter(random: Random, milliseconds: number): number {
  const share = (random.bytes(1)[0] ?? 0) / 255;
  return Math.ceil(Math.min(milliseconds, longestPauseMs) * (0.5 + share / 2));
}

function describeHolder(top: TopEpoch): string {
  if (top.state === 'held') return `process ${top.holder.pid} on ${top.holder.host}`;
  return top.state === 'free' ? 'a process that was faster' : `an unknown holder (${top.file})`;
}

function stillLocked(what: string, top: TopEpoch, waitMs: number): CliError {
  const waited = `waited ${describeSeconds(waitMs / 1000)}`;
  return new CliError('locked', `${what} is in use by ${describeHolder(top)}; ${waited}`, {
    hint:
      top.state === 'unknown'
        ? `when no other oauthctl runs, remove ${top.file} and try again`
        : 'run the same command again',
  });
}

function unreadableLock({ file }: TopEpoch): CliError {
  return new CliError(
    'store_unavailable',
    `${file} cannot be read, so nobody can tell who holds it; nothing was written`,
    {
      hint: 'run the same command again',
    },
  );
}

function interrupted(what: string): CliError {
  return new CliError('cancelled', `interrupted while waiting for ${what}`, { hint: 'run the same command again' });
}
