// The commands that are offered carry what tells this grant and this app from the default ones.
import { describe, expect, it, test } from 'vitest';
import { workingToken } from '../../src/connections/access-token.ts';
import { checkSecretRule } from '../../src/connections/app-values.ts';
import { connect } from '../../src/connections/connect.ts';
import type { ConnectRequest } from '../../src/connections/connect-plan.ts';
import { freshen } from '../../src/connections/freshen.ts';
import { reconnectCommand } from '../../src/connections/reconnect-hint.ts';
import { refusalProblem } from '../../src/connections/refusals.ts';
import { checkConnections } from '../../src/connections/status.ts';
import type { Workspace } from '../../src/connections/workspace.ts';
import type { CliError } from '../../src/errors.ts';
import type { FlowName, RefusalMark } from '../../src/model/connection.ts';
import type { KindRule } from '../../src/model/provider.ts';
import { microsoftTenants } from '../../src/providers/microsoft/family.ts';
import { makeProvider } from '../oauth/rig.ts';
import { connectionOf } from '../providers/grants.ts';
import { agree, createRig, json, plantConnection, signIn } from './rig.ts';

const anew = 'oauthctl connect acme --device';
const once = { minValidSeconds: 60, force: false, explicit: false };

async function start(changes: Parameters<typeof plantConnection>[1] = {}) {
  const { server, process } = createRig();
  const { workspace, world } = await process();
  await plantConnection(workspace, { flow: 'device', ...changes });
  return { workspace, server, world };
}

const asking = (...asked: string[]) => ({ scopes: { asked, granted: asked, missing: [] } });

test.each([
  [{}, 'oauthctl connect acme:work'],
  [{ app: 'key' }, 'oauthctl connect acme:work --app key'],
  [{ tenant: 'common' }, 'oauthctl connect acme:work'],
  [{ tenant: 'contoso.example' }, 'oauthctl connect acme:work --tenant contoso.example'],
  [{ flow: 'device' as FlowName, app: 'key' }, 'oauthctl connect acme:work --app key --device'],
  [asking('mail', 'openid', 'files'), 'oauthctl connect acme:work --scope +files'],
  [asking('openid', 'files'), 'oauthctl connect acme:work --scope openid --scope files'],
])('a grant made with %j: %s', (made, command) => {
  const usual = ['openid', 'mail'];
  const plain = { name: 'acme:work', app: 'default', tenant: null, flow: 'loopback' as FlowName, ...asking(...usual) };
  const shipped = makeProvider({ tenant: { ...microsoftTenants, default: 'common', refused: [] } });
  const provider = { ...shipped, scopes: { ...shipped.scopes, default: usual } };
  expect(reconnectCommand({ ...plain, ...made }, provider)).toBe(command);
});

describe('is offered', () => {
  it('by a refused refresh', async () => {
    const { workspace, server } = await start();
    server.dead = true;
    expect(await freshen(workspace, 'acme', once)).toMatchObject({ problem: { hint: anew } });
  });

  it('by status where the token lacks a scope', async () => {
    const { workspace, world } = await start({
      scopes: { asked: ['openid', 'mail'], granted: ['openid'], missing: [] },
    });
    await freshen(workspace, 'acme', once);
    world.advance(1_000);
    const checked = await checkConnections(workspace, 'all', { noRefresh: true, warnSeconds: 0, concurrency: 1 });
    expect(checked).toMatchObject([{ state: 'scope_missing', problem: { hint: `${anew} --scope +mail` } }]);
  });

  it('where there is no refresh token', async () => {
    const { workspace } = await start({ refreshToken: { present: false, rotates: null, expiresAt: null } });
    await expect(workingToken(workspace, 'acme', once)).rejects.toMatchObject({ hint: anew });
  });
});

