// Commands that go on until they are interrupted: `status --watch` and `sandbox`.
import { describe, expect, test } from 'vitest';
import { CliError } from '../../src/errors.ts';
import { main } from '../../src/main.ts';
import { overlay } from '../../src/model/overlay.ts';
import { resolvePaths } from '../../src/model/paths.ts';
import { openSandbox } from '../../src/under-sandbox.ts';
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

describe('faults that a server was started with', () => {
  const limited = ['sandbox', 'slack', '--fault', 'http-429=30@slack'];
  const connect = ['--sandbox', '--sandbox-consent', 'auto', 'connect', 'slack'];
  const sandboxOf = ({ system }: World) =>
    openSandbox(system, resolvePaths({ sandbox: true }, system.env, system.files), 'auto');
  const noPort = async () => {
    throw new CliError('port_unavailable', 'taken');
  };
  const switches = (world: World) => {
    const path = world.files.paths('/home/ann').find((name) => name.endsWith('state.json')) ?? '';
    return Object.keys(JSON.parse(world.files.get(path) ?? '').switches);
  };

  test('end with it; others stay', async () => {
    const world = createWorld();
    await sandboxOf(world).control(['latency=5']);
    await interruptAfter(world, limited, /address/);
    expect(switches(world)).toEqual(['latency']);
    expect(await main(connect, world.another().system)).toBe(0);
  });

  test('hold for other processes while it runs, and end with a server that was killed', async () => {
    const world = createWorld();
    const killed = world.another();
    await sandboxOf(world).control(['http-429=30@slack'], await killed.system.liveness.self());
    await main(['--sandbox', 'list'], world.system);
    expect(switches(world)).toEqual(['http-429@slack']);
    killed.die();
    expect(await main(connect, world.another().system)).toBe(0);
    expect(switches(world)).toEqual([]);
  });

  test('end too when it could not start', async () => {
    const world = createWorld();
    expect(await main(limited, overlay(world.system, { listen: noPort }))).toBe(
      new CliError('port_unavailable', '').exit,
    );
    expect(switches(world)).toEqual([]);
  });

  test('for a provider that is not served are refused', async () => {
    const world = createWorld();
    expect(await main(['sandbox', 'slack', '--fault', 'http-429@github'], world.system)).toBe(2);
    expect(world.stderr()).toContain("'github' is not served here");
    expect(world.stderr()).toContain("try: oauthctl sandbox slack github --fault 'http-429@github'");
    const exit = await interruptAfter(world, ['sandbox', 'gmail', '--fault', 'http-429@google-drive'], /address/);
    expect(exit).toBe(130);
  });
});
