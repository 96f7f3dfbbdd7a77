// A move that is cut short, by a kill or by a disk, at every single step: nothing is lost, and at worst it is there twice.
import { beforeAll, expect, it } from 'vitest';
import { readConnection } from '../../src/connections/find.ts';
import { plantConnection } from './rig.ts';
import {
  alive,
  carry,
  exportTo,
  home,
  importAt,
  loadAll,
  recipientOf,
  type TwoMachines,
  tokenOf,
  twoMachines,
} from './two-machines.ts';

beforeAll(loadAll);

/** Resolves with `killed` when the process has died; the sealing is done by threads, which the fake clock takes for idleness. */
async function orKilled(
  both: TwoMachines,
  victim: TwoMachines['laptop'],
  work: Promise<unknown>,
): Promise<'done' | 'killed'> {
  const { system } = victim.world;
  const self = await system.liveness.self();
  let end: 'done' | 'killed' | undefined;
  void work.then(() => {
    end ??= 'done';
  });
  return both.rig.world.hold(async () => {
    while (end === undefined) {
      if ((await system.liveness.judge(self)) === 'dead') end = 'killed';
      else await new Promise((resolve) => setImmediate(resolve));
    }
    return end;
  });
}

/** Where the grant is after the laptop was killed at the n-th change to a file; undefined when there were fewer changes. */
async function killedAt(nth: number, after: boolean): Promise<{ laptop: boolean; file: boolean } | undefined> {
  const both = await twoMachines();
  await plantConnection(both.laptop.workspace, alive);
  const recipient = await recipientOf(both);
  const victim = await both.rig.process();
  both.rig.world.files.faults.push({ kind: 'killed', nth, after });
  const end = await orKilled(both, victim, exportTo(victim, recipient, { move: true }));
  both.rig.world.files.faults.length = 0;
  if (end === 'done') return undefined;
  const next = await both.rig.process();
  const laptop = (await readConnection(next.workspace, 'acme')) !== undefined;
  if (both.rig.world.files.get(`${home}/acme.jwe`) === undefined) return { laptop, file: false };
  carry(both);
  const [result] = await importAt(both.desktop);
  return { laptop, file: result?.outcome === 'stored' };
}

it.each([false, true])(
  'killed at any change to a file while it moves a grant (done: %s), it is lost nowhere',
  async (after) => {
    const ends: { laptop: boolean; file: boolean }[] = [];
    for (let nth = 1; ; nth++) {
      const end = await killedAt(nth, after);
      if (end === undefined) break;
      ends.push(end);
    }
    // The trail, the file, the lock, the record: fewer would mean that the faults no longer reach the program.
    expect(ends.length).toBeGreaterThanOrEqual(5);
    expect(ends.filter(({ laptop, file }) => !laptop && !file)).toEqual([]);
    expect(ends.some(({ laptop, file }) => laptop && file)).toBe(true);
    expect(ends.some(({ laptop, file }) => laptop && !file)).toBe(true);
  },
);

it.each(['full', 'read_only', 'denied'] as const)(
  'with a disk that is %s at each call in turn, the grant stays or has moved whole',
  async (kind) => {
    for (let nth = 1; ; nth++) {
      const both = await twoMachines();
      await plantConnection(both.laptop.workspace, alive);
      const recipient = await recipientOf(both);
      const fault = { kind, nth };
      both.rig.world.files.faults.push(fault);
      const failed = await exportTo(both.laptop, recipient, { move: true }).then(
        ({ results }) => results[0]?.problem != null,
        () => true,
      );
      both.rig.world.files.faults.length = 0;
      const here = (await readConnection((await both.rig.process()).workspace, 'acme')) !== undefined;
      if (!here) {
        carry(both);
        expect(await importAt(both.desktop)).toMatchObject([{ outcome: 'stored' }]);
      }
      if (!failed && nth > 8) break;
    }
  },
);

it.each([false, true])(
  'killed at any change to a file while it takes a grant in (done: %s), the next import completes it',
  async (after) => {
    for (let nth = 1; ; nth++) {
      const both = await twoMachines();
      await plantConnection(both.laptop.workspace, alive);
      await exportTo(both.laptop, await recipientOf(both), { move: true });
      carry(both);
      both.desktop.world.files.faults.push({ kind: 'killed', nth, after });
      const end = await orKilled(both, both.desktop, importAt(both.desktop));
      both.desktop.world.files.faults.length = 0;
      const next = await both.again();
      const [result] = await importAt(next);
      expect(['stored', 'same']).toContain(result?.outcome);
      expect(await tokenOf(next)).toBe('access-0');
      if (end === 'done') {
        // The provider, the app, the key, the record: fewer would mean that the faults no longer reach the program.
        expect(nth).toBeGreaterThan(8);
        break;
      }
    }
  },
);

it.each(['full', 'read_only'] as const)(
  'with a disk that is %s at each call in turn, an import is whole or can be done again',
  async (kind) => {
    for (let nth = 1; ; nth++) {
      const both = await twoMachines();
      await plantConnection(both.laptop.workspace, alive);
      await exportTo(both.laptop, await recipientOf(both), { move: true });
      carry(both);
      both.desktop.world.files.faults.push({ kind, nth });
      const failed = await importAt(both.desktop).then(
        ([result]) => result?.outcome !== 'stored',
        () => true,
      );
      both.desktop.world.files.faults.length = 0;
      const next = await both.again();
      expect(['stored', 'same']).toContain((await importAt(next))[0]?.outcome);
      expect(await tokenOf(next)).toBe('access-0');
      if (!failed && nth > 12) break;
    }
  },
);
