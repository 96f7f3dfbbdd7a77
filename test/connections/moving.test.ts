// A grant on its way from one machine to another: what arrives works, nothing is lost on the way, and at worst it is there twice.
import { beforeAll, expect, it } from 'vitest';
import { workingToken } from '../../src/connections/access-token.ts';
import { setApp } from '../../src/connections/apps.ts';
import { readConnection } from '../../src/connections/find.ts';
import { freshen } from '../../src/connections/freshen.ts';
import { Secret } from '../../src/model/secret.ts';
import { plantConnection } from './rig.ts';
import { carry, exportTo, home, importAt, recipientOf, type TwoMachines, twoMachines } from './two-machines.ts';

const tokenOf = async ({ workspace }: TwoMachines['desktop']) =>
  (await workingToken(workspace, 'acme', { minValidSeconds: 60 })).accessToken.reveal();

const alive = { accessToken: { expiresAt: Date.parse('2026-11-25T11:00:00Z'), refreshable: true } };

// A module that is loaded for the first time looks like idleness to the fake clock, which then jumps.
beforeAll(async () => {
  const both = await twoMachines();
  const recipient = await recipientOf(both);
  await both.rig.world.hold(async () => {
    await plantConnection(both.laptop.workspace);
    await exportTo(both.laptop, recipient);
  });
  carry(both);
  await both.desktop.world.hold(async () => {
    await importAt(both.desktop);
    await tokenOf(both.desktop);
  });
});

it('the provider, the app and the grant arrive, and work on', async () => {
  const both = await twoMachines();
  await plantConnection(both.laptop.workspace, alive);
  await exportTo(both.laptop, await recipientOf(both), { move: true });
  carry(both);
  expect(await importAt(both.desktop)).toMatchObject([
    { name: 'acme', outcome: 'stored', checked: 'accepted', problem: null },
  ]);
  expect(await tokenOf(both.desktop)).toBe('access-0');
  both.desktop.world.advance(7_200_000);
  expect(await tokenOf(await both.again())).toBe('access-1');
  expect(await readConnection(both.laptop.workspace, 'acme')).toBeUndefined();
});

it('an import spends no refresh token, and says that the first use will', async () => {
  const both = await twoMachines();
  await plantConnection(both.laptop.workspace);
  await exportTo(both.laptop, await recipientOf(both));
  carry(both);
  expect(both.laptop.world.stderr()).toContain("the first refresh on either machine ends the other's copy");
  expect(await importAt(both.desktop)).toMatchObject([{ outcome: 'stored', checked: 'ended' }]);
  expect(both.rig.server.spends).toBe(0);
  expect(await tokenOf(both.desktop)).toBe('access-1');
});

it('a refresh that was cut short is remembered on the other machine', async () => {
  const both = await twoMachines();
  const { workspace } = both.laptop;
  const fingerprint = await workspace.keyring.fingerprint('acme', new Secret('refresh-0'));
  const mark = { role: 'access', fingerprint, at: Date.parse('2026-11-25T09:00:00Z'), by: 'process 1 on laptop' };
  await plantConnection(workspace, { spending: [mark, { ...mark, role: 'gone' }] });
  await exportTo(both.laptop, await recipientOf(both));
  carry(both);
  await importAt(both.desktop);
  const stored = await readConnection(both.desktop.workspace, 'acme');
  expect(stored?.connection.spending).toMatchObject([{ role: 'access', by: 'process 1 on laptop' }]);
  expect(stored?.connection.spending[0]?.fingerprint).not.toBe(fingerprint);
});

