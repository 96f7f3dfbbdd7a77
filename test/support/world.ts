// The whole world in memory: a System for one process, on a machine that other fake processes can share.
import { createHash } from 'node:crypto';
import type { Env, Fetch, Liveness, Spawned, SpawnRequest, System, UserAgent } from '../../src/model/ports.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { createFakeKeychain, type FakeKeychain, fakeKeychain } from './fake-keychain.ts';
import { createFakeNetwork, type FakeNetwork } from './fake-network.ts';
import { createFakeSignals } from './fake-signals.ts';
import { createFakeTerminal, type FakeTerminal } from './fake-terminal.ts';
import { createMemoryDisk, type MemoryDisk } from './memory-files.ts';

export interface WorldOptions {
  /** RFC 3339. */
  readonly now?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly platform?: Env['platform'];
  readonly seed?: number;
  readonly fetch?: Fetch;
  /** All three streams are a terminal, and prompts are answered from `answers`. */
  readonly terminal?: boolean;
  readonly noInput?: boolean;
  readonly columns?: number;
}

export interface World extends Omit<FakeTerminal, 'streams' | 'prompter'>, Pick<FakeNetwork, 'visit'> {
  readonly system: System;
  readonly files: MemoryDisk;
  readonly network: FakeNetwork;
  readonly keychain: FakeKeychain;
  /** The same variables that `system.env` reads. */
  readonly env: Record<string, string>;
  now(): number;
  advance(milliseconds: number): void;
  /** The clock is set, forward or back, or the machine sleeps: no timer notices. */
  jump(milliseconds: number): void;
  /** The clock does not jump while `work` runs: for real sockets and processes. */
  hold<T>(work: () => Promise<T>): Promise<T>;
  /** URLs given to the browser. */
  readonly opened: string[];
  /** Why there is no browser; undefined when there is one. */
  noBrowser: string | undefined;
  /** What the browser does with a URL. */
  browser: ((url: string) => Promise<unknown>) | undefined;
  /** Resolves when the browser has done what it was given so far. */
  browsed(): Promise<void>;
  /** Children that were started, and what the next ones do. */
  readonly spawned: SpawnRequest[];
  program: ((request: SpawnRequest) => Spawned) | undefined;
  /** Sends this process a signal. */
  signal(name: string): void;
  /** Resolves with the exit that `exitNow` was given; the process is dead then. */
  readonly ended: Promise<number>;
  /** Kills this process: none of its calls returns any more. */
  die(): void;
  /** Resolves when this process has been killed. */
  readonly died: Promise<void>;
  /** Another process on the same machine: its own terminal, signals and pid; the same clock, files, keychain, network. */
  another(options?: Pick<WorldOptions, 'env' | 'terminal' | 'noInput' | 'columns'>): World;
}

interface Machine {
  readonly clock: FakeClock;
  readonly disk: MemoryDisk;
  readonly network: FakeNetwork;
  readonly keychain: FakeKeychain;
  readonly bytes: (count: number) => Uint8Array;
  readonly platform: Env['platform'];
  readonly alive: Set<number>;
  readonly nextPid: () => number;
}

export function createWorld(options: WorldOptions = {}): World {
  const clock = createFakeClock(Date.parse(options.now ?? '2026-11-25T10:00:00Z'));
  let lastPid = 1000;
  const machine: Machine = {
    clock,
    disk: createMemoryDisk(clock.now),
    network: createFakeNetwork(clock, options.fetch),
    keychain: createFakeKeychain(),
    bytes: seededBytes(options.seed ?? 1),
    platform: options.platform ?? 'linux',
    alive: new Set(),
    nextPid: () => ++lastPid,
  };
  return createProcess(machine, options);
}

