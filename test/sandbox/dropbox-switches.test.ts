// What is switched at Dropbox: the answers that nobody is sure of, and the ways in which its grants end.
import { describe, expect, test } from 'vitest';
import { call, connect, consented, exchange, me, refresh, revoke, type Tokens, tagOf } from './dropbox-client.ts';
import { claimsOf, createRig, get, json, type Rig } from './rig.ts';

const works = async (rig: Rig, token: string) => (await me(rig, token)).status === 200;
const refreshes = async (rig: Rig, tokens: Tokens) => (await refresh(rig, tokens.refresh_token)).status === 200;
const openid = { scope: 'account_info.read openid' };

describe('both answers where nobody is sure', () => {
  test.each([
    [[], ['uid', 'account_id']],
    [['dropbox-team'], ['uid', 'team_id']],
    [['dropbox-team=beside'], ['uid', 'account_id', 'team_id']],
  ])('%o: the token says whose it is by %o', async (switches, members) => {
    const tokens = await connect(await createRig(switches));
    expect(Object.keys(tokens).filter((name) => name === 'uid' || name.endsWith('_id'))).toEqual(members);
  });

  test('a token of a team wants to know for which member', async () => {
    const rig = await createRig(['dropbox-team']);
    const { access_token } = await connect(rig);
    const member = (id: string) => me(rig, access_token, { 'dropbox-api-select-user': id });
    expect((await me(rig, access_token)).status).toBe(400);
    expect(tagOf(await member('dbmid:unknown'))).toBe('invalid_select_user');
    expect(json(await member('dbmid:AASandboxAda'))).toMatchObject({
      account_id: rig.apps.dropbox?.account.id,
      team: { name: 'Analytical Engines' },
    });
    expect((await revoke(rig, access_token)).status).toBe(200);
  });

  test.each([
    [[], 'https://www.dropbox.com', 'https://www.dropbox.com'],
    [['dropbox-issuer'], 'https://api.dropboxapi.com', 'https://api.dropboxapi.com'],
    [['dropbox-issuer=id-token'], 'https://api.dropboxapi.com', 'https://www.dropbox.com'],
  ])('%o: iss is %s in the id_token and %s elsewhere', async (switches, inToken, elsewhere) => {
    const rig = await createRig(switches);
    const { id_token, access_token } = await connect(rig, openid);
    const document = await get(rig, 'https://www.dropbox.com/.well-known/openid-configuration');
    expect([claimsOf(id_token).iss, json(document).issuer]).toEqual([inToken, elsewhere]);
    expect(json(await call(rig, 'openid/userinfo', access_token)).iss).toBe(elsewhere);
  });

  test('an error 400 may be JSON', async () => {
    const rig = await createRig(['dropbox-400']);
    const { access_token } = await connect(rig);
    const answer = await get(rig, 'https://api.dropboxapi.com/2/users/get_current_account', access_token);
    expect([answer.status, json(answer)]).toEqual([400, expect.objectContaining({ error: { '.tag': 'other' } })]);
  });

  test.each(['check/user', 'check/app'])('%s may not exist', async (path) => {
    const rig = await createRig(['dropbox-check']);
    const { access_token } = await connect(rig);
    const answer = await call(rig, path, access_token, { 'content-type': 'application/json' }, '{"query":"x"}');
    expect([answer.status, answer.body]).toEqual([400, expect.stringContaining('Unknown API function')]);
    expect(await rig.violations()).toEqual([]);
  });
});

describe('what real apps run into', () => {
  test('a scope that is not ticked cannot be asked for, and is no slip; what was granted before stays', async () => {
    const rig = await createRig();
    const before = await connect(rig);
    await rig.sandbox.control(['dropbox-untick']);
    expect((await consented(rig)).searchParams.get('error')).toBe('invalid_scope');
    expect(await works(rig, before.access_token)).toBe(true);
    const after = await connect(rig, { scope: undefined });
    expect(after.scope).not.toContain('account_info');
    expect(await rig.violations()).toEqual([]);
    expect(tagOf(await me(rig, after.access_token))).toBe('missing_scope');
  });

  test.each(['user_suspended', 'route_access_denied'])('calls are refused: %s', async (tag) => {
    const rig = await createRig([`dropbox-refusal=${tag}`]);
    const answer = await me(rig, (await connect(rig)).access_token);
    expect([answer.status, tagOf(answer)]).toEqual([401, tag]);
  });

  test('the person unticks scopes, but never account_info.read', async () => {
    const rig = await createRig(['reduced-scopes']);
    expect((await connect(rig)).scope).toBe('account_info.read');
  });

  test('no refresh token comes, whatever was asked for', async () => {
    expect(await connect(await createRig(['no-refresh-token']))).not.toHaveProperty('refresh_token');
  });

  test('expires_in as it may be written, and members that nobody knows', async () => {
    const rig = await createRig(['expires-in=absent', 'extra-fields']);
    const tokens = await connect(rig);
    expect(tokens).not.toHaveProperty('expires_in');
    expect(tokens).toHaveProperty('future_member');
    expect(json(await refresh(rig, tokens.refresh_token))).toHaveProperty('future_member');
  });

  test('a refresh may bring a new refresh token after all, and the old one then fails', async () => {
    const rig = await createRig(['rotation=always']);
    const first = await connect(rig);
    const second = json<Tokens>(await refresh(rig, first.refresh_token));
    expect([await refreshes(rig, first), await refreshes(rig, second)]).toEqual([false, true]);
  });

  test('an access token ends sooner', async () => {
    const rig = await createRig(['access-life=60']);
    const tokens = await connect(rig);
    expect(tokens.expires_in).toBe(60);
    rig.advance(60);
    expect(tagOf(await me(rig, tokens.access_token))).toBe('expired_access_token');
  });

  test('the person unlinks the app', async () => {
    const rig = await createRig();
    const tokens = await connect(rig);
    await rig.sandbox.control(['revoked-by-user@dropbox']);
    expect([await works(rig, tokens.access_token), await refreshes(rig, tokens)]).toEqual([false, false]);
    expect(await rig.violations()).toEqual([]);
  });

  test('a refused refresh that ends nothing', async () => {
    const rig = await createRig(['invalid-grant*1']);
    const tokens = await connect(rig);
    expect([await refreshes(rig, tokens), await refreshes(rig, tokens)]).toEqual([false, true]);
  });

  test('another account is signed in', async () => {
    const rig = await createRig(['account=grace']);
    const code = (await consented(rig)).searchParams.get('code');
    const { account_id } = json<Tokens>(await exchange(rig, code));
    expect(account_id).toMatch(/^dbid:/);
    expect(account_id).not.toBe(rig.apps.dropbox?.account.id);
  });
});
