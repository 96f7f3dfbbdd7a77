// `revoke --all --panic`: everything at once, stubbornly, and what could not be proved is left in a list.
import { expect, it } from 'vitest';
import { main } from '../../src/main.ts';
import { resolvePaths } from '../../src/model/paths.ts';
import { shippedProviders } from '../../src/providers/generated-index.ts';
import { openSandbox } from '../../src/under-sandbox.ts';
import { createWorld, type World } from '../support/world.ts';

async function connected(providers: readonly string[] = Object.keys(shippedProviders)) {
  const world = createWorld();
  for (const name of providers) {
    expect(await main(['--sandbox', '--sandbox-consent', 'auto', 'connect', name], world.another().system)).toBe(0);
  }
  const { env, files } = world.system;
  const sandbox = openSandbox(world.system, resolvePaths({ sandbox: true }, env, files), 'auto');
  return { world, control: (...words: string[]) => sandbox.control(words) };
}

async function panic(world: World, ...more: string[]) {
  const process = world.another();
  const exit = await main(['--sandbox', 'revoke', '--all', '--panic', '--yes', '--json', ...more], process.system);
  const { data } = JSON.parse(process.stdout());
  const remote = Object.fromEntries(
    data.results.map((one: { name: string; remote: string }) => [one.name, one.remote]),
  );
  return { exit, remote, list: data.list as string | null, results: data.results };
}

it('ends what can be ended, and lists where to finish the rest', async () => {
  const { world } = await connected();
  const { exit, remote, list } = await panic(world);
  expect(exit).toBe(8);
  expect(remote).toMatchObject({ slack: 'revoked', github: 'revoked', notion: 'revoked', outlook: 'unsupported' });
  expect(new Set([remote.gmail, remote['google-drive']])).toEqual(new Set(['already_dead', 'revoked']));
  const text = world.files.get(list ?? '') ?? '';
  expect(text.match(/^\[ \] .*/gm)).toEqual(['[ ] outlook', '[ ] teams']);
  expect(text).toContain('finish at: https://');
  expect(text).toContain('may work until 20');
  expect(world.files.entries.get(list ?? '')?.mode).toBe(0o600);
  expect(world.files.paths('/').filter((path) => path.includes('/sandbox/connections/'))).toEqual([]);
});

it('tries again what failed for the moment, keeps what went on failing, and is as good run twice', async () => {
  const { world, control } = await connected(['slack', 'github', 'notion']);
  await control('http-5xx=503@slack*2', 'http-5xx=503@github');
  const first = await panic(world);
  expect(first.exit).toBe(6);
  expect(first.remote).toEqual({ slack: 'revoked', github: 'failed', notion: 'revoked' });
  expect(world.files.get(first.list ?? '')).toContain('still stored: oauthctl revoke github');
  await control('http-5xx=off@github');
  expect(await panic(world)).toMatchObject({ exit: 0, remote: { github: 'revoked' }, list: null });
});

it('a record that does not open is kept, and its page named', async () => {
  const { world } = await connected(['gmail', 'notion']);
  const path = world.files.paths('/').find((name) => name.endsWith('connections/gmail.json')) ?? '';
  world.files.set(path, '{}');
  const { exit, results, list } = await panic(world);
  expect(exit).toBe(7);
  expect(results).toMatchObject([
    { name: 'gmail', local: 'kept', problem: { code: 'record_unreadable' } },
    { name: 'notion', remote: 'revoked' },
  ]);
  expect(world.files.get(list ?? '')).toContain('finish at: https://myaccount.google.com');
});

it('names the other place that is known where the page needs a client id that cannot be read', async () => {
  const { world } = await connected(['github']);
  const path = world.files.paths('/').find((name) => name.endsWith('connections/github.json')) ?? '';
  world.files.set(path, '{}');
  const { list } = await panic(world);
  expect(world.files.get(list ?? '')).toMatch(/finish at: .*https:\/\/github\.com\/settings\/installations/);
});

it('names the pages of those too whose turn did not come before Ctrl-C', async () => {
  const { world } = await connected(['gmail', 'slack']);
  const process = world.another();
  process.signal('SIGINT');
  await main(['--sandbox', 'revoke', '--all', '--panic', '--yes', '--json'], process.system);
  const { data } = JSON.parse(process.stdout());
  expect(data.results).toMatchObject([{ remote: 'not_asked' }, { remote: 'not_asked' }]);
  const text = world.files.get(data.list ?? '') ?? '';
  expect(text.match(/finish at: .*/g)).toEqual([
    'finish at: https://myaccount.google.com/permissions',
    'finish at: https://slack.com/apps/manage',
  ]);
});

it('wants a yes, and goes with --all alone', async () => {
  const { world } = await connected(['notion']);
  for (const [args, exit] of [
    [['revoke', '--all', '--panic'], 2],
    [['revoke', 'notion', '--panic', '--yes'], 2],
    [['revoke', '--all', '--panic', '--local-only', '--yes'], 2],
  ] as const) {
    expect(await main(['--sandbox', ...args], world.another().system)).toBe(exit);
  }
  expect(await main(['--sandbox', 'status', 'notion'], world.another().system)).toBe(0);
});