describe('the cause of a dead grant', () => {
  const told = makeProvider({
    reasonCodes: { at: '/error_codes', prefix: 'ACME', words: { '7': 'asked too often' } },
    deadGrantCauses: [{ when: { is: 'always' }, words: 'it was taken back' }],
  });

  it('is not guessed where the provider told it, then or later', async () => {
    const { workspace, server } = await start();
    const { provider } = await workspace.providers.get('acme');
    const { reasonCodes, deadGrantCauses } = told;
    const get = async () => ({ provider: { ...provider, reasonCodes, deadGrantCauses }, source: 'added' as const });
    const knowing = { ...workspace, providers: { ...workspace.providers, get } } as Workspace;
    const words = async () => {
      const outcome = await freshen(knowing, 'acme', once);
      return outcome.kind === 'rejected' ? outcome.problem.message : outcome.kind;
    };
    server.instead = async () => json(400, { error: 'invalid_grant', error_codes: [7] });
    expect(await words()).toMatch(/asked too often$/);
    expect(await words()).toMatch(/\(invalid_grant\); refused /);
    expect(server.spends).toBe(0);
  });

  it('is guessed where only the grant’s end was told, and a refresh that was cut short is told in any case', () => {
    const refusal = { role: 'access', means: 'grant_dead', error: 'invalid_grant', cut: null, elsewhere: null };
    const of = (changes: { explained: boolean; cut?: RefusalMark['cut'] }) =>
      refusalProblem(told, connectionOf(told, {}), { ...refusal, ...changes }, 60_000).message;
    expect(of({ explained: false })).toContain('most likely it was taken back');
    expect(of({ explained: true })).not.toContain('most likely');
    const cut = { at: 0, by: 'process 7 on a host' };
    expect(of({ explained: true, cut })).toContain('a refresh by process 7 on a host was cut short');
  });

  it('is the refresh that was cut short, then and later, and not where that one can have cost nothing', async () => {
    const spending = [{ role: 'access', fingerprint: 'x', at: 0, by: 'process 7 on a host' }];
    const words = async (workspace: Workspace) => {
      const outcome = await freshen(workspace, 'acme', { ...once, explicit: true });
      return outcome.kind === 'rejected' ? outcome.problem.message : outcome.kind;
    };
    const { workspace, server } = await start({ spending });
    server.dead = true;
    for (const _ of ['at once', 'later']) expect(await words(workspace)).toContain('was cut short');
    const other = await start({ spending });
    const { provider } = await other.workspace.providers.get('acme');
    const get = async () => ({ provider: { ...provider, oldRefreshLives: true }, source: 'added' as const });
    other.server.dead = true;
    const knowing = { ...other.workspace, providers: { ...other.workspace.providers, get } } as Workspace;
    expect(await words(knowing)).not.toContain('was cut short');
  });

  it('of which nothing died is said in the message, and the hint is a command', () => {
    const refusal = {
      role: 'access',
      means: 'app_fault',
      error: 'invalid_client',
      explained: false,
      cut: null,
      elsewhere: null,
    };
    const problem = refusalProblem(told, connectionOf(told, { app: 'key' }), refusal, 60_000);
    expect(problem.hint).toBe('oauthctl app show acme --name key');
    expect(problem.message).toMatch(/; the grant itself may still live$/);
  });
});

describe('a command for an app', () => {
  const kind = (id: string, secret: KindRule['secret']): KindRule => ({
    id,
    name: id,
    flows: ['loopback'],
    secret,
    secretIsPublic: false,
    ownRedirect: false,
  });
  const [pkce, web, strict] = [kind('pkce', 'never'), kind('web', 'always'), kind('strict', 'always')] as const;
  const provider = makeProvider({ kinds: [pkce, web, strict] });

  test.each([
    [web, false, undefined, 'oauthctl app set acme --client-secret-stdin'],
    [strict, false, 'bot', 'oauthctl app set acme --name bot --kind strict --client-secret-stdin'],
    [pkce, true, 'bot', 'oauthctl app set acme --name bot --public'],
  ])('names the app and its kind: %#', (of, hasSecret, name, hint) => {
    expect(() => checkSecretRule(provider, of, hasSecret, name)).toThrow(expect.objectContaining({ hint }));
  });
});

describe('to connect again', () => {
  const failing = async (changes: Partial<ConnectRequest>) => {
    const { process } = createRig();
    const { workspace, world } = await process();
    agree(world, { error: 'access_denied' });
    const failed = await connect(workspace, { ...signIn, ...changes }).catch((error: unknown) => error);
    return (failed as CliError).hint;
  };

  it('after a sign-in that failed is to make the same grant', async () => {
    expect(await failing({})).toBe('oauthctl connect acme');
    expect(await failing({ target: 'acme:work' })).toBe('oauthctl connect acme:work');
    expect(await failing({ as: 'work' })).toBe('oauthctl connect acme:work');
  });

  it('goes with the app of before', async () => {
    const { workspace } = await start({ app: 'key' });
    await expect(connect(workspace, signIn)).rejects.toMatchObject({
      code: 'app_missing',
      hint: expect.stringContaining('--name key'),
    });
  });
});
