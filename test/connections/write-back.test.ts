// In CI no single-use refresh token is spent unless somebody receives the next one, whichever verb asks
// (aeonfun/aeon#352, grll/claude-code-action#2: the rotated token was lost with the runner).
import { describe, expect, it } from 'vitest';
import { workingToken } from '../../src/connections/access-token.ts';
import { readConnection } from '../../src/connections/find.ts';
import { freshen } from '../../src/connections/freshen.ts';
import { freshenAll } from '../../src/connections/freshen-all.ts';
import { revokeConnection } from '../../src/connections/revoke.ts';
import { checkConnections } from '../../src/connections/status.ts';
import type { Workspace } from '../../src/connections/workspace.ts';
import { overlay } from '../../src/model/overlay.ts';
import { asked, bundleIn, file, once, recordOf, startJob } from './ci-job.ts';
import { json, plantConnection } from './rig.ts';
import { refusal } from './tree.ts';

describe('with no receiver', () => {
  it.each<[string, (workspace: Workspace) => Promise<{ code: string | undefined; message: string | undefined }>]>([
    ['token', (workspace) => refusal(workingToken(workspace, 'acme', { minValidSeconds: 60 }))],
    ['refresh', async (workspace) => problemOf(await freshenAll(workspace, 'acme', asked))],
    ['revoke', async (workspace) => problemOf(await revokeConnection(workspace, 'acme', { localOnly: false }))],
    ['status', async (workspace) => problemOf((await status(workspace)) ?? {})],
  ])('%s spends nothing, marks nothing, and names the way out', async (_, act) => {
    const { workspace, server } = await startJob();
    const before = await workspace.store.portable({ kind: 'connections', name: 'acme' });
    const problem = await act(workspace);
    expect(problem).toMatchObject({ code: 'store_unavailable' });
    expect(problem.message).toContain('would be lost with this CI job');
    expect(server.spends).toBe(0);
    expect(await workspace.store.portable({ kind: 'connections', name: 'acme' })).toBe(before);
  });

  it('status calls it expired; refresh ends with 7', async () => {
    const { workspace } = await startJob();
    expect(await status(workspace)).toMatchObject({ state: 'expired', connection: { name: 'acme' } });
    expect(await freshen(workspace, 'acme', asked)).toMatchObject({ kind: 'withheld', problem: { exit: 7 } });
  });

  it('a token that is fresh is handed out', async () => {
    const { workspace, server } = await startJob({
      accessToken: { expiresAt: Date.parse('2026-11-25T10:59:00Z'), refreshable: true },
    });
    expect((await workingToken(workspace, 'acme', { minValidSeconds: 60 })).accessToken.reveal()).toBe('access-0');
    expect(server.spends).toBe(0);
  });

  it('one that was seen not to rotate is refreshed, and nothing is owed', async () => {
    const { workspace, server, files } = await startJob({
      refreshToken: { present: true, rotates: false, expiresAt: null },
    });
    server.rotates = false;
    expect((await freshen(workspace, 'acme', once)).kind).toBe('refreshed');
    expect(files.paths('/data/owed')).toEqual([]);
  });

  it('one that nobody knows of is refreshed with a warning; when it does rotate, what to do is said and later done', async () => {
    const { workspace, world, rig, server, files } = await startJob({
      refreshToken: { present: true, rotates: null, expiresAt: null },
    });
    expect((await freshen(workspace, 'acme', once)).kind).toBe('refreshed');
    expect(world.stderr()).toContain('where nobody receives a new refresh token');
    expect(world.stderr()).toContain('oauthctl token acme --write-back FILE');
    expect(await freshen(workspace, 'acme', asked)).toMatchObject({ kind: 'withheld' });
    const next = await rig.process({ writeBack: file });
    await workingToken(next.workspace, 'acme', { minValidSeconds: 60 });
    expect(server.spends).toBe(1);
    expect(bundleIn(files.get(file)).connection.generation).toBe((await recordOf(workspace))?.generation);
    expect(files.paths('/data/owed')).toEqual([]);
  });

  it('one that nobody knows of, and that does not rotate, owes nothing', async () => {
    const { workspace, world, server, files } = await startJob({
      refreshToken: { present: true, rotates: null, expiresAt: null },
    });
    server.rotates = false;
    await freshen(workspace, 'acme', once);
    expect(world.stderr()).not.toContain('--write-back');
    expect(files.paths('/data/owed')).toEqual([]);
  });

  it.each([
    ['outside CI', {}],
    ['CI=false', { CI: 'false', TF_BUILD: 'True' }],
    ['keep', { CI: 'true', OAUTHCTL_WRITE_BACK: 'keep' }],
  ])('%s: refreshed as ever', async (_, env) => {
    const { workspace, files } = await startJob({ env });
    expect((await freshen(workspace, 'acme', once)).kind).toBe('refreshed');
    expect(files.paths('/data/owed')).toEqual([]);
  });
});

