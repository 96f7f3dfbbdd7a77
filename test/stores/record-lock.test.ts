// The record lock in one fake machine: holding, waiting, following a dead holder. Real processes: lock-processes.test.ts.
import { describe, expect, test, vi } from 'vitest';
import { createLocks } from '../../src/stores/record-lock.ts';
import { createWorld } from '../support/world.ts';
import { expectError } from './expect-error.ts';
import { epoch, epochsOf, folder, lockIn } from './lock-in-world.ts';

describe('holding', () => {
  test('is written in the folder, for good', async () => {
    const world = createWorld();
    const held = await lockIn(world);
    expect(epoch(world, 1)).toEqual({
      version: 1,
      state: 'held',
      holder: { host: 'fake-host', boot: 'fake-boot', space: 'pid:[1]', pid: 1001, start: '1001' },
      token: expect.stringMatching(/^[0-9a-f]{32}$/),
      beat: 0,
    });
    expect(await held.stillHeld()).toBe(true);
    await held.release();
    expect(epoch(world, 1)).toEqual({ version: 1, state: 'free' });
    expect(await held.stillHeld()).toBe(false);
  });

  test('each holder is the next epoch; the newest eight stay', async () => {
    const world = createWorld();
    for (let count = 0; count < 20; count++) await (await lockIn(world)).release();
    expect(epochsOf(world).sort()).toEqual([13, 14, 15, 16, 17, 18, 19, 20].map((number) => `${number}.json`));
  });

  test('an epoch that is cleaned away after it was listed is no obstacle', async () => {
    const world = createWorld();
    for (let count = 0; count < 20; count++) await (await lockIn(world)).release();
    const { files } = world.system;
    let looks = 0;
    const late = {
      ...files,
      list: (path: string) => (looks++ === 0 ? Promise.resolve(['3.json']) : files.list(path)),
    };
    const held = await lockIn(world, {}, { files: late });
    expect(await held.stillHeld()).toBe(true);
    expect(epochsOf(world)).toContain('21.json');
  });

  test('another folder is another lock', async () => {
    const world = createWorld();
    await lockIn(world);
    const other = await createLocks(world.system).acquire(`${folder}-2`, "'gmail-2'", { waitMs: 0 });
    expect(await other.stillHeld()).toBe(true);
    await other.release();
  });

  test('releasing twice frees it once', async () => {
    const world = createWorld();
    const held = await lockIn(world);
    await held.release();
    const next = await lockIn(world.another());
    const calls = world.files.calls.length;
    await held.release();
    expect(world.files.calls).toHaveLength(calls);
    expect(await next.stillHeld()).toBe(true);
  });
});

describe('waiting', () => {
  test('ends when the holder releases', async () => {
    const world = createWorld();
    const held = await lockIn(world);
    const waiting = lockIn(world.another(), { waitMs: 60_000 });
    await world.system.clock.sleep(5_000);
    await held.release();
    const freedAt = world.now();
    expect(await (await waiting).stillHeld()).toBe(true);
    expect(world.now() - freedAt).toBeLessThanOrEqual(250);
  });

  test('a process waits for itself as for any other', async () => {
    const world = createWorld();
    const held = await lockIn(world);
    await expectError('locked', () => lockIn(world, { waitMs: 1_000 }));
    const waiting = lockIn(world, { waitMs: 1_000 });
    await held.release();
    expect(await (await waiting).stillHeld()).toBe(true);
  });

  test('is bounded and says for whom', async () => {
    const world = createWorld();
    await lockIn(world);
    const onWait = vi.fn();
    const startedAt = world.now();
    const error = await expectError('locked', () => lockIn(world.another(), { waitMs: 30_000, onWait }));
    expect(world.now() - startedAt).toBe(30_000);
    expect(onWait.mock.calls).toEqual([['process 1001 on fake-host']]);
    expect(error.message).toBe("'gmail' is in use by process 1001 on fake-host; waited 30 seconds");
    expect(error.retryable).toBe(true);
  });

  test('of less than a second is not told', async () => {
    const world = createWorld();
    await lockIn(world);
    const onWait = vi.fn();
    await expectError('locked', () => lockIn(world.another(), { waitMs: 900, onWait }));
    expect(onWait).not.toHaveBeenCalled();
  });

  test('ends at once when it is interrupted', async () => {
    const world = createWorld();
    const held = await lockIn(world);
    const interrupt = new AbortController();
    const waiting = expectError('cancelled', () =>
      lockIn(world.another(), { waitMs: 60_000, signal: interrupt.signal }),
    );
    await world.system.clock.sleep(2_000);
    const interruptedAt = world.now();
    interrupt.abort();
    await waiting;
    expect(world.now()).toBe(interruptedAt);
    await held.release();
    await expectError('cancelled', () => lockIn(world, { signal: interrupt.signal }));
    expect(epochsOf(world)).toEqual(['1.json']);
  });

  test('a clock that jumps on neither ends it nor makes it endless', async () => {
    const world = createWorld();
    await lockIn(world);
    for (const jump of [3_600_000, -3_600_000]) {
      let now = world.now();
      let asked = 0;
      const clock = {
        now: () => now + (asked > 3 ? jump : 0),
        sleep: async (milliseconds: number) => {
          asked++;
          now += milliseconds;
        },
      };
      await expectError('locked', () => lockIn(world.another(), { waitMs: 10_000 }, { clock }));
      expect(asked).toBeGreaterThan(35);
    }
  });
});

describe('a holder that died', () => {
  test('is followed at once', async () => {
    const world = createWorld();
    const dying = world.another();
    await lockIn(dying);
    dying.die();
    const held = await lockIn(world);
    expect(await held.stillHeld()).toBe(true);
    expect(epochsOf(world)).toEqual(['1.json', '2.json']);
  });

  test('in the middle of waiting is followed', async () => {
    const world = createWorld();
    const dying = world.another();
    await lockIn(dying);
    const waiting = lockIn(world, { waitMs: 60_000 });
    await world.system.clock.sleep(5_000);
    dying.die();
    expect(await (await waiting).stillHeld()).toBe(true);
  });

  test.each([1, 2, 3])('at its change %d leaves a lock that the next one gets', async (nth) => {
    for (const after of [false, true]) {
      const world = createWorld();
      const dying = world.another();
      world.files.faults.push({ kind: 'killed', nth, after });
      void lockIn(dying).then((held) => held.release());
      await world.system.clock.sleep(1_000);
      world.files.faults.length = 0;
      expect(await (await lockIn(world)).stillHeld()).toBe(true);
    }
  });
});
