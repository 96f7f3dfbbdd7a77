// The fake world keeps its own promises: the clock jumps only when everybody waits, faults strike the call they name.
import { setTimeout as realSleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createWorld } from '../support/world.ts';

test('the clock jumps to the earliest sleeper, in order', async () => {
  const world = createWorld({ now: '2026-01-01T00:00:00Z' });
  const { clock } = world.system;
  const woken: string[] = [];
  const note = (name: string, ms: number) =>
    clock.sleep(ms).then(() => woken.push(`${name} ${clock.now() % 1_000_000}`));
  const startAt = clock.now();
  await Promise.all([note('late', 3_600_000), note('early', 5)]);
  expect(woken.map((line) => line.split(' ')[0])).toEqual(['early', 'late']);
  expect(clock.now() - startAt).toBe(3_600_000);
});

test('an aborted sleep is over at once, and the clock does not move', async () => {
  const { clock } = createWorld().system;
  const startAt = clock.now();
  const stop = new AbortController();
  const sleep = clock.sleep(1000, stop.signal);
  stop.abort();
  await sleep;
  expect(clock.now()).toBe(startAt);
});

test('held work is waited for, unless it sleeps itself', async () => {
  const world = createWorld({
    fetch: async ({ url }) => {
      if (url.endsWith('/slow')) await world.system.clock.sleep(60_000);
      else await world.hold(() => realSleep(20));
      return { status: 200, headers: {}, body: '' };
    },
  });
  const ask = (path: string) =>
    world.system.fetch({ method: 'GET', url: `https://x.example${path}`, headers: {}, timeoutMs: 8000 });
  const startAt = world.now();
  expect((await ask('/')).status).toBe(200);
  expect(world.now()).toBe(startAt);
  await expect(ask('/slow')).rejects.toMatchObject({ code: 'timed_out' });
  expect(world.now()).toBe(startAt + 8000);
});

test('the browser reaches the listener, and the wait does not time out meanwhile', async () => {
  const world = createWorld();
  const { listen, userAgent, clock } = world.system;
  const over = new AbortController();
  const listening = await listen({
    host: '127.0.0.1',
    port: 0,
    handle: async ({ target }) => {
      over.abort();
      return { status: 200, headers: {}, body: target };
    },
  });
  const seen: string[] = [];
  world.browser = async (url) => {
    await realSleep(20);
    seen.push((await world.visit(`http://127.0.0.1:${listening.port}/?from=${encodeURIComponent(url)}`)).body);
  };
  const startAt = world.now();
  await userAgent.open('https://x.example/');
  await clock.sleep(300_000, over.signal);
  await world.browsed();
  expect([seen.length, world.now() - startAt]).toEqual([1, 0]);
  await listening.close();
  await expect(world.visit(`http://127.0.0.1:${listening.port}/`)).rejects.toMatchObject({ code: 'unreachable' });
});

test('a fault strikes the call it names; a killed process never hears of it, and another one finds the disk as it was', async () => {
  const world = createWorld();
  const { files } = world.system;
  await files.ensureFolder('/home/ann/data');
  world.files.faults.push({ kind: 'full', method: 'replaceOwn', nth: 2 });
  await files.replaceOwn('/home/ann/data/a', '1');
  await expect(files.replaceOwn('/home/ann/data/a', '2')).rejects.toMatchObject({ fileError: 'full' });
  await files.replaceOwn('/home/ann/data/a', '3');
  world.files.faults.push({ kind: 'killed', nth: 1, after: true });
  const dead = files.replaceOwn('/home/ann/data/a', '4').then(() => 'returned');
  const next = world.another();
  expect(await Promise.race([dead, next.system.clock.sleep(1000).then(() => 'nothing')])).toBe('nothing');
  expect(await next.system.files.readOwn('/home/ann/data/a')).toBe('4');
  const [before, after] = [await world.system.liveness.self(), await next.system.liveness.self()];
  expect([await next.system.liveness.judge(before), await next.system.liveness.judge(after)]).toEqual([
    'dead',
    'alive',
  ]);
});

test('the second signal ends the process', async () => {
  const world = createWorld();
  const { signals, clock } = world.system;
  const seen: boolean[] = [];
  void signals.during(
    (_, first) => {
      seen.push(first);
      if (!first) signals.exitNow(130);
    },
    () => clock.sleep(10_000),
  );
  world.signal('SIGINT');
  world.signal('SIGINT');
  expect([await world.ended, seen]).toEqual([130, [true, false]]);
});
