// A holder on another host, or in another pid namespace: only its heartbeat tells whether it lives.
import { describe, expect, test } from 'vitest';
import type { Files } from '../../src/model/ports.ts';
import type { LockDeps } from '../../src/stores/record-lock.ts';
import { createWorld, type World } from '../support/world.ts';
import { expectError } from './expect-error.ts';
import { epoch, folder, lockIn } from './lock-in-world.ts';

describe('a holder that cannot be looked at', () => {
  const elsewhere = (world: World): LockDeps['liveness'] => ({
    self: async () => ({ ...(await world.system.liveness.self()), host: 'other-host' }),
    judge: async () => 'elsewhere',
  });

  test('is never given up while its heart beats', async () => {
    const world = createWorld();
    const far = world.another();
    const held = await lockIn(far, {}, { liveness: elsewhere(far) });
    const error = await expectError('locked', () => lockIn(world, { waitMs: 120_000 }));
    expect(error.message).toContain('on other-host');
    expect(epoch(world, 1).beat).toBe(60);
    expect(await held.stillHeld()).toBe(true);
  });

  test('is given up after twenty seconds without a beat, and told when it comes back', async () => {
    const world = createWorld();
    const far = world.another();
    const held = await lockIn(far, {}, { liveness: elsewhere(far) });
    await world.system.clock.sleep(10_000);
    // It sleeps: its beats do not reach the disk.
    world.files.faults.push({ kind: 'other', method: 'replaceOwn', path: /1\.json$/ });
    const startedAt = world.now();
    const next = await lockIn(world, { waitMs: 60_000 });
    expect(world.now() - startedAt).toBeGreaterThanOrEqual(20_000);
    expect(world.now() - startedAt).toBeLessThan(21_000);
    world.files.faults.length = 0;
    expect(await held.stillHeld()).toBe(false);
    await held.release();
    expect(await next.stillHeld()).toBe(true);
  });

  test('one beat starts the twenty seconds again', async () => {
    const world = createWorld();
    const far = world.another();
    await lockIn(far, {}, { liveness: elsewhere(far) });
    world.files.faults.push({ kind: 'other', method: 'replaceOwn', path: /1\.json$/ });
    const waiting = lockIn(world, { waitMs: 60_000 });
    const startedAt = world.now();
    await world.system.clock.sleep(15_000);
    world.files.set(`${folder}/1.json`, JSON.stringify({ ...epoch(world, 1), beat: 99 }));
    await waiting;
    expect(world.now() - startedAt).toBeGreaterThanOrEqual(35_000);
  });

  test('a waiter that slept itself has seen nothing meanwhile', async () => {
    const world = createWorld();
    const far = world.another();
    await lockIn(far, {}, { liveness: elsewhere(far) });
    let now = world.now();
    const clock = {
      now: () => now,
      // Every pause lasts an hour: the lid was closed.
      sleep: async () => {
        now += 3_600_000;
      },
    };
    let looked = 0;
    const liveness: LockDeps['liveness'] = {
      self: () => world.system.liveness.self(),
      judge: async () => {
        looked++;
        return 'elsewhere';
      },
    };
    await lockIn(world, { waitMs: 60_000 }, { clock, liveness });
    expect(looked).toBeGreaterThanOrEqual(20);
  });

  test('beats no more once released, and no late beat undoes the release', async () => {
    const world = createWorld();
    const { files } = world.system;
    let letBeatLand = () => {};
    const slow: Files = {
      ...files,
      async replaceOwn(path, content) {
        if (content.includes('"beat":1'))
          await new Promise<void>((resolve) => {
            letBeatLand = resolve;
          });
        return files.replaceOwn(path, content);
      },
    };
    const held = await lockIn(world, {}, { files: slow });
    await world.system.clock.sleep(2_500);
    const released = held.release();
    await world.system.clock.sleep(1_000);
    expect(epoch(world, 1).state).toBe('held');
    letBeatLand();
    await released;
    expect(epoch(world, 1)).toEqual({ version: 1, state: 'free' });
  });
});
