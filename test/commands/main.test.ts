// main: what it does with the unforeseen, and commands that go on until they are interrupted.
import { expect, test } from 'vitest';
import { main } from '../../src/main.ts';
import { overlay } from '../../src/model/overlay.ts';
import type { Files } from '../../src/model/ports.ts';
import { fileError } from '../support/memory-files.ts';
import { createWorld, type World } from '../support/world.ts';

const token = 'ya29.a-token-that-nobody-may-see';

function withFiles(world: World, files: Partial<Files>) {
  return overlay(world.system, { files: { ...world.system.files, ...files } });
}

const stumble = async () => JSON.parse(token) as never;

test('what nobody foresaw is exit 1, without its message, which may quote a secret', async () => {
  const world = createWorld();
  expect(await main(['list'], withFiles(world, { list: stumble }))).toBe(1);
  expect(world.stderr()).toBe(
    'error: oauthctl stumbled over something that it did not foresee (SyntaxError)\ntry: run it again with --verbose, and report what it prints\n',
  );
  expect(world.stdout()).toBe('');
});

test('with --verbose it says where, and still not what', async () => {
  const world = createWorld();
  expect(await main(['list', '--verbose', '--json'], withFiles(world, { list: stumble }))).toBe(1);
  expect(JSON.parse(world.stdout())).toMatchObject({ command: 'list', error: { code: 'internal', exit: 1 } });
  expect(world.stderr()).toMatch(/^ +at /);
  expect(world.stdout() + world.stderr()).not.toContain(token.slice(0, 6));
});

test('what a disk refuses where no verb expects it is our storage, not our fault', async () => {
  const world = createWorld();
  const readNamed = async (path: string) => Promise.reject(fileError('denied', path));
  const args = ['app', 'set', 'gmail', '--client-id', 'x.apps.googleusercontent.com', '--client-secret-file', '/key'];
  expect(await main(args, withFiles(world, { readNamed }))).toBe(7);
  expect(world.stderr()).toBe('error: /key cannot be used: permission denied\ntry: give yourself access to /key\n');
});

test('--env-file gives the per-provider names and nothing else', async () => {
  const world = createWorld();
  const lines = [
    'OAUTHCTL_GMAIL_CLIENT_ID=1-file.apps.googleusercontent.com',
    'OAUTHCTL_KEY=AAAA',
    'OAUTHCTL_NO_INPUT=1',
  ];
  world.files.set('/home/ann/work/.env', lines.join('\n'));
  expect(await main(['app', 'show', 'gmail', '--json', '--env-file', '.env'], world.system)).toBe(0);
  expect(JSON.parse(world.stdout()).data.app).toMatchObject({ client_id: '1-file.apps.googleusercontent.com' });
  expect(await main(['list', '--env-file', 'nowhere'], world.system)).not.toBe(0);
});

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
  expect(world.stdout().match(/\u001B\[2J\u001B\[H/g)).toHaveLength(3);
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
