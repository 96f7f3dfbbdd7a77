// Freshen: one refresh at a time, nothing lost, and words that say what is known.
import { describe, expect, it } from 'vitest';
import { readConnection } from '../../src/connections/find.ts';
import { freshen, unlessInterrupted } from '../../src/connections/freshen.ts';
import type { Workspace } from '../../src/connections/workspace.ts';
import { CliError } from '../../src/errors.ts';
import { overlay } from '../../src/model/overlay.ts';
import { createRig, issuer, json, plantConnection } from './rig.ts';

const once = { minValidSeconds: 60, force: false, explicit: false };
const asked = { minValidSeconds: 60, force: true, explicit: true };

async function start(changes: Parameters<typeof plantConnection>[1] = {}) {
  const rig = createRig();
  const { workspace, world } = await rig.process();
  await plantConnection(workspace, changes);
  return { rig, workspace, world, server: rig.server };
}

async function stored(workspace: Workspace) {
  const found = await readConnection(workspace, 'acme');
  if (found === undefined) throw new Error('the record is gone');
  const sealed = JSON.stringify(await found.record.open());
  return { ...found.connection, generation: found.record.generation, sealed };
}

const unreachable = (sent: boolean) => () =>
  Promise.reject(new CliError('unreachable', 'acme.example could not be reached', { cause: { sent } }));

describe('a token that has ended', () => {
  it('is refreshed once, and the new refresh token is at rest', async () => {
    const { workspace, server } = await start();
    const outcome = await freshen(workspace, 'acme', once);
    expect(outcome.kind).toBe('refreshed');
    expect(server.spends).toBe(1);
    const record = await stored(workspace);
    expect(record.sealed).toContain('refresh-1');
    expect(record.sealed).toContain('access-1');
    expect(record.spending).toEqual([]);
    expect(record.refreshToken.rotates).toBe(true);
  });

  it('keeps the old refresh token when none came', async () => {
    const { workspace, server } = await start();
    server.rotates = false;
    await freshen(workspace, 'acme', once);
    expect((await stored(workspace)).sealed).toContain('refresh-0');
    expect((await stored(workspace)).refreshToken.rotates).toBe(false);
  });

  it('is left alone while it is fresh, without network or lock', async () => {
    const rig = createRig();
    const { workspace, world } = await rig.process();
    const expiresAt = world.now() + 3_600_000;
    await plantConnection(workspace, { accessToken: { expiresAt, refreshable: true } });
    const before = world.files.calls.length;
    expect((await freshen(workspace, 'acme', once)).kind).toBe('fresh');
    expect(world.network.requests).toHaveLength(0);
    expect(world.files.calls.slice(before).filter((call) => !/^(readOwn|list|facts)/.test(call))).toEqual([]);
  });

  it('without a refresh token asks for a person', async () => {
    const { workspace } = await start({ refreshToken: { present: false, rotates: null, expiresAt: null } });
    const outcome = await freshen(workspace, 'acme', once);
    expect(outcome).toMatchObject({ kind: 'rejected', problem: { code: 'reconnect_required' } });
  });
});

describe('an answer that does not come', () => {
  it('before anything was sent leaves no mark and changes nothing', async () => {
    const { workspace, server } = await start();
    server.instead = unreachable(false);
    expect(await freshen(workspace, 'acme', once)).toMatchObject({ kind: 'unreachable', problem: { exit: 6 } });
    expect((await stored(workspace)).spending).toEqual([]);
    expect((await stored(workspace)).sealed).toContain('refresh-0');
  });

  it('after the request left is uncertain, and the next refresh tells', async () => {
    const { workspace, server } = await start();
    server.late = true;
    server.instead = unreachable(true);
    const outcome = await freshen(workspace, 'acme', once);
    expect(outcome).toMatchObject({ kind: 'uncertain', problem: { code: 'grant_uncertain', exit: 6 } });
    expect((await stored(workspace)).spending).toHaveLength(1);
    server.instead = undefined;
    server.late = false;
    const next = await freshen(workspace, 'acme', once);
    expect(next).toMatchObject({ kind: 'rejected', problem: { code: 'reconnect_required' } });
    expect('problem' in next && next.problem.message).toContain('was cut short');
    expect((await stored(workspace)).spending).toEqual([]);
  });

  it('is resolved by the next refresh when the server had not acted', async () => {
    const { workspace, server } = await start();
    server.instead = unreachable(true);
    expect((await freshen(workspace, 'acme', once)).kind).toBe('uncertain');
    server.instead = undefined;
    expect((await freshen(workspace, 'acme', once)).kind).toBe('refreshed');
    expect((await stored(workspace)).spending).toEqual([]);
  });

  it.each([500, 502, 503, 429, 408])('HTTP %i keeps the grant', async (status) => {
    const { workspace, server } = await start();
    server.instead = async () => json(status, { error: 'temporarily_unavailable' });
    const outcome = await freshen(workspace, 'acme', once);
    expect(['unreachable', 'uncertain']).toContain(outcome.kind);
    expect('problem' in outcome && outcome.problem.exit).toBe(6);
    server.instead = undefined;
    expect((await freshen(workspace, 'acme', once)).kind).toBe('refreshed');
  });

  it.each([
    ['HTML', { status: 400, headers: { 'content-type': 'text/html' }, body: '<h1>Bad gateway</h1>' }],
    ['nothing', { status: 400, headers: {}, body: '' }],
    ['a name of its own', json(403, { error: 'invalid_code' })],
  ])('a 4xx with %s kills nothing', async (_, response) => {
    const { workspace, server } = await start();
    server.instead = async () => response;
    expect((await freshen(workspace, 'acme', once)).kind).toBe('rejected');
    const record = await stored(workspace);
    expect(record.refused[0]?.means).not.toBe('grant_dead');
    expect(record.sealed).toContain('refresh-0');
    server.instead = undefined;
    expect((await freshen(workspace, 'acme', asked)).kind).toBe('refreshed');
  });
});

