// Another name for a connection: one record at every instant, whatever fails or is killed, and the same grant afterwards.
import { describe, expect, it } from 'vitest';
import { openConnection } from '../../src/connections/freshen.ts';
import { renameConnection } from '../../src/connections/rename.ts';
import type { Workspace } from '../../src/connections/workspace.ts';
import { main } from '../../src/main.ts';
import { createRig, plantConnection } from './rig.ts';

async function planted(...names: string[]) {
  const rig = createRig();
  const { workspace, world } = await rig.process();
  for (const name of names) await plantConnection(workspace, { name, label: name.split(':')[1] ?? null });
  return { ...rig, workspace, world };
}

const refreshToken = async (workspace: Workspace, name: string) =>
  (await openConnection(workspace, name)).tokens.roles.access?.refresh?.reveal();

describe('the new name', () => {
  it.each([
    ['acme', 'acme:work', 'acme:work'],
    ['acme', 'Work', 'acme:work'],
    ['acme:work', 'acme', 'acme'],
    ['acme:work', 'home', 'acme:home'],
  ])('%s, %s: %s', async (from, wanted, to) => {
    const { workspace, server } = await planted(from);
    expect(await renameConnection(workspace, from, wanted)).toEqual({ from, to });
    expect(await workspace.store.names('connections')).toEqual([to]);
    const { connection } = await openConnection(workspace, to);
    expect(connection).toMatchObject({ name: to, label: to.split(':')[1] ?? null, provider: 'acme' });
    expect(await refreshToken(workspace, to)).toBe(server.refresh);
  });

  it.each([
    ['acme', 'acme:taken', 'invalid_value'],
    ['acme', 'other:work', 'invalid_value'],
    ['acme', 'acme', 'invalid_value'],
    ['acme', 'acme:', 'invalid_value'],
    ['acme:nobody', 'x', 'connection_not_found'],
  ])('%s, %s: %s, and nothing is changed', async (from, wanted, code) => {
    const { workspace, world } = await planted('acme', 'acme:taken');
    const before = world.files.paths('/data/connections').map((path) => world.files.get(path));
    await expect(renameConnection(workspace, from, wanted)).rejects.toMatchObject({ code });
    expect(world.files.paths('/data/connections').map((path) => world.files.get(path))).toEqual(before);
  });
});

it('what is owed and what was restored goes along', async () => {
  const { workspace, world } = await planted('acme');
  world.files.set('/data/owed/acme', '');
  world.files.set('/data/restored/acme', '{"at":1}');
  await renameConnection(workspace, 'acme', 'work');
  expect(world.files.paths('/data/owed')).toEqual(['/data/owed/acme%3Awork']);
  expect(world.files.get('/data/restored/acme%3Awork')).toBe('{"at":1}');
});

it('two that swap names end, and no record is lost', async () => {
  const { workspace } = await planted('acme:a', 'acme:b');
  const outcomes = await Promise.allSettled([
    renameConnection(workspace, 'acme:a', 'b'),
    renameConnection(workspace, 'acme:b', 'a'),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await workspace.store.names('connections')).toEqual(['acme:a', 'acme:b']);
});

describe.each(['files', 'keychain-items'] as const)('in %s', (store) => {
  it('killed at any change: the record is there once, and the next rename or doctor puts it right', async () => {
    for (let nth = 1; ; nth++) {
      const rig = await planted('acme');
      if (store === 'keychain-items') await rig.workspace.store.migrate(store, {});
      rig.world.files.faults.push({ kind: 'killed', nth });
      const done = renameConnection(rig.workspace, 'acme', 'work').then(() => 'done');
      const killed = rig.world.system.clock.sleep(60_000).then(() => 'killed');
      if ((await Promise.race([done, killed])) === 'done') {
        expect(nth).toBeGreaterThan(3);
        break;
      }
      rig.world.files.faults.length = 0;
      const records = rig.world.files.paths('/data/connections').filter((path) => path.endsWith('.json'));
      expect(records, `killed at ${nth}`).toHaveLength(1);
      const next = await rig.process();
      const exit = await main(
        ['--config-dir', '/config', '--data-dir', '/data', '--state-dir', '/state', 'doctor', '--repair'],
        next.world.system,
      );
      expect(exit, next.world.stdout()).toBe(0);
      const names = await next.workspace.store.names('connections');
      expect(names).toHaveLength(1);
      expect(await refreshToken(next.workspace, names[0] ?? ''), `killed at ${nth}`).toBe(rig.server.refresh);
    }
  });

  it('a disk that fails at any change leaves it readable under one of the names', async () => {
    for (let nth = 1; nth < 40; nth++) {
      const rig = await planted('acme');
      if (store === 'keychain-items') await rig.workspace.store.migrate(store, {});
      rig.world.files.faults.push({ kind: 'full', nth });
      await renameConnection(rig.workspace, 'acme', 'work').catch((error) => expect(error.exit).toBe(7));
      rig.world.files.faults.length = 0;
      const next = await rig.process();
      await next.workspace.store.finishRenames();
      const [name = ''] = await next.workspace.store.names('connections');
      expect(await refreshToken(next.workspace, name), `failed at ${nth}`).toBe(rig.server.refresh);
    }
  });
});
