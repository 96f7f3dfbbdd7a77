// The commands that are offered carry what tells this grant and this app from the default ones.
import { describe, expect, it, test } from 'vitest';
import { workingToken } from '../../src/connections/access-token.ts';
import { checkSecretRule } from '../../src/connections/app-values.ts';
import { freshen } from '../../src/connections/freshen.ts';
import { reconnectCommand } from '../../src/connections/reconnect-hint.ts';
import { refusalProblem } from '../../src/connections/refusals.ts';
import { checkConnections } from '../../src/connections/status.ts';
import type { Workspace } from '../../src/connections/workspace.ts';
import type { Connection, FlowName } from '../../src/model/connection.ts';
import type { KindRule } from '../../src/model/provider.ts';
import { microsoftTenants } from '../../src/providers/microsoft/family.ts';
import { makeProvider } from '../oauth/rig.ts';
import { connectionOf } from '../providers/grants.ts';
import { createRig, json, plantConnection } from './rig.ts';

const anew = 'oauthctl connect acme --device';
const once = { minValidSeconds: 60, force: false, explicit: false };

async function start(changes: Parameters<typeof plantConnection>[1] = {}) {
  const { server, process } = createRig();
  const { workspace, world } = await process();
  await plantConnection(workspace, { flow: 'device', ...changes });
  return { workspace, server, world };
}

test.each([
  [{}, 'oauthctl connect acme:work'],
  [{ app: 'key' }, 'oauthctl connect acme:work --app key'],
  [{ tenant: 'common' }, 'oauthctl connect acme:work'],
  [{ tenant: 'contoso.example' }, 'oauthctl connect acme:work --tenant contoso.example'],
  [{ flow: 'device' as FlowName, app: 'key' }, 'oauthctl connect acme:work --app key --device'],
])('a grant made with %j: %s', (made, command) => {
  const plain = { name: 'acme:work', app: 'default', tenant: null, flow: 'loopback' as FlowName };
  const provider = makeProvider({ tenant: { ...microsoftTenants, default: 'common', refused: [] } });
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
    expect(checked).toMatchObject([{ state: 'scope_missing', problem: { hint: anew } }]);
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
    const refusal = { role: 'access', means: 'grant_dead', error: 'invalid_grant' };
    const of = (connection: Connection, explained: boolean) =>
      refusalProblem(told, connection, { ...refusal, explained }, 60_000).message;
    expect(of(connectionOf(told, {}), false)).toContain('most likely it was taken back');
    expect(of(connectionOf(told, {}), true)).not.toContain('most likely');
    const cut = connectionOf(told, {
      spending: [{ role: 'access', fingerprint: 'f', at: 0, by: 'process 7 on a host' }],
    });
    expect(of(cut, true)).toContain('a refresh by process 7 on a host was cut short');
  });

  it('of which nothing died is said in the message, and the hint is a command', () => {
    const refusal = { role: 'access', means: 'app_fault', error: 'invalid_client', explained: false };
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
