// A grant with two tokens: each is asked for, refreshed, checked and revoked by itself.
import { describe, expect, it } from 'vitest';
import { workingToken } from '../../src/connections/access-token.ts';
import { connect } from '../../src/connections/connect.ts';
import { freshen, openConnection } from '../../src/connections/freshen.ts';
import { freshenAll } from '../../src/connections/freshen-all.ts';
import { revokeConnection } from '../../src/connections/revoke.ts';
import { checkConnections } from '../../src/connections/status.ts';
import type { Workspace } from '../../src/connections/workspace.ts';
import { agree, json, signIn } from './rig.ts';
import { createTwoRoles } from './two-roles.ts';

const day = 86_400;
const checking = { noRefresh: false, warnSeconds: 7 * day, concurrency: 5 };

async function connected(scopes: string[] = ['+bot:write', '+bot:post']) {
  const roles = createTwoRoles();
  const { world, workspace } = await roles.rig.process();
  const asked: URLSearchParams[] = [];
  agree(world);
  const { browser } = world;
  world.browser = async (url) => {
    asked.push(new URL(url).searchParams);
    return browser?.(url) as Promise<void>;
  };
  const { connection } = await connect(workspace, { ...signIn, scopes });
  return { ...roles, world, workspace, connection, asked };
}

const accessOf = async (workspace: Workspace, role: string) =>
  (await openConnection(workspace, 'acme')).tokens.roles[role]?.access?.reveal();

describe('the sign-in', () => {
  it('asks for each role by its own parameter, and stores both, the primary first', async () => {
    const { asked, connection } = await connected();
    expect(asked[0]?.get('user_scope')).toBe('read');
    expect(asked[0]?.get('scope')).toBe('write,post');
    expect(connection.roles).toEqual(['user', 'bot']);
    expect(connection.scopes).toEqual({
      asked: ['read', 'bot:write', 'bot:post'],
      granted: ['read', 'bot:write', 'bot:post'],
      missing: [],
    });
    expect(connection.account).toEqual({ id: 'account-1', name: 'ann' });
  });

  it('sends no parameter for a role that is not asked for', async () => {
    const { asked } = await connected([]);
    expect(asked[0]?.has('scope')).toBe(false);
  });
});

describe('the tokens', () => {
  it('the primary is handed out, the other by its name, and none that is not there', async () => {
    const { workspace } = await connected();
    const token = async (role?: string) =>
      (await workingToken(workspace, 'acme', { minValidSeconds: 60, role })).accessToken.reveal();
    expect([await token(), await token('user'), await token('bot')]).toEqual([
      'user-access-0',
      'user-access-0',
      'bot-access-0',
    ]);
    await expect(token('admin')).rejects.toMatchObject({ code: 'invalid_value' });
  });

  it('one is refreshed and the other left alone', async () => {
    const { workspace, lives } = await connected();
    await freshen(workspace, 'acme', { minValidSeconds: 0, role: 'bot', force: true, explicit: true });
    expect([lives.user.refreshes, lives.bot.refreshes]).toEqual([0, 1]);
    expect([await accessOf(workspace, 'user'), await accessOf(workspace, 'bot')]).toEqual([
      'user-access-0',
      'bot-access-1',
    ]);
    const { connection } = await openConnection(workspace, 'acme');
    expect(connection.scopes.granted).toEqual(expect.arrayContaining(['read', 'bot:write', 'bot:post']));
    // What is shown of the grant's life is the primary token's.
    expect(connection.refreshedAt).toBeNull();
  });

  it('`refresh` takes them all, and tells the worst', async () => {
    const { workspace, lives } = await connected();
    const options = { minValidSeconds: 0, force: true, explicit: true };
    expect((await freshenAll(workspace, 'acme', options)).kind).toBe('refreshed');
    expect([lives.user.refreshes, lives.bot.refreshes]).toEqual([1, 1]);
    lives.user.dead = true;
    expect((await freshenAll(workspace, 'acme', options)).kind).toBe('rejected');
    expect(lives.bot.refreshes).toBe(2);
  });

  it('a refusal of one is remembered for that one only', async () => {
    const { workspace, lives } = await connected();
    lives.user.dead = true;
    const unattended = { minValidSeconds: 0, force: true, explicit: false };
    expect((await freshen(workspace, 'acme', { ...unattended, role: 'user' })).kind).toBe('rejected');
    expect((await freshen(workspace, 'acme', { ...unattended, role: 'bot' })).kind).toBe('refreshed');
    const { connection } = await openConnection(workspace, 'acme');
    expect(connection.refused).toMatchObject([{ role: 'user', means: 'grant_dead' }]);
    expect(connection.spending).toEqual([]);
  });

  it('a cut refresh of one keeps its mark while the other goes on', async () => {
    const { workspace, rig } = await connected();
    const { instead } = rig.server;
    rig.server.instead = () => Promise.reject(new Error('unforeseen'));
    const options = { minValidSeconds: 0, force: true, explicit: true };
    await expect(freshen(workspace, 'acme', { ...options, role: 'user' })).rejects.toThrow();
    rig.server.instead = instead;
    await freshen(workspace, 'acme', { ...options, role: 'bot' });
    expect((await openConnection(workspace, 'acme')).connection.spending).toMatchObject([{ role: 'user' }]);
  });
});

describe('status', () => {
  it('is the worst of both, and says of which', async () => {
    const { workspace, lives } = await connected();
    expect(await checkConnections(workspace, 'all', checking)).toMatchObject([{ state: 'healthy' }]);
    lives.bot.dead = true;
    const [checked] = await checkConnections(workspace, 'all', checking);
    expect(checked).toMatchObject({ state: 'reconnect_required' });
    expect(checked?.problem?.message).toMatch(/^bot token: /);
  });

  it('refreshes what the provider no longer takes, token by token', async () => {
    const { workspace, lives, world } = await connected();
    world.advance(2 * 3_600_000);
    expect(await checkConnections(workspace, 'all', checking)).toMatchObject([{ state: 'healthy' }]);
    expect([lives.user.refreshes, lives.bot.refreshes]).toEqual([1, 1]);
  });
});

describe('revoke', () => {
  it('ends every token of both and proves each', async () => {
    const { workspace, revoked } = await connected();
    expect(await revokeConnection(workspace, 'acme', { localOnly: false })).toMatchObject({
      remote: 'revoked',
      proof: 'probe_rejected',
      local: 'deleted',
    });
    expect(revoked).toEqual(['user-refresh-0', 'user-access-0', 'bot-refresh-0', 'bot-access-0']);
  });

  it('of which one failed keeps the record, and says which token has ended', async () => {
    const { workspace, rig, lives } = await connected();
    const { instead } = rig.server;
    rig.server.instead = (request) =>
      request.url.endsWith('/revoke') && request.body?.includes('bot-')
        ? Promise.resolve(json(503, {}))
        : instead?.(request);
    const result = await revokeConnection(workspace, 'acme', { localOnly: false });
    expect(result).toMatchObject({ remote: 'failed', local: 'kept' });
    expect(result.problem?.message).toMatch(/; the user token has ended$/);
    expect([lives.user.dead, lives.bot.dead]).toEqual([true, false]);
  });
});
