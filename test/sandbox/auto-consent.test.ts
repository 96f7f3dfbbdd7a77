// `--sandbox-consent auto` with the real program: nobody is there, and every way to sign in ends all the same.
import { expect, test } from 'vitest';
import { main } from '../../src/main.ts';
import { seededApps } from '../../src/sandbox/trello/registration.ts';
import { createWorld, type World } from '../support/world.ts';

async function run(world: World, ...args: string[]): Promise<void> {
  const exit = await main(['--sandbox', '--sandbox-consent', 'auto', ...args], world.system);
  expect({ args, exit, stderr: exit === 0 ? '' : world.stderr() }).toEqual({ args, exit: 0, stderr: '' });
}

function violations(world: World): unknown {
  const path = world.files.paths('/home/ann').find((name) => name.endsWith('state.json')) ?? '';
  return JSON.parse(world.files.get(path) ?? '').violations;
}

test.each([
  ['a code by redirect', ['dropbox'], false],
  ['a code that a page shows', ['dropbox', '--paste'], true],
  ['a token in the fragment', ['trello', '--app', 'legacy'], false],
  ['a token that a page shows', ['trello', '--app', 'legacy', '--paste'], true],
])('%s: connect, status, revoke', async (_, args, terminal) => {
  const world = createWorld({ terminal });
  const key = seededApps.trello.clients.legacy?.clientId;
  if (args.includes('legacy')) {
    await run(world, 'app', 'set', 'trello', '--name', 'legacy', '--kind', 'legacy', '--client-id', key ?? '');
  }
  await run(world, 'connect', ...args);
  expect(world.stdout()).toMatch(/ada/i);
  await run(world, 'status');
  expect(world.stdout()).toContain('healthy');
  await run(world, 'revoke', args[0] ?? '', '--yes');
  expect(violations(world)).toEqual([]);
});

test('a page that says no ends the attempt at once, with what it says', async () => {
  const world = createWorld({ terminal: true });
  const startAt = world.now();
  const args = ['--sandbox', '--sandbox-consent', 'auto', 'connect', 'github', '--scope', 'zzz'];
  expect(await main(args, world.system)).toBe(6);
  expect(world.now()).toBe(startAt);
  expect(world.stderr()).toContain('the sandbox shows a page instead of a redirect: ');
  expect(world.stderr()).not.toContain('No browser could be opened');
});
