// A grant on its way from one machine to another: what arrives works, and what does not fit is refused whole.
import { beforeAll, expect, it } from 'vitest';
import { setApp } from '../../src/connections/apps.ts';
import { readConnection } from '../../src/connections/find.ts';
import { freshen } from '../../src/connections/freshen.ts';
import { Secret } from '../../src/model/secret.ts';
import { plantConnection } from './rig.ts';
import { alive, carry, exportTo, importAt, loadAll, recipientOf, tokenOf, twoMachines } from './two-machines.ts';

beforeAll(loadAll);

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
