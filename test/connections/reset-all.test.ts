// `reset --all`: nothing of ours is left, and nothing of anybody else's is touched; killed anywhere, it can be run again.
import { expect, it } from 'vitest';
import { main } from '../../src/main.ts';
import { createWorld, type World } from '../support/world.ts';

const id = '123456789012-abc.apps.googleusercontent.com';

/** Records in keychain items, a rotation that has been, a trail, and files that are none of ours beside them. */
async function lived(): Promise<World> {
  const world = createWorld();
  const run = async (...args: string[]) => {
    const process = world.another();
    process.input = 'GOCSPX-abcdefghijklmnopqrstuvwx\n';
    expect(await main(args, process.system), process.stderr()).toBe(0);
  };
  await run('app', 'set', 'gmail', '--client-id', id, '--client-secret-stdin', '--store', 'keychain-items');
  await run('key', 'rotate');
  await run('settings', 'set', 'store', 'keychain-items');
  world.files.set('/home/ann/.local/share/oauthctl/notes of ann.txt', 'hers');
  world.files.set('/home/ann/.local/state/oauthctl/other.log', 'hers');
  return world;
}

const left = (world: World) =>
  world.files.paths('/home/ann').filter((path) => path.includes('oauthctl') && !path.includes('/settings.lock/'));

const stays = [
  '/home/ann/.config/oauthctl/settings.json',
  '/home/ann/.local/share/oauthctl/notes of ann.txt',
  '/home/ann/.local/state/oauthctl/other.log',
];

it('leaves settings and what is not ours, and no item in the keychain', async () => {
  const world = await lived();
  expect(world.keychain.items.size).toBeGreaterThan(1);
  expect(await main(['reset', '--all', '--yes'], world.another().system)).toBe(0);
  expect(left(world)).toEqual(stays);
  expect([...world.keychain.items.keys()]).toEqual([]);
});

it('killed at any change, the next one ends it', { timeout: 60_000 }, async () => {
  for (let nth = 1; ; nth++) {
    const world = await lived();
    const dying = world.another();
    world.files.faults.push({ kind: 'killed', nth });
    const done = main(['reset', '--all', '--yes'], dying.system).then(() => 'done');
    const killed = dying.died.then(() => 'killed');
    if ((await Promise.race([done, killed])) === 'done') {
      expect(nth).toBeGreaterThan(10);
      break;
    }
    world.files.faults.length = 0;
    const again = world.another();
    expect(await main(['reset', '--all', '--yes'], again.system), `killed at ${nth}: ${again.stderr()}`).toBe(0);
    expect(left(world), `killed at ${nth}`).toEqual(stays);
    expect([...world.keychain.items.keys()], `killed at ${nth}`).toEqual([]);
  }
});

it('a sandbox goes with its own key and its servers', async () => {
  const world = createWorld();
  await main(['--sandbox', '--sandbox-consent', 'auto', 'connect', 'gmail'], world.another().system);
  const process = world.another();
  expect(await main(['--sandbox', 'reset', '--all', '--yes'], process.system)).toBe(0);
  expect(process.stdout()).toContain('the seal key is gone');
  // The call itself opened the sandbox anew.
  expect(left(world).filter((path) => !path.includes('/server/'))).toEqual([]);
});
