// Settings: written one at a time whatever else writes, understood when they are written, and listed as they hold.
import { expect, it } from 'vitest';
import { main } from '../../src/main.ts';
import { createWorld, type World } from '../support/world.ts';

const path = '/home/ann/.config/oauthctl/settings.json';

async function run(world: World, ...args: string[]) {
  const process = world.another();
  const exit = await main([...args, '--json'], process.system);
  return { exit, ...JSON.parse(process.stdout()) };
}

it('two that are written at once are both there', async () => {
  const world = createWorld();
  await Promise.all([
    run(world, 'settings', 'set', 'store', 'keychain-items'),
    run(world, 'settings', 'set', 'key_source', 'env'),
  ]);
  expect(JSON.parse(world.files.get(path) ?? '')).toEqual({ store: 'keychain-items', key_source: 'env' });
});

it.each([
  ['key_source', 'file:keys/seal', 'file:/home/ann/work/keys/seal'],
  ['write_back', 'bundles/', '/home/ann/work/bundles/'],
  ['write_back', './one.json', '/home/ann/work/one.json'],
  ['write_back', 'command:gh secret set STATE', 'command:gh secret set STATE'],
])('%s %s is written as %s', async (name, typed, written) => {
  const world = createWorld();
  expect((await run(world, 'settings', 'set', name, typed)).data.value).toBe(written);
  expect(JSON.parse(world.files.get(path) ?? '')[name]).toBe(written);
});

it.each([
  ['key_source', "command:'unclosed"],
  ['write_back', 'command:'],
  ['write_back', "command:'unclosed"],
  ['require_protection', 'everything'],
])('%s %s can never work, and is refused', async (name, typed) => {
  const world = createWorld();
  expect(await run(world, 'settings', 'set', name, typed)).toMatchObject({ exit: 2, error: { code: 'invalid_value' } });
  expect(world.files.get(path)).toBeUndefined();
});

it('a key in the environment is the source that holds; a sandbox has an environment of its own', async () => {
  const world = createWorld({ env: { OAUTHCTL_KEY: 'AAAA', OAUTHCTL_STORE: 'keychain-items' } });
  expect((await run(world, 'settings', 'get', 'key_source')).data).toMatchObject({
    value: 'env',
    source: 'environment',
  });
  expect((await run(world, '--sandbox', 'settings', 'get', 'store')).data).toMatchObject({ source: 'default' });
});