function createProcess(machine: Machine, options: WorldOptions): World {
  const { clock, disk, network } = machine;
  const pid = machine.nextPid();
  machine.alive.add(pid);
  const terminal = createFakeTerminal({
    terminal: options.terminal ?? false,
    noInput: options.noInput ?? false,
    columns: options.columns ?? 80,
  });
  const env = { ...options.env };
  const alive = () => machine.alive.has(pid);
  let tellDeath = () => {};
  const died = new Promise<void>((resolve) => {
    tellDeath = resolve;
  });
  const die = () => {
    machine.alive.delete(pid);
    tellDeath();
  };
  const signals = createFakeSignals(die);
  const workingFolder = '/home/ann/work';
  const opened: string[] = [];
  const visits: Promise<unknown>[] = [];

  const world: World = Object.assign(terminal, {
    files: disk,
    network,
    keychain: machine.keychain,
    env,
    now: clock.now,
    advance: clock.advance,
    jump: clock.jump,
    hold: clock.hold,
    opened,
    noBrowser: undefined,
    browser: undefined,
    browsed: async () => void (await Promise.all(visits)),
    visit: network.visit,
    spawned: [],
    program: undefined,
    signal: signals.send,
    ended: signals.ended,
    die,
    died,
    another: (other: WorldOptions = {}) => createProcess(machine, { env, ...other }),
    system: {
      clock,
      random: { bytes: machine.bytes },
      fetch: whileAlive(alive, network.fetchPort),
      fetchBy: () => whileAlive(alive, network.fetchPort),
      userAgent: fakeUserAgent(clock, opened, visits, () => world),
      listen: network.listen,
      prompter: terminal.prompter,
      streams: terminal.streams,
      files: disk.port({ workingFolder, alive, die }),
      keychain: fakeKeychain(machine.keychain, { alive, die }),
      env: {
        get: (name: string) => env[name] || undefined,
        platform: machine.platform,
        homeFolder: '/home/ann',
        workingFolder,
      },
      signals: signals.port,
      liveness: fakeLiveness(machine, pid),
      spawn: async (request: SpawnRequest) => {
        world.spawned.push(request);
        return world.program?.(request) ?? ({ kind: 'not_started', why: 'ENOENT' } as const);
      },
    },
  });
  return world;
}

function seededBytes(seed: number): (count: number) => Uint8Array {
  let calls = 0;
  return (count) => {
    const call = calls++;
    const blocks = Array.from({ length: Math.ceil(count / 32) }, (_, block) =>
      createHash('sha256').update(`${seed} ${call} ${block}`).digest(),
    );
    return new Uint8Array(Buffer.concat(blocks).subarray(0, count));
  };
}

function whileAlive(alive: () => boolean, fetch: Fetch): Fetch {
  return async (request) => {
    const settled = await fetch(alive() ? request : await new Promise<never>(() => {})).then(
      (response) => () => response,
      (error) => () => {
        throw error;
      },
    );
    return alive() ? settled() : new Promise<never>(() => {});
  };
}

function fakeUserAgent(clock: FakeClock, opened: string[], visits: Promise<unknown>[], world: () => World): UserAgent {
  return {
    detect: async () => {
      const why = world().noBrowser;
      return why === undefined ? { available: true } : { available: false, why };
    },
    address: async (url) => url,
    open: async (url) => {
      const { browser, noBrowser } = world();
      if (noBrowser !== undefined) return false;
      opened.push(url);
      if (browser) visits.push(clock.hold(async () => browser(url)));
      return true;
    },
  };
}

function fakeLiveness(machine: Machine, pid: number): Liveness {
  const here = { host: 'fake-host', boot: 'fake-boot', space: 'pid:[1]' };
  return {
    self: async () => ({ ...here, pid, start: String(pid) }),
    judge: async (identity) => {
      if (identity.host !== here.host || identity.space !== here.space) return 'elsewhere';
      const same = identity.boot === here.boot && identity.start === String(identity.pid);
      return same && machine.alive.has(identity.pid) ? 'alive' : 'dead';
    },
  };
}
