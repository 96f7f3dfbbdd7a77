// Never two holders: every order of steps that fast-check can think of, with processes that die in between.
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Files, ProcessIdentity } from '../../src/model/ports.ts';
import { createLocks, type LockDeps } from '../../src/stores/record-lock.ts';
import { createWorld, type World } from '../support/world.ts';
import { expectError } from './expect-error.ts';
import { epochsOf, folder, lockIn } from './lock-in-world.ts';

describe('never two holders', () => {
  test('a process that looked long ago creates an old epoch, meets the newest and steps back', async () => {
    const world = createWorld();
    for (let count = 0; count < 20; count++) await (await lockIn(world)).release();
    const held = await lockIn(world);
    const { files } = world.system;
    let looks = 0;
    const late: Files = {
      ...files,
      list: async (path) => (looks++ === 0 ? ['3.json'] : files.list(path)),
      readOwn: async (path) =>
        path.endsWith('/3.json') ? JSON.stringify({ version: 1, state: 'free' }) : files.readOwn(path),
    };
    await expectError('locked', () => lockIn(world.another(), {}, { files: late }));
    expect(await held.stillHeld()).toBe(true);
    expect(epochsOf(world)).not.toContain('4.json');
  });

  test('in any order of steps, with processes that die in between', async () => {
    const deaths = fc.array(fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.nat({ max: 60 })), {
      minLength: 4,
      maxLength: 4,
    });
    await fc.assert(fc.asyncProperty(fc.scheduler(), deaths, contention), { numRuns: 150 });
  });
});

const rounds = 4;

/** `deaths`: after how many of its steps each process dies. */
async function contention(scheduler: fc.Scheduler, deaths: readonly number[]): Promise<void> {
  const world = createWorld();
  const alive = new Set(deaths.keys());
  const inside = new Set<number>();
  const entered = deaths.map(() => 0);
  const contend = async (me: number) => {
    let steps = 0;
    const step = async (what: string) => {
      await scheduler.schedule(Promise.resolve(), `${me} ${what}`);
      if (steps++ !== deaths[me]) return;
      alive.delete(me);
      inside.delete(me);
      await new Promise<never>(() => {});
    };
    const ports = steppedPorts(world, me, alive, step);
    for (let round = 0; round < rounds; round++) {
      const held = await createLocks(ports).acquire(folder, "'gmail'", { waitMs: Number.POSITIVE_INFINITY });
      expect([...inside], 'two holders').toEqual([]);
      inside.add(me);
      entered[me] = round + 1;
      await step('holds');
      inside.delete(me);
      await held.release();
    }
  };
  let failure: unknown;
  for (const me of deaths.keys()) {
    contend(me).catch((error) => {
      failure = error;
    });
  }
  await turn();
  // A waiter would poll for ever if its turn never came.
  for (let count = 0; count < 5_000 && failure === undefined && scheduler.count() > 0; count++) {
    await scheduler.waitOne();
    await turn();
  }
  if (failure !== undefined) throw failure;
  for (const me of alive) expect(entered[me], 'a process that lives gets its turns').toBe(rounds);
}

function steppedPorts(world: World, me: number, alive: Set<number>, step: (what: string) => Promise<void>): LockDeps {
  const { files } = world.system;
  const identity: ProcessIdentity = { host: 'h', boot: 'b', space: '', pid: me, start: '' };
  return {
    files: {
      ...files,
      list: (path) => step('list').then(() => files.list(path)),
      readOwn: (path) => step('read').then(() => files.readOwn(path)),
      createOwn: (path, content) => step('create').then(() => files.createOwn(path, content)),
      replaceOwn: (path, content) => step('replace').then(() => files.replaceOwn(path, content)),
      remove: (path) => step('remove').then(() => files.remove(path)),
    },
    random: world.system.random,
    clock: {
      now: () => 0,
      // The heartbeat sleeps until it is stopped; a waiter polls in its next step.
      sleep: (_, signal) =>
        signal === undefined
          ? step('pause')
          : new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
    },
    liveness: {
      self: async () => identity,
      judge: async ({ pid }) => (alive.has(pid) ? 'alive' : 'dead'),
    },
  };
}
