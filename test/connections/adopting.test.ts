// Grants of other tools: what their files say, whose they are, and that a refresh token is spent at rest or not at all.
import { beforeAll, expect, it } from 'vitest';
import { workingToken } from '../../src/connections/access-token.ts';
import { adoptForeign } from '../../src/connections/adopting/adopt-foreign.ts';
import { readForeign } from '../../src/connections/adopting/read-foreign.ts';
import { readConnection } from '../../src/connections/find.ts';
import type { Workspace } from '../../src/connections/workspace.ts';
import { CliError } from '../../src/errors.ts';
import { typedAgain } from '../../src/model/typed-again.ts';
import { createRig, json, plantConnection, type Rig } from './rig.ts';
import { refusal } from './tree.ts';

const path = '/home/ann/work/token.json';
const command = 'oauthctl import --from token.json --provider acme';
const again = typedAgain('oauthctl import', [], { from: 'token.json', provider: 'acme' });
const dead = '2026-11-25T09:00:00Z';
const token = { access_token: 'access-0', refresh_token: 'refresh-0', client_id: 'acme-client', scope: 'openid' };

interface Change {
  readonly as?: string;
  readonly app?: string;
  readonly role?: string;
  readonly force?: boolean;
}

async function adopt(rig: Rig, content: object | string, change: Change = {}) {
  rig.world.files.set(path, typeof content === 'string' ? content : JSON.stringify(content));
  const { workspace, world } = await rig.process();
  return { workspace, world, stored: adoptWith(workspace, change) };
}

async function adoptWith(workspace: Workspace, { as, app, role, force = false }: Change) {
  const from = { from: 'token.json', file: undefined, provider: 'acme', entry: undefined, again };
  const found = await readForeign(workspace, from);
  return adoptForeign(workspace, { found, provider: 'acme', as, app, role, force, again });
}

// A module that is loaded for the first time looks like idleness to the fake clock, which then jumps.
beforeAll(async () => {
  const rig = createRig();
  await rig.world.hold(async () => (await adopt(rig, { ...token, access_token: undefined })).stored);
});

it('a living token is asked about, and stored under its account', async () => {
  const rig = createRig();
  const { stored, workspace } = await adopt(rig, { ...token, expiry: '2026-11-25T11:00:00Z' });
  expect(await stored).toMatchObject({
    name: 'acme',
    account: { id: 'account-1', name: 'ann@acme.example' },
    refreshToken: { present: true },
    accessToken: { expiresAt: Date.parse('2026-11-25T11:00:00Z') },
  });
  expect(rig.server.spends).toBe(0);
  expect((await workingToken(workspace, 'acme', { minValidSeconds: 60 })).accessToken.reveal()).toBe('access-0');
});

it.each([
  ['said so', { ...token, expires_at: Date.parse(dead) / 1000 }],
  ['refused by the provider', { ...token, access_token: 'access-old' }],
  ['missing', { ...token, access_token: undefined }],
])('a token that has ended (%s) is refreshed once, from the store', async (_, content) => {
  const rig = createRig();
  let atRest = false;
  rig.server.instead = (request) => {
    if (request.url.endsWith('/token'))
      atRest = rig.world.files.get('/data/connections/acme.json')?.includes('"spending"') ?? false;
    return undefined;
  };
  const { stored } = await adopt(rig, content);
  expect(await stored).toMatchObject({ account: { id: 'account-1' }, refreshToken: { rotates: true } });
  expect({ atRest, spends: rig.server.spends }).toEqual({ atRest: true, spends: 1 });
});

it('a dead grant is refused with words, and nothing is left of it', async () => {
  const rig = createRig();
  rig.server.dead = true;
  const { stored, world } = await adopt(rig, token);
  expect(await refusal(stored)).toMatchObject({ code: 'reconnect_required' });
  expect(world.files.paths('/data/connections').filter((file) => file.endsWith('acme.json'))).toEqual([]);
  expect(world.files.get(path)).toBeDefined();
});

it('an answer that never comes leaves the grant at rest, with its mark', async () => {
  const rig = createRig();
  rig.server.instead = (request) =>
    request.url.endsWith('/token') ? Promise.resolve({ status: 502, headers: {}, body: '' }) : undefined;
  const { stored, workspace } = await adopt(rig, { ...token, access_token: undefined });
  expect(await refusal(stored)).toMatchObject({ code: 'grant_uncertain' });
  expect((await readConnection(workspace, 'acme'))?.connection.spending).toHaveLength(1);
  rig.server.instead = undefined;
  expect((await workingToken(workspace, 'acme', { minValidSeconds: 60 })).accessToken.reveal()).toBe('access-1');
});

it('a token of a role that the provider does not know is refused', async () => {
  const { stored } = await adopt(createRig(), token, { role: 'bot' });
  expect((await refusal(stored)).message).toContain('no bot token, only: access');
});

it('an attempt that ends before anything is sent stores nothing', async () => {
  const rig = createRig();
  const { workspace } = await rig.process();
  const audit = { append: async () => Promise.reject(new CliError('store_unavailable', 'the trail is full')) };
  rig.world.files.set(path, JSON.stringify({ ...token, access_token: undefined }));
  expect(await refusal(adoptWith({ ...workspace, audit }, {}))).toMatchObject({ code: 'store_unavailable' });
  expect(await readConnection(workspace, 'acme')).toBeUndefined();
  expect(rig.server.spends).toBe(0);
});

it('a provider that cannot be reached stores nothing', async () => {
  const rig = createRig();
  rig.server.instead = async () => json(503, {});
  const { stored, workspace } = await adopt(rig, token);
  expect(await refusal(stored)).toMatchObject({ exit: 6 });
  expect(await readConnection(workspace, 'acme')).toBeUndefined();
});

