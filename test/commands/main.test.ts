// main: what it does with the unforeseen, with flags that change the world, and with bare answers.
import { expect, test } from 'vitest';
import { CliError } from '../../src/errors.ts';
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

test('--timeout bounds one wait for the network', async () => {
  const world = createWorld();
  world.network.fetch = async () => {
    await world.system.clock.sleep(600_000);
    return { status: 200, headers: {}, body: '{}' };
  };
  const exit = await main(
    ['provider', 'add', 'acme', '--issuer', 'https://acme.example', '--timeout', '3'],
    world.system,
  );
  expect(exit).toBe(6);
  expect(world.stderr()).toContain('within 3 s');
});

test.each([['help'], ['list', '--json'], ['nonsense', '--json']])(
  'a full disk under stdout: %s %s',
  async (...args) => {
    const world = createWorld();
    const out = async () => Promise.reject(new CliError('store_unavailable', 'stdout is full', { hint: 'make room' }));
    const system = overlay(world.system, { streams: { ...world.system.streams, out } });
    expect(await main(args, system)).toBe(args[0] === 'nonsense' ? 2 : 7);
    expect(world.stderr()).toContain(args[0] === 'nonsense' ? 'error: there is no command' : 'error: stdout is full');
  },
);

test('--format xoauth2 and --id-token: what a mail program and a verifier take', async () => {
  const world = createWorld();
  const token = async (...args: readonly string[]) => {
    const process = world.another();
    expect(await main(['--sandbox', 'token', 'gmail', ...args], process.system)).toBe(0);
    return process.stdout().trimEnd();
  };
  await main(['--sandbox', 'connect', 'gmail', '--sandbox-consent', 'auto'], world.system);
  const sasl = Buffer.from(await token('--format', 'xoauth2'), 'base64').toString();
  expect(sasl).toBe(`user=ada@example.com\u0001auth=Bearer ${await token()}\u0001\u0001`);
  const [, claims = ''] = (await token('--id-token')).split('.');
  expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({ email: 'ada@example.com' });
  const asJson = async (...args: readonly string[]) => JSON.parse(await token('--json', ...args)).data;
  expect((await asJson('--id-token')).id_token).toBe(await token('--id-token'));
  expect((await asJson()).id_token).toBeNull();
});