const problemOf = (result: object) => {
  const { problem } = result as { problem?: { code: string; message: string } | null };
  return { code: problem?.code, message: problem?.message };
};

async function status(workspace: Workspace) {
  const options = { noRefresh: false, warnSeconds: 7 * 86_400, concurrency: 20 };
  return (await checkConnections(workspace, 'all', options))[0];
}

describe('a file', () => {
  it('has the new state before the answer is given, 0600, with no secret in clear', async () => {
    const { workspace, files } = await startJob({ writeBack: file });
    const { accessToken } = await workingToken(workspace, 'acme', { minValidSeconds: 60 });
    const text = files.get(file) ?? '';
    expect(bundleIn(text).connection).toMatchObject({
      name: 'acme',
      generation: (await recordOf(workspace))?.generation,
    });
    expect(files.entries.get(file)?.mode).toBe(0o600);
    for (const secret of [accessToken.reveal(), 'refresh-0', 'refresh-1']) expect(text).not.toContain(secret);
    expect(files.paths('/data/owed')).toEqual([]);
  });

  it('is not warned about as another machine', async () => {
    const { workspace, world } = await startJob({ writeBack: '/cache/' });
    const self = async () => ({ ...(await world.system.liveness.self()), host: 'runner-1' });
    const elsewhere = overlay(workspace.system, { liveness: { ...world.system.liveness, self } });
    await plantConnection({ ...workspace, system: elsewhere }, { name: 'acme:two', label: 'two' });
    expect((await freshen(workspace, 'acme:two', once)).kind).toBe('refreshed');
    expect(world.stderr()).not.toContain('another machine');
  });

  it('that another tree wrote to is left to that tree', async () => {
    const { workspace, server, files } = await startJob({ writeBack: file });
    await freshen(workspace, 'acme', once);
    const foreign = (files.get(file) ?? '').replace(/"tree":"../, '"tree":"00');
    files.set(file, foreign);
    expect(await freshen(workspace, 'acme', asked)).toMatchObject({ kind: 'withheld' });
    expect([server.spends, files.get(file)]).toEqual([1, foreign]);
  });

  it.each([
    ['a folder that is there', '/cache'],
    ['a folder that is not', '/new/'],
  ])('%s holds one file per connection', async (_, folder) => {
    const { workspace, files } = await startJob({ writeBack: folder });
    files.set('/cache/.keep', '');
    await freshen(workspace, 'acme', once);
    expect(bundleIn(files.get(`${folder.replace(/\/$/, '')}/acme.json`)).connection.name).toBe('acme');
  });

  it.each([
    [
      'read-only',
      (world: { files: { faults: unknown[] } }) => void world.files.faults.push({ kind: 'read_only', path: /cache/ }),
    ],
    [
      'of somebody else',
      (world: { files: { set(path: string, text: string): void } }) => world.files.set(file, 'notes'),
    ],
    [
      'a link',
      (world: { files: { set(path: string, text: string, entry: object): void } }) =>
        world.files.set(file, '/elsewhere', { kind: 'link' }),
    ],
  ])('that is %s is met before anything is spent', async (_, spoil) => {
    const { workspace, world, server } = await startJob({ writeBack: file });
    spoil(world as never);
    const outcome = await freshen(workspace, 'acme', once);
    expect(outcome).toMatchObject({ kind: 'withheld', problem: { code: 'store_unavailable' } });
    expect(server.spends).toBe(0);
    expect((await readConnection(workspace, 'acme'))?.connection.spending).toEqual([]);
    expect(world.files.paths('/data/owed')).toEqual([]);
  });

  it('never takes one connection in the place of another, also when both come at once', async () => {
    const { workspace, server, rig, process, files } = await startJob({ writeBack: file });
    server.rotates = false;
    await plantConnection(workspace, { name: 'acme:two', label: 'two' });
    const other = await process();
    const outcomes = await Promise.all([freshen(workspace, 'acme', once), freshen(other.workspace, 'acme:two', once)]);
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['refreshed', 'withheld']);
    expect(rig.server.spends).toBe(1);
    const winner = outcomes.find(({ kind }) => kind === 'refreshed');
    expect(bundleIn(files.get(file)).connection.name).toBe(winner?.connection.name);
  });

  it('a folder takes two at once', async () => {
    const { workspace, server, process, files } = await startJob({ writeBack: '/cache/' });
    server.rotates = false;
    await plantConnection(workspace, { name: 'acme:two', label: 'two' });
    const other = await process();
    await Promise.all([freshen(workspace, 'acme', once), freshen(other.workspace, 'acme:two', once)]);
    expect(files.paths('/cache')).toEqual(['/cache/acme%3Atwo.json', '/cache/acme.json']);
  });

  it('that holds a newer state than this folder stops the refresh', async () => {
    const { workspace, server, files } = await startJob({ writeBack: file });
    const old = await workspace.store.portable({ kind: 'connections', name: 'acme' });
    await freshen(workspace, 'acme', once);
    files.set('/data/connections/acme.json', old ?? '');
    const outcome = await freshen(workspace, 'acme', asked);
    expect(outcome).toMatchObject({ kind: 'withheld', problem: { hint: `oauthctl import ${file}` } });
    expect(server.spends).toBe(1);
  });

  it('a write that fails for a moment is tried again', async () => {
    const { workspace, files } = await startJob({ writeBack: file });
    files.faults.push({ kind: 'denied', path: /cache/, method: 'replaceOwn', nth: 1 });
    expect((await freshen(workspace, 'acme', once)).kind).toBe('refreshed');
    expect(bundleIn(files.get(file)).connection.generation).toBe((await recordOf(workspace))?.generation);
  });

  it('a write that fails for good is an error, and the next call gives what is owed without spending', async () => {
    const { workspace, server, files, process } = await startJob({ writeBack: file });
    files.faults.push({ kind: 'full', path: /cache/, method: 'replaceOwn' });
    const error = await refusal(workingToken(workspace, 'acme', { minValidSeconds: 60 }));
    expect(error).toMatchObject({ code: 'store_unavailable', hint: `oauthctl token acme --write-back ${file}` });
    expect(error.message).toContain('rests on this machine only');
    files.faults.length = 0;
    const next = await process();
    const token = await workingToken(next.workspace, 'acme', { minValidSeconds: 60 });
    expect(token.accessToken.reveal()).toBe(server.access);
    expect(server.spends).toBe(1);
    expect(bundleIn(files.get(file)).connection.generation).toBe((await recordOf(workspace))?.generation);
    expect(files.paths('/data/owed')).toEqual([]);
  });

  it('nothing more is spent while something is owed and cannot be given', async () => {
    const { workspace, server, files } = await startJob({ writeBack: file });
    files.faults.push({ kind: 'full', path: /cache/, method: 'replaceOwn' });
    await refusal(freshen(workspace, 'acme', once));
    await refusal(freshen(workspace, 'acme', asked));
    expect(server.spends).toBe(1);
  });

  it.each(['refused', 'transient'])('an answer that is %s owes nothing', async (how) => {
    const { workspace, server, files } = await startJob({ writeBack: file });
    server.instead = async () => json(how === 'refused' ? 400 : 503, { error: 'invalid_client' });
    await freshen(workspace, 'acme', once);
    expect(files.paths('/data/owed')).toEqual(how === 'refused' ? [] : ['/data/owed/acme']);
  });
});
