// The clock, as every implementation keeps it.
import { describe, expect, test } from 'vitest';
import { createClock } from '../../src/system/clock.ts';
import { createRandom } from '../../src/system/random.ts';
import { createWorld } from '../support/world.ts';

describe.each([
  ['the real clock', createClock],
  ['the fake clock', () => createWorld().system.clock],
])('%s', (_, make) => {
  test('a sleep lasts at least as long as it was asked to', async () => {
    const clock = make();
    const startAt = clock.now();
    await clock.sleep(20);
    // setTimeout may fire within the millisecond before.
    expect(clock.now() - startAt).toBeGreaterThanOrEqual(19);
  });

  test('an abort ends a sleep of any length, and one that came before', async () => {
    const clock = make();
    const stop = new AbortController();
    const sleeps = [1000, 2 ** 31, 2 ** 40].map((ms) => clock.sleep(ms, stop.signal));
    stop.abort();
    await Promise.all(sleeps);
    await clock.sleep(2 ** 40, stop.signal);
  });

  test('no time is no time', async () => {
    const clock = make();
    await Promise.all([clock.sleep(0), clock.sleep(-5)]);
  });
});

test('more than a timer can count is not over at once', async () => {
  const clock = createClock();
  const stop = new AbortController();
  let over = false;
  const sleep = clock.sleep(2 ** 31, stop.signal).then(() => {
    over = true;
  });
  await clock.sleep(20);
  expect(over).toBe(false);
  stop.abort();
  await sleep;
});

test.each([
  ['real', createRandom],
  ['fake', () => createWorld().system.random],
])('%s random bytes are as many as asked for, and never the same', (_, make) => {
  const random = make();
  const [a, b] = [random.bytes(33), random.bytes(33)];
  expect([a.length, b.length, random.bytes(0).length]).toEqual([33, 33, 0]);
  expect(a).not.toEqual(b);
});
