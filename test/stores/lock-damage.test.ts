// A lock folder in which something is wrong: nobody gets in who should not, and whoever waits learns which file it is.
import { describe, expect, test, vi } from 'vitest';
import { createLocks } from '../../src/stores/record-lock.ts';
import { createWorld } from '../support/world.ts';
import { expectError } from './expect-error.ts';
import { epoch, epochsOf, folder, lockIn } from './lock-in-world.ts';

describe('a damaged lock', () => {
  test.each([
    ['no JSON', 'garbage'],
    ['empty', ''],
    ['of a newer version', JSON.stringify({ version: 2, state: 'free' })],
    ['of an unknown state', JSON.stringify({ version: 1, state: 'paused' })],
    ['held by nobody', JSON.stringify({ version: 1, state: 'held', token: 'x', beat: 0 })],
    [
      'held by half an identity',
      JSON.stringify({ version: 1, state: 'held', token: 'x', beat: 0, holder: { pid: 1 } }),
    ],
  ])('%s: held by somebody unknown until the deadline, and the file is named', async (_, content) => {
    const world = createWorld();
    world.files.set(`${folder}/7.json`, content);
    const onWait = vi.fn();
    const error = await expectError('locked', () => lockIn(world, { waitMs: 40_000, onWait }));
    expect(error.message).toContain(`${folder}/7.json`);
    expect(error.hint).toContain(`remove ${folder}/7.json`);
    expect(onWait).toHaveBeenCalledOnce();
    expect(epochsOf(world)).toEqual(['7.json']);
  });

  test.each(['denied', 'foreign_owner', 'link', 'too_large', 'not_text', 'other'] as const)(
    'an epoch that cannot be read (%s) likewise',
    async (kind) => {
      const world = createWorld();
      await (await lockIn(world)).release();
      world.files.faults.push({ kind, method: 'readOwn', path: /1\.json$/ });
      const error = await expectError('locked', () => lockIn(world, { waitMs: 1_000 }));
      expect(error.message).toContain(`${folder}/1.json`);
    },
  );

  test('an epoch that can be read again while somebody waits is followed', async () => {
    const world = createWorld();
    world.files.set(`${folder}/7.json`, 'garbage');
    const waiting = lockIn(world, { waitMs: 10_000 });
    await world.system.clock.sleep(2_000);
    world.files.set(`${folder}/7.json`, JSON.stringify({ version: 1, state: 'free' }));
    await waiting;
    expect(epochsOf(world)).toEqual(['7.json', '8.json']);
  });

  test('a listing that names what is not there ends in the deadline as well', async () => {
    const world = createWorld();
    const lying = { ...world.system.files, list: async () => ['5.json'] };
    const error = await expectError('locked', () => lockIn(world, { waitMs: 1_000 }, { files: lying }));
    expect(error.message).toContain('5.json');
  });

  test('names that are no epoch do not count', async () => {
    const world = createWorld();
    for (const name of ['0.json', '01.json', '9.json.tmp', 'x.json', '-3.json', '9999999999999999.json']) {
      world.files.set(`${folder}/${name}`, 'garbage');
    }
    await lockIn(world);
    expect(epoch(world, 1).state).toBe('held');
  });

  test.each(['ensureFolder', 'list', 'createOwn'] as const)(
    'a folder that refuses %s is an error of the store',
    async (method) => {
      const world = createWorld();
      world.files.faults.push({ kind: 'denied', method });
      const error = await expectError('store_unavailable', () => lockIn(world, { waitMs: 60_000 }));
      expect(error.message).toContain('/data/locks');
    },
  );

  test('a folder that cannot be read once the epoch is there: the epoch is given back', async () => {
    const world = createWorld();
    world.files.faults.push({ kind: 'denied', method: 'list', nth: 2 });
    await expectError('store_unavailable', () => lockIn(world));
    expect(epoch(world, 1)).toEqual({ version: 1, state: 'free' });
  });

  test('a release that cannot be written does not throw, and the lock ends with the process', async () => {
    const world = createWorld();
    const holder = world.another();
    const held = await lockIn(holder);
    world.files.full = true;
    await held.release();
    world.files.full = false;
    expect(await held.stillHeld()).toBe(false);
    await expectError('locked', () => lockIn(world));
    holder.die();
    await lockIn(world);
  });

  test('what could not be marked as free is taken again by the process that let go of it', async () => {
    const world = createWorld();
    const locks = createLocks(world.system);
    const take = () => locks.acquire(folder, 'it', { waitMs: 1_000 });
    const held = await take();
    world.files.full = true;
    await held.release();
    world.files.full = false;
    await (await take()).release();
    const again = await take();
    await expectError('locked', () => lockIn(world, { waitMs: 1_000 }));
    expect(await again.stillHeld()).toBe(true);
  });

  test('old epochs that cannot be removed are left', async () => {
    const world = createWorld();
    world.files.faults.push({ kind: 'denied', method: 'remove' });
    for (let count = 0; count < 10; count++) await (await lockIn(world)).release();
    expect(epochsOf(world)).toHaveLength(10);
  });
});
