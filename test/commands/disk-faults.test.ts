// The disk under every command that writes: each call fails in turn, once or from then on; it is full, read-only, slow. What
// was stored stays whole, nothing is lost in silence, and the same command succeeds once the disk is well.
import { describe, expect, it } from 'vitest';
import { openConnection } from '../../src/connections/freshen.ts';
import { main } from '../../src/main.ts';
import type { FileErrorKind } from '../../src/model/ports.ts';
import { agree, createRig, issuer, json, plantConnection, type Rig } from '../connections/rig.ts';
import type { World } from '../support/world.ts';

const tree = ['--config-dir', '/config', '--data-dir', '/data', '--state-dir', '/state', '--no-input'];
const stored = ['acme', 'acme:other'] as const;

interface Case {
  readonly args: readonly string[];
  /** Nothing is stored before. */
  readonly first?: true;
  /** Its exits when the disk fails; 7 when left out. */
  readonly failing?: readonly number[];
  /** What it comes to when done again after it was done. */
  readonly again?: number;
}

const cases: readonly Case[] = [
  { args: ['connect', 'acme'], first: true },
  { args: ['connect', 'acme'] },
  { args: ['token', 'acme'] },
  { args: ['refresh', 'acme'] },
  { args: ['status', 'acme'], failing: [7, 8] },
  { args: ['revoke', 'acme', '--yes'], again: 3 },
  { args: ['revoke', 'acme', '--local-only', '--yes'], again: 3 },
  { args: ['app', 'set', 'acme', '--name', 'second', '--client-id', 'second', '--public'] },
  { args: ['provider', 'add', 'other', '--issuer', issuer], again: 2 },
  { args: ['provider', 'refresh', 'acme'] },
  { args: ['settings', 'set', 'key_source', 'env'] },
  { args: ['key', 'reset', '--yes'] },
];

interface Scene {
  readonly rig: Rig;
  readonly world: World;
}

/** Two connections of one grant each; the second one's tokens are never touched. */
async function scene({ first }: Case): Promise<Scene> {
  const rig = createRig();
  rig.server.instead = ({ url }) => (url.endsWith('/.well-known/openid-configuration') ? metadata() : undefined);
  const { workspace, world } = await rig.process();
  if (!first) for (const name of stored) await plantConnection(workspace, { name });
  agree(world);
  return { rig, world };
}

async function metadata() {
  const at = (path: string) => `${issuer}/${path}`;
  return json(200, {
    issuer,
    authorization_endpoint: at('authorize'),
    token_endpoint: at('token'),
    userinfo_endpoint: at('userinfo'),
    revocation_endpoint: at('revoke'),
    token_endpoint_auth_methods_supported: ['none'],
  });
}

/** The process has ended when it returns. */
async function run({ args }: Case, world: World): Promise<number> {
  const exit = await main([...tree, ...args], world.system);
  world.die();
  return exit;
}

/** How many calls the command makes when nothing fails. */
async function callsOf(one: Case, method: 'any' | undefined): Promise<number> {
  const { world } = await scene(one);
  const before = world.files.calls.length;
  expect(await run(one, world)).toBe(0);
  const calls = world.files.calls.slice(before);
  const changing = /^(replaceOwn|createOwn|appendOwn|truncateOwn|ensureFolder|remove|removeFolder|rename) /;
  return method === 'any' ? calls.length : calls.filter((call) => changing.test(call)).length;
}

interface Failure {
  readonly kind: FileErrorKind;
  readonly nth: number;
  readonly onwards?: true;
  readonly method?: 'any';
}

/** One run with that fault, and what must hold afterwards whatever happened. */
async function fail(one: Case, failure: Failure): Promise<void> {
  const { rig, world } = await scene(one);
  world.files.faults.push(failure);
  const exit = await run(one, world);
  world.files.faults.length = 0;
  const said = world.stdout() + world.stderr();
  const where = `${one.args.join(' ')}: ${JSON.stringify(failure)}: exit ${exit}\n${said}`;
  expect([0, ...(one.failing ?? [7])], where).toContain(exit);
  expect(said, where).not.toContain('did not foresee');
  if (exit !== 0) expect(said, where).toMatch(/try: /);
  await nothingLost(one, rig, said, where);
  await again(one, rig, said, where);
}

async function nothingLost(one: Case, rig: Rig, said: string, where: string): Promise<void> {
  const { workspace } = await rig.process();
  const forgets = one.args[0] === 'revoke' || one.args[0] === 'key';
  for (const name of one.first ? [] : stored) {
    const open = await openConnection(workspace, name).catch((error) => {
      // Forgotten, as was asked; anything else is damage.
      if (forgets && error.code === 'connection_not_found') return undefined;
      throw new Error(`${name} does not open: ${error.message}\n${where}`);
    });
    const refresh = open?.tokens.roles.access?.refresh?.reveal();
    if (open === undefined || name !== 'acme' || refresh === rig.server.refresh || rig.server.dead) continue;
    // Only when the disk failed between the answer and its save, which no client can prevent: then it is said.
    expect(said, where).toContain('the new tokens could not be saved');
  }
}

async function again(one: Case, rig: Rig, said: string, where: string): Promise<void> {
  const isLost = said.includes('could not be saved') || rig.server.dead;
  if (isLost && one.args[0] !== 'connect') return;
  const { world } = await rig.process();
  agree(world);
  rig.server.dead = false;
  const second = await run(one, world);
  expect([0, one.again ?? 0], `again: ${where}\n${world.stderr()}`).toContain(second);
}

describe.each(cases.map((one) => [`${one.args.join(' ')}${one.first ? ' (the first)' : ''}`, one] as const))(
  '%s',
  (_, one) => {
    it('each call fails once, a reading one too', { timeout: 60_000 }, async () => {
      const calls = await callsOf(one, 'any');
      expect(calls).toBeGreaterThan(0);
      for (let nth = 1; nth <= calls; nth++) await fail(one, { kind: 'other', nth, method: 'any' });
    });

    it('the disk is full from one call on', { timeout: 60_000 }, async () => {
      const calls = await callsOf(one, undefined);
      for (let nth = 1; nth <= calls; nth++) await fail(one, { kind: 'full', nth, onwards: true });
    });

    it('the folder is read-only', async () => {
      await fail(one, { kind: 'read_only', nth: 1, onwards: true });
    });

    it('a slow disk delays it and nothing else', { timeout: 60_000 }, async () => {
      const { world } = await scene(one);
      world.files.slow = () => world.system.clock.sleep(1_500);
      expect(await run(one, world), world.stderr()).toBe(0);
    });
  },
);