describe('a refusal', () => {
  it('ends the grant, is remembered, and is asked again only after a growing while', async () => {
    const { workspace, world, server } = await start();
    server.dead = true;
    const first = await freshen(workspace, 'acme', once);
    expect(first).toMatchObject({ kind: 'rejected', problem: { code: 'reconnect_required', exit: 4 } });
    const asks = () => world.network.requests.length;
    expect(asks()).toBe(1);
    expect((await freshen(workspace, 'acme', once)).kind).toBe('rejected');
    expect(asks()).toBe(1);
    world.advance(3_601_000);
    await freshen(workspace, 'acme', once);
    expect(asks()).toBe(2);
    world.advance(3_601_000);
    await freshen(workspace, 'acme', once);
    expect(asks()).toBe(2);
    await freshen(workspace, 'acme', asked);
    expect(asks()).toBe(3);
  });

  it('of the app is the fault of the app: the grant may live', async () => {
    const { workspace, server } = await start();
    server.instead = async () => json(401, { error: 'invalid_client' });
    const outcome = await freshen(workspace, 'acme', once);
    expect(outcome).toMatchObject({ kind: 'rejected', problem: { code: 'app_rejected', exit: 5 } });
    server.instead = undefined;
    expect((await freshen(workspace, 'acme', asked)).kind).toBe('refreshed');
  });
});

describe('a store that cannot be written', () => {
  it.each(['full', 'readOnly'] as const)('%s: nothing is spent', async (trouble) => {
    const { workspace, world, server } = await start();
    world.files[trouble] = true;
    await expect(freshen(workspace, 'acme', once)).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(server.spends).toBe(0);
    world.files[trouble] = false;
    expect((await freshen(workspace, 'acme', once)).kind).toBe('refreshed');
  });

  it('that recovers after the spend gets the new token all the same', async () => {
    const { workspace, world, server } = await start();
    server.late = true;
    server.instead = () => {
      world.files.faults.push(
        { kind: 'full', method: 'replaceOwn', path: /connections\/acme/, nth: 1 },
        { kind: 'full', method: 'replaceOwn', path: /connections\/acme/, nth: 1 },
      );
      return undefined;
    };
    expect((await freshen(workspace, 'acme', once)).kind).toBe('refreshed');
    expect((await stored(workspace)).sealed).toContain('refresh-1');
  });

  it('that took the new token and reports a failure all the same is believed by what it holds', async () => {
    const { workspace, world, server } = await start();
    server.late = true;
    server.instead = () => {
      world.files.faults.push({ kind: 'other', method: 'replaceOwn', path: /connections\/acme/, nth: 1, after: true });
      return undefined;
    };
    expect((await freshen(workspace, 'acme', once)).kind).toBe('refreshed');
    expect((await stored(workspace)).sealed).toContain('refresh-1');
  });
});

describe('an app or a provider that changed', () => {
  it('is met before anything is spent', async () => {
    const { workspace, world, server } = await start();
    world.env.OAUTHCTL_ACME_CLIENT_ID = 'another-client';
    await expect(freshen(workspace, 'acme', once)).rejects.toMatchObject({ code: 'app_changed', exit: 5 });
    expect(server.spends).toBe(0);
  });

  it.each(['token', 'revoke', 'userinfo'])(
    'is met when only its %s endpoint was moved: no token goes there',
    async (end) => {
      const { world, workspace } = await start();
      const path = '/config/providers/acme.json';
      const moved = `https://evil.example/${end}`;
      world.files.set(path, (world.files.get(path) ?? '').replaceAll(`${issuer}/${end}`, moved));
      await expect(freshen(workspace, 'acme', once)).rejects.toMatchObject({ code: 'issuer_mismatch', exit: 5 });
      expect(world.network.requests).toHaveLength(0);
    },
  );

  it('warns when the record was written on another machine', async () => {
    const { workspace, world } = await createRig().process();
    const self = async () => ({ ...(await world.system.liveness.self()), host: 'another-host' });
    const elsewhere = overlay(workspace.system, { liveness: { ...world.system.liveness, self } });
    await plantConnection({ ...workspace, system: elsewhere });
    await freshen(workspace, 'acme', once);
    expect(world.stderr()).toContain('another machine');
    expect((await stored(workspace)).host).not.toBe('another-host');
  });
});

describe('signals', () => {
  it('the first waits for the answer and saves it', async () => {
    const { rig, workspace, world, server } = await start();
    server.instead = () => {
      world.signal('SIGTERM');
      return undefined;
    };
    const outcome = await freshen(workspace, 'acme', once);
    expect(outcome.kind).toBe('refreshed');
    expect(() => unlessInterrupted(workspace, outcome)).toThrow("'acme' had been refreshed and saved");
    expect(world.stderr()).toContain('SIGTERM');
    const record = await stored((await rig.process()).workspace);
    expect(record.sealed).toContain('refresh-1');
    expect(record.spending).toEqual([]);
  });

  it('the second leaves the mark and ends the process with 130', async () => {
    const { rig, workspace, world, server } = await start();
    server.instead = () => {
      world.signal('SIGINT');
      world.signal('SIGINT');
      return new Promise(() => {});
    };
    void freshen(workspace, 'acme', once);
    expect(await world.ended).toBe(130);
    const later = await rig.process();
    expect((await stored(later.workspace)).spending).toHaveLength(1);
  });
});
