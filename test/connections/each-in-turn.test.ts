// Hundreds of connections at once: bounded per host, patient where that was asked for, and whole after Ctrl-C.
import { describe, expect, it } from 'vitest';
import { checkConnections } from '../../src/connections/status.ts';
import { main } from '../../src/main.ts';
import { resolvePaths } from '../../src/model/paths.ts';
import type { WireRequest, WireResponse } from '../../src/model/ports.ts';
import { openSandbox } from '../../src/under-sandbox.ts';
import { createWorld, type World } from '../support/world.ts';
import { createRig, json, plantConnection } from './rig.ts';

const tree = ['--config-dir', '/config', '--data-dir', '/data', '--state-dir', '/state'];
const hour = 3_600_000;
const count = 60;

/** Sixty connections of one provider, and what its server is asked. */
async function many(answer: (request: WireRequest, world: World) => Promise<WireResponse> | undefined) {
  const rig = createRig();
  rig.server.rotates = false;
  const { workspace, world } = await rig.process();
  for (let index = 0; index < count; index++) {
    const name = `acme:user${String(index).padStart(2, '0')}`;
    await plantConnection(workspace, { name, accessToken: { expiresAt: world.now() + hour, refreshable: true } });
  }
  rig.server.instead = (request) => answer(request, world);
  return { rig, world, workspace };
}

async function run(world: World, ...args: string[]) {
  const exit = await main([...tree, ...args, '--json'], world.system);
  return { exit, ...JSON.parse(world.stdout()) };
}

describe('refresh --all', () => {
  it('asks one host four at a time, and every one in the end', async () => {
    let running = 0;
    let most = 0;
    const { world } = await many(async (_, { system }) => {
      most = Math.max(most, ++running);
      await system.clock.sleep(200);
      running--;
      return json(200, { access_token: 'access-new', token_type: 'Bearer', expires_in: 3600 });
    });
    const { exit, data } = await run(world, 'refresh', '--all');
    expect(exit).toBe(0);
    expect(most).toBe(4);
    expect(data.results.map(({ outcome }: { outcome: string }) => outcome)).toEqual(Array(count).fill('refreshed'));
  });

  it('waits as long as the provider asks, and asks those again that it turned away', async () => {
    const askedAt: number[] = [];
    const { world } = await many((_, { now }) => {
      askedAt.push(now());
      return askedAt.length > 1
        ? undefined
        : Promise.resolve({ status: 429, headers: { 'retry-after': '7' }, body: '' });
    });
    const { exit, data } = await run(world, 'refresh', 'acme:user00', 'acme:user01');
    expect({ exit, outcomes: data.results.map(({ outcome }: { outcome: string }) => outcome) }).toEqual({
      exit: 0,
      outcomes: ['refreshed', 'refreshed'],
    });
    const [first = 0, second = 0, again = 0] = askedAt;
    expect(second - first).toBeLessThan(7_000);
    expect(again - first).toBeGreaterThanOrEqual(7_000);
    expect(askedAt).toHaveLength(3);
  });

  it('does not wait for what takes too long, nor asks on', async () => {
    let asked = 0;
    const { world } = await many(() => {
      asked++;
      return Promise.resolve({ status: 429, headers: { 'retry-after': '900' }, body: '' });
    });
    const startedAt = world.now();
    const { exit, data } = await run(world, 'refresh', '--all');
    expect(exit).toBe(6);
    expect(asked).toBe(4);
    expect(world.now() - startedAt).toBeLessThan(30_000);
    expect(data.results.at(-1)).toMatchObject({ outcome: 'unreachable', problem: { code: 'rate_limited' } });
  });

  it('after Ctrl-C ends what it began, begins nothing else, and reports both', async () => {
    let asked = 0;
    const { world, rig } = await many((_, { signal }) => {
      if (++asked === 10) signal('SIGINT');
      return undefined;
    });
    const { exit, data } = await run(world, 'refresh', '--all');
    const outcomes = data.results.map(({ outcome }: { outcome: string }) => outcome);
    const done = outcomes.filter((outcome: string) => outcome === 'refreshed').length;
    expect(exit).toBe(130);
    expect(done).toBe(asked);
    expect(done).toBeLessThan(20);
    expect(outcomes).toHaveLength(count);
    expect(data.results.at(-1)).toMatchObject({ outcome: 'failed', problem: { code: 'cancelled' } });
    rig.server.instead = undefined;
    const after = await run(world.another(), 'status', '--all');
    expect(after.data.summary).toMatchObject({ uncertain: 0, unreadable: 0 });
  });
});

