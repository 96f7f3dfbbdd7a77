// Commands that go on until they are interrupted: `status --watch` and `sandbox`.
import { expect, test } from 'vitest';
import { main } from '../../src/main.ts';
import { overlay } from '../../src/model/overlay.ts';
import { createWorld, type World } from '../support/world.ts';

/** Runs until something on stdout fits so many times, then presses Ctrl-C. */
async function interruptAfter(world: World, args: readonly string[], pattern: RegExp, count = 1): Promise<number> {
  let seen = 0;
  const { streams } = world.system;
  const watched = Object.create(streams, {
    out: {
      value: async (text: string) => {
        await streams.out(text);
        if (pattern.test(text) && ++seen === count) world.signal('SIGINT');
      },
    },
  });
  return main(args, overlay(world.system, { streams: watched }));
}

test('status --watch draws again and again from the top, and ends with Ctrl-C', async () => {
  const world = createWorld({ terminal: true, env: { TERM: 'xterm' } });
  await main(['--sandbox', 'connect', 'gmail', '--sandbox-consent', 'auto'], world.system);
  const startAt = world.now();
  const exit = await interruptAfter(world, ['--sandbox', 'status', '--watch', '10'], /healthy/, 3);
  expect(exit).toBe(130);
  expect(world.stdout().split('\u001B[2J\u001B[H')).toHaveLength(1 + 3);
  expect(world.now() - startAt).toBeGreaterThanOrEqual(20_000);
  expect(await main(['--sandbox', 'status', '--watch', '--json'], world.system)).toBe(2);
  const piped = world.another({ terminal: false });
  expect(await main(['--sandbox', 'status', '--watch'], piped.system)).toBe(2);
  expect(piped.stderr()).toContain('--watch draws on a terminal');
});

test('sandbox serves until it is interrupted, and says how to use it', async () => {
  const world = createWorld();
  let index = '';
  const { streams } = world.system;
  const visiting = Object.create(streams, {
    out: {
      value: async (text: string) => {
        await streams.out(text);
        const { data } = JSON.parse(text);
        index = (await world.visit(`${data.origin}/`)).body;
        world.signal('SIGINT');
      },
    },
  });
  expect(await main(['sandbox', '--json'], overlay(world.system, { streams: visiting }))).toBe(130);
  const { data } = JSON.parse(world.stdout());
  expect(data).toMatchObject({ origin: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/), apps: expect.any(Array) });
  for (const app of data.apps) expect(index).toContain(app.client_id);
  await expect(world.visit(`${data.origin}/`)).rejects.toMatchObject({ code: 'unreachable' });
});

test('the sandbox and --sandbox are one: a grant of the one is known to the other', async () => {
  const world = createWorld();
  await main(['--sandbox', 'connect', 'gmail', '--sandbox-consent', 'auto'], world.system);
  const paths = world.files.paths('/home/ann').filter((path) => path.endsWith('state.json'));
  expect(paths).toHaveLength(1);
  await interruptAfter(world.another(), ['sandbox'], /address/);
  expect(world.files.paths('/home/ann').filter((path) => path.endsWith('state.json'))).toEqual(paths);
});
