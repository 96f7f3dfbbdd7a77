// kill -9 at every change to a file and at every call of the keychain while the seal key rotates or moves: at every instant
// every record opens, for a new process and for one that had the old key; and the next call brings it to its end.
import { describe, expect, test } from 'vitest';
import { moveKey } from '../../src/connections/move-key.ts';
import { rotateKey } from '../../src/connections/rotate-key.ts';
import type { Workspace } from '../../src/connections/workspace.ts';
import type { KeySourceChoice } from '../../src/model/store.ts';
import { keyFileOf, openAll, plantedRig, rotateIn, sealedWith } from './key-rig.ts';
import type { Rig } from './rig.ts';

type Kill = { readonly where: 'file' | 'keychain'; readonly nth: number; readonly after: boolean };

interface Killed {
  readonly rig: Rig;
  /** Had the key of before. */
  readonly long: Workspace;
  /** What the records held before. */
  readonly secrets: readonly unknown[];
  readonly died: boolean;
}

async function killedAt(
  { where, nth, after }: Kill,
  rig: Rig,
  act: (workspace: Workspace) => Promise<unknown>,
): Promise<Killed> {
  const long = (await rig.process()).workspace;
  const secrets = await openAll(long);
  const victim = (await rig.process()).workspace;
  const { files, keychain } = rig.world;
  if (where === 'file') files.faults.push({ kind: 'killed', nth, after });
  else keychain.killing = { nth, after };
  const done = act(victim).then(() => 'done');
  const killed = rig.world.system.clock.sleep(600_000).then(() => 'killed');
  const died = (await Promise.race([done, killed])) === 'killed';
  files.faults.length = 0;
  keychain.killing = undefined;
  return { rig, long, secrets, died };
}

const changing = /^(replaceOwn|createOwn|appendOwn|truncateOwn|ensureFolder|remove|removeFolder|rename) /;

const kills = [
  { where: 'file', after: false },
  { where: 'file', after: true },
  { where: 'keychain', after: false },
  { where: 'keychain', after: true },
] as const;

/** Runs `look` after a death at every call there is; returns how many there were. */
async function atEvery(
  kill: Omit<Kill, 'nth'>,
  plant: () => Promise<Rig>,
  act: (workspace: Workspace) => Promise<unknown>,
  look: (killed: Killed, nth: number) => Promise<void>,
): Promise<number> {
  for (let nth = 1; ; nth++) {
    const killed = await killedAt({ ...kill, nth }, await plant(), act);
    if (!killed.died) return nth - 1;
    await look(killed, nth);
  }
}

describe('rotate', () => {
  test.each(kills)('killed at every call ($where, done: $after)', async (kill) => {
    const look = async ({ rig, long, secrets }: Killed, nth: number) => {
      const at = `killed at ${nth}`;
      expect(await openAll((await rig.process()).workspace), at).toEqual(secrets);
      expect(await openAll(long), at).toEqual(secrets);
      await rotateIn(rig);
      expect(keyFileOf(rig.world, 'key.next.json'), at).toBeUndefined();
      expect(sealedWith(rig.world), at).toEqual(new Set([keyFileOf(rig.world).kid]));
      expect([...rig.world.keychain.items.keys()], at).toEqual([`seal-key/${keyFileOf(rig.world).kid}`]);
      expect(await openAll((await rig.process()).workspace), at).toEqual(secrets);
      expect(await openAll(long), at).toEqual(secrets);
    };
    const count = await atEvery(kill, plantedRig, (workspace) => rotateKey(workspace, undefined), look);
    // Fewer would mean that the faults no longer reach the program.
    expect(count).toBeGreaterThan(kill.where === 'file' ? 20 : 4);
  });

  test.each(['full', 'denied'] as const)(
    'a file call that fails (%s) at any place leaves everything open',
    async (kind) => {
      for (let nth = 1; ; nth++) {
        const rig = await plantedRig();
        const { world, workspace } = await rig.process();
        const secrets = await openAll(workspace);
        const calls = rig.world.files.calls.length;
        rig.world.files.faults.push({ kind, nth });
        await rotateKey(workspace, undefined).catch(() => undefined);
        const changes = rig.world.files.calls.slice(calls).filter((call) => changing.test(call)).length;
        rig.world.files.faults.length = 0;
        // A lock that could not be marked as free is free once its process has ended.
        world.die();
        expect(await openAll((await rig.process()).workspace), `at ${nth}`).toEqual(secrets);
        await rotateIn(rig);
        expect(rig.world.keychain.items.size, `at ${nth}`).toBe(1);
        expect(await openAll((await rig.process()).workspace), `at ${nth}`).toEqual(secrets);
        if (changes < nth) return;
      }
    },
  );

  test.each(['readOnly', 'full'] as const)('a disk that is %s is met before anything is changed', async (trouble) => {
    const rig = await plantedRig();
    const before = keyFileOf(rig.world);
    rig.world.files[trouble] = true;
    await expect(rotateIn(rig)).rejects.toThrow();
    rig.world.files[trouble] = false;
    expect(keyFileOf(rig.world)).toEqual(before);
    expect([...rig.world.keychain.items.keys()]).toEqual([`seal-key/${before.kid}`]);
  });
});

describe('move', () => {
  const path = '/keys/seal';
  const toFile: KeySourceChoice = { type: 'file', path };
  const inKeychain = async () => {
    const rig = await plantedRig();
    rig.world.files.set('/keys/README', '');
    return rig;
  };
  const inFile = async () => {
    const rig = await inKeychain();
    await moveKey((await rig.process()).workspace, toFile);
    return rig;
  };
  const moves = [
    { name: 'from the keychain to a file', plant: inKeychain, to: toFile, items: 0 },
    { name: 'from a file to the keychain', plant: inFile, to: { type: 'keychain' } as const, items: 1 },
  ];
  test.each(moves.flatMap((move) => kills.map((kill) => ({ ...move, ...kill }))))(
    '$name, killed at every call ($where, done: $after)',
    async ({ plant, to, items, ...kill }) => {
      const look = async ({ rig, long, secrets }: Killed, nth: number) => {
        const at = `killed at ${nth}`;
        expect(await openAll((await rig.process()).workspace), at).toEqual(secrets);
        expect(await openAll(long), at).toEqual(secrets);
        await moveKey((await rig.process()).workspace, to);
        expect(keyFileOf(rig.world).source, at).toEqual(to);
        expect(rig.world.keychain.items.size, at).toBe(items);
        expect(await openAll((await rig.process()).workspace), at).toEqual(secrets);
      };
      const count = await atEvery(kill, plant, (workspace) => moveKey(workspace, to), look);
      expect(count).toBeGreaterThan(kill.where === 'file' ? 5 : 0);
    },
  );
});