describe('those whose turn did not come before Ctrl-C', () => {
  async function cut(...args: string[]) {
    const { rig, world } = await many(() => undefined);
    const terminal = world.another({ terminal: true });
    let asked = 0;
    rig.server.instead = () => {
      // A second signal would end the program at once.
      if (++asked === 1) terminal.signal('SIGINT');
      return undefined;
    };
    expect(await main([...tree, '--no-color', ...args], terminal.system)).toBe(130);
    return terminal.stdout();
  }

  it('are not tried, and nothing failed', async () => {
    const shown = await cut('refresh', '--all');
    expect(shown).toMatch(/acme:user59 +! not tried/);
    expect(shown).not.toContain('failed');
  });

  it('were not asked about at the provider', async () => {
    expect(await cut('revoke', '--all', '--yes')).toMatch(/acme:user59 +! not asked +none +kept/);
  });
});

describe('status --all', () => {
  it('after Ctrl-C shows what was found, and the rest as unknown', async () => {
    let asked = 0;
    const { world } = await many((_, { signal }) => {
      if (++asked === 30) signal('SIGINT');
      return undefined;
    });
    const { exit, data } = await run(world, 'status', '--all');
    expect(exit).toBe(130);
    expect(data.connections).toHaveLength(count);
    expect(data.summary.healthy).toBeGreaterThanOrEqual(20);
    expect(data.summary.unreachable).toBe(count - data.summary.healthy);
  });

  it('tells people in one line how many were left', async () => {
    const { world } = await many((_, { signal }) => {
      signal('SIGINT');
      return undefined;
    });
    await main([...tree, 'status', '--all'], world.system);
    expect(world.stderr()).toMatch(/interrupted: \d\d of 60 were left as they were/);
    expect(world.stderr()).not.toContain('before its turn came');
  });

  it('leaves out what another process forgot meanwhile', async () => {
    const { workspace, world } = await many(() => undefined);
    const [first] = world.files.paths('/data/connections');
    let checked = 0;
    const options = { noRefresh: false, warnSeconds: 0, concurrency: 1, onChecked: () => void checked++ };
    const all = checkConnections(workspace, 'all', {
      ...options,
      onChecked: () => {
        if (++checked === 1) world.files.entries.delete(first?.replace('user00', 'user59') ?? '');
      },
    });
    expect(await all).toHaveLength(count - 1);
  });
});

it('a host that does not answer holds nobody else', async () => {
  const world = createWorld();
  const run = (...args: string[]) => {
    const another = world.another();
    return main(['--sandbox', ...args, '--json'], another.system).then(() => JSON.parse(another.stdout()).data);
  };
  for (const name of ['gmail', 'github', 'notion']) await run('connect', name, '--sandbox-consent', 'auto');
  const { env, files } = world.system;
  await openSandbox(world.system, resolvePaths({ sandbox: true }, env, files), 'auto').control([
    'latency=60000@github',
  ]);
  const { connections } = await run('status', '--all');
  const states = connections.map(({ name, state }: { name: string; state: string }) => [name, state]);
  expect(states).toEqual([
    ['github', 'unreachable'],
    ['gmail', 'healthy'],
    ['notion', 'healthy'],
  ]);
  const [github, gmail] = connections.map(({ checked_at }: { checked_at: string }) => Date.parse(checked_at));
  expect(gmail).toBeLessThan(github);
});