it.each([
  ['a token that belongs to somebody else', { accountId: 'account-2' }, 'account_differs'],
  ['a dead token without a refresh token', { dead: true }, 'reconnect_required'],
])('%s is refused, and nothing is stored', async (_, server, code) => {
  const both = await twoMachines();
  const refreshToken = { present: false, rotates: null, expiresAt: null };
  await plantConnection(both.laptop.workspace, { ...alive, refreshToken });
  await exportTo(both.laptop, await recipientOf(both));
  carry(both);
  Object.assign(both.rig.server, server);
  expect(await importAt(both.desktop)).toMatchObject([{ outcome: 'refused', problem: { code } }]);
  expect(both.desktop.world.files.paths('/data/connections')).toEqual([]);
  expect(both.desktop.world.files.paths('/data/apps')).toEqual([]);
  expect(both.desktop.world.files.paths('/config/providers')).toEqual([]);
});

it('a provider that does not answer is no reason to refuse', async () => {
  const both = await twoMachines();
  await plantConnection(both.laptop.workspace, alive);
  await exportTo(both.laptop, await recipientOf(both));
  carry(both);
  both.rig.server.instead = async () => ({ status: 503, headers: {}, body: '' });
  expect(await importAt(both.desktop)).toMatchObject([{ outcome: 'stored', checked: 'unreachable' }]);
});

it('a provider that is known here as another one is not redefined', async () => {
  const both = await twoMachines();
  await plantConnection(both.laptop.workspace, alive);
  await exportTo(both.laptop, await recipientOf(both));
  carry(both);
  const file = both.rig.world.files.get('/config/providers/acme.json') ?? '';
  both.desktop.world.files.set('/config/providers/acme.json', file.replace('/userinfo', '/me'));
  expect(await importAt(both.desktop)).toMatchObject([{ outcome: 'refused', problem: { code: 'issuer_mismatch' } }]);
  both.desktop.world.files.set('/config/providers/acme.json', file);
  expect(await importAt(both.desktop)).toMatchObject([{ outcome: 'stored' }]);
});

it('an app of the same name and another client keeps its place', async () => {
  const both = await twoMachines();
  await plantConnection(both.laptop.workspace, alive);
  await exportTo(both.laptop, await recipientOf(both));
  carry(both);
  const file = both.rig.world.files.get('/config/providers/acme.json') ?? '';
  both.desktop.world.files.set('/config/providers/acme.json', file);
  await setApp(both.desktop.workspace, { provider: 'acme', clientId: 'another', clientSecret: undefined });
  expect(await importAt(both.desktop)).toMatchObject([{ outcome: 'refused', problem: { code: 'app_changed' } }]);
});

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

it('what another process refreshed while it was exported stays here', async () => {
  const both = await twoMachines();
  await plantConnection(both.laptop.workspace, alive);
  const recipient = await recipientOf(both);
  const { system } = both.laptop.world;
  const other = await both.rig.process();
  const files = {
    ...system.files,
    async createOwn(path: string, text: string) {
      const done = await system.files.createOwn(path, text);
      if (path.endsWith('.jwe'))
        await freshen(other.workspace, 'acme', { minValidSeconds: 0, force: true, explicit: true });
      return done;
    },
  };
  const workspace = { ...both.laptop.workspace, system: { ...system, files } };
  const { results } = await exportTo({ ...both.laptop, workspace }, recipient, { move: true });
  expect(results).toMatchObject([{ outcome: 'failed', local: 'kept', problem: { code: 'locked' } }]);
  expect(await tokenOf(await both.rig.process())).toBe('access-1');
});

it('one that cannot be exported does not keep the others', async () => {
  const both = await twoMachines();
  await plantConnection(both.laptop.workspace, alive);
  await plantConnection(both.laptop.workspace, { ...alive, name: 'acme:other', label: 'other', clientId: 'another' });
  const { results } = await exportTo(both.laptop, await recipientOf(both), {
    names: ['acme', 'acme:other'],
    move: true,
  });
  expect(results).toMatchObject([
    { name: 'acme', outcome: 'exported', local: 'forgotten' },
    { name: 'acme:other', outcome: 'failed', local: 'kept', problem: { code: 'app_changed' } },
  ]);
});

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