it('what is stored keeps its place', async () => {
  const rig = createRig();
  const { workspace } = await rig.process();
  await plantConnection(workspace, { account: { id: 'account-2', name: 'bob@acme.example' } });
  expect(await refusal((await adopt(rig, token)).stored)).toMatchObject({ code: 'account_differs' });
  // Whose it is cannot be told without spending it, so it is not even tried.
  const ended = { ...token, access_token: undefined };
  expect(await refusal((await adopt(rig, ended, { force: true })).stored)).toMatchObject({ code: 'account_differs' });
  expect(rig.server.spends).toBe(0);
  expect(await (await adopt(rig, token, { as: 'Mine' })).stored).toMatchObject({ name: 'acme:mine' });
});

it('the same account is replaced when that is asked, and never by less than it has', async () => {
  const rig = createRig();
  await plantConnection((await rig.process()).workspace);
  expect(await refusal((await adopt(rig, token)).stored)).toMatchObject({ hint: `${command} --force` });
  const { refresh_token: _, ...less } = token;
  expect((await refusal((await adopt(rig, less, { force: true })).stored)).message).toContain('the file holds none');
  expect(await (await adopt(rig, token, { force: true })).stored).toMatchObject({ name: 'acme', refreshedAt: null });
});

it('where it is not known whose two grants are, nothing is said of one account', async () => {
  const rig = createRig();
  await plantConnection((await rig.process()).workspace, { account: { id: null, name: null } });
  rig.server.instead = (request) => (request.url.endsWith('/userinfo') ? Promise.resolve(json(200, {})) : undefined);
  const problem = await refusal((await adopt(rig, token)).stored);
  expect(problem).toMatchObject({ code: 'account_differs', hint: `${command} --as LABEL` });
  expect(problem.message).not.toContain('of that account');
  expect(await (await adopt(rig, token, { force: true })).stored).toMatchObject({ name: 'acme' });
});

it.each([
  ['tells no scopes', undefined],
  ['tells those of another service', 'https://mail.google.com/'],
])('a token whose file %s is asked about all the same', async (_, scope) => {
  const rig = createRig();
  const stranger = { access_token: 'access-of-another', scope };
  expect(await refusal((await adopt(rig, stranger)).stored)).toMatchObject({ code: 'reconnect_required' });
  expect(rig.world.files.paths('/data/connections')).toEqual([]);
  expect(await (await adopt(rig, { access_token: 'access-0', scope })).stored).toMatchObject({
    account: { id: 'account-1' },
  });
});

it('a client that came with a dead grant does not stay', async () => {
  const rig = createRig();
  rig.server.dead = true;
  const { stored, world } = await adopt(rig, { ...token, client_id: 'their-client' }, { app: 'theirs' });
  const problem = await refusal(stored);
  expect(problem).toMatchObject({ code: 'reconnect_required' });
  expect(world.files.paths('/data/apps')).toEqual([]);
});

it('a grant of another client comes with its client, beside the one that is there', async () => {
  const rig = createRig();
  const other = { ...token, client_id: 'their-client' };
  expect(await refusal((await adopt(rig, other)).stored)).toMatchObject({ code: 'app_changed' });
  expect(await (await adopt(rig, other, { app: 'theirs' })).stored).toMatchObject({
    app: 'theirs',
    clientId: 'their-client',
  });
  // Known by then, so it need not be named again.
  expect(await (await adopt(rig, other, { as: 'two' })).stored).toMatchObject({ app: 'theirs' });
});

it('a grant of another service is not shown to this one', async () => {
  const rig = createRig();
  const foreign = { ...token, token_uri: 'https://oauth2.googleapis.com/token' };
  expect((await refusal((await adopt(rig, foreign)).stored)).message).toContain('oauth2.googleapis.com, which');
  expect(rig.world.network.requests).toEqual([]);
  const own = { ...token, token_uri: 'https://login.acme.example/token' };
  expect(await (await adopt(rig, own)).stored).toMatchObject({ name: 'acme' });
});

it.each([false, true])('killed at any change to a file (done: %s), the refresh token is never lost', async (after) => {
  for (let nth = 1; ; nth++) {
    const rig = createRig();
    const { world, workspace } = await rig.process();
    rig.world.files.set(path, JSON.stringify({ ...token, access_token: undefined }));
    rig.world.files.faults.push({ kind: 'killed', nth, after });
    const done = adoptWith(workspace, {}).then(() => 'done');
    const killed = world.system.clock.sleep(60_000).then(() => 'killed');
    const end = await Promise.race([done, killed]);
    rig.world.files.faults.length = 0;
    if (end === 'done') break;
    const next = await rig.process();
    const stored = await readConnection(next.workspace, 'acme');
    // Not stored: not spent, and the plain file is as good as before.
    if (stored === undefined) expect(rig.server.spends).toBe(0);
    const ending = await (stored === undefined
      ? adoptWith(next.workspace, {}).then(() => 'works')
      : workingToken(next.workspace, 'acme', { minValidSeconds: 60 }).then(
          () => 'works',
          (error: Error) => (/cut short/.test(error.message) && rig.server.spends > 0 ? 'named' : 'lost'),
        ));
    expect(['works', 'named']).toContain(ending);
  }
});

it('no token is shown, traced or noted', async () => {
  const rig = createRig();
  const { stored, world } = await adopt(rig, { ...token, access_token: undefined });
  await stored;
  const files = world.files.paths('/').filter((file) => file !== path);
  const seen = [world.stdout(), world.stderr(), ...files.map((file) => world.files.get(file) ?? '')].join('\n');
  expect(seen).toContain('/token');
  for (const secret of ['refresh-0', 'access-1', 'refresh-1']) expect(seen).not.toContain(secret);
});
