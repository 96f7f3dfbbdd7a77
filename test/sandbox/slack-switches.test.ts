// What is switched at Slack: states of apps and workspaces, and both answers where nobody is sure.
import { describe, expect, test } from 'vitest';
import { createRig, json, type Rig } from './rig.ts';
import { authTest, connect, consented, exchange, type Kind, localhost, refresh, revoke, said } from './slack-client.ts';

describe('without token rotation', () => {
  test.each<[string, Kind, string]>([
    ['confidential', 'confidential', 'xoxp-'],
    ['confidential', 'pkce', 'xoxe.xoxp-1-'],
    ['all', 'pkce', 'xoxp-'],
  ])('of %s apps the %s app gets %s', async (value, kind, prefix) => {
    const rig = await createRig([`slack-no-rotation=${value}`]);
    const { authed_user } = await connect(rig, kind);
    const lasts = prefix === 'xoxp-';
    expect(authed_user.access_token.startsWith(prefix)).toBe(true);
    expect(['refresh_token' in authed_user, 'expires_in' in authed_user]).toEqual([!lasts, !lasts]);
    rig.advance(400 * 86_400);
    expect((await said(authTest(rig, authed_user.access_token))) === 'ok').toBe(lasts);
  });

  test.each([
    ['everything ends', ['slack-no-rotation'], 'token_revoked'],
    ['one token ends where tokens rotate', [], 'ok'],
  ])('at auth.revoke %s', async (_, switches, others) => {
    const rig = await createRig(switches);
    const both = await connect(rig, 'confidential');
    const again = await connect(rig, 'confidential');
    if (switches.length > 0) expect(both.access_token).toMatch(/^xoxb-/);
    await revoke(rig, both.access_token);
    expect(await said(authTest(rig, both.access_token))).toBe('token_revoked');
    expect(await said(authTest(rig, both.authed_user.access_token))).toBe(others);
    expect(await said(authTest(rig, again.access_token))).toBe(others);
    expect(await rig.violations()).toEqual([]);
  });
});

describe('both answers where nobody is sure', () => {
  test('a secret from a PKCE app may be ignored; it is noted either way', async () => {
    const rig = await createRig(['slack-pkce-secret']);
    const code = (await consented(rig, 'pkce')).searchParams.get('code');
    expect(await said(exchange(rig, 'pkce', code, { client_secret: 'x' }))).toBe('ok');
    expect(await said(exchange(rig, 'confidential', 'x', { client_secret: 'x' }))).toBe('bad_client_secret');
    expect(await rig.violations()).toEqual(['secret_unwanted']);
  });

  test('127.0.0.1 may pass like localhost, and http may not have been taken at all', async () => {
    const rig = await createRig(['slack-loopback=address']);
    const address = localhost.replace('localhost', '127.0.0.1');
    expect((await consented(rig, 'pkce', { redirect_uri: address })).host).toBe('127.0.0.1:8252');
    await rig.sandbox.control(['slack-loopback=unregistered']);
    await expect(consented(rig, 'pkce')).rejects.toMatchObject({ code: 'provider_refused' });
    expect(await rig.violations()).toEqual([]);
  });

  test('Cancel may have another name', async () => {
    const rig = await createRig(['consent-denied', 'slack-denied']);
    expect((await consented(rig, 'pkce')).searchParams.get('error')).toBe('user_denied');
  });

  test('iss may come, and may be foreign', async () => {
    const rig = await createRig(['slack-iss']);
    expect((await consented(rig, 'pkce')).searchParams.get('iss')).toBe('https://slack.com');
    await rig.sandbox.control(['reset']);
    expect((await consented(rig, 'pkce')).searchParams.has('iss')).toBe(false);
    await rig.sandbox.control(['iss-callback=foreign']);
    expect((await consented(rig, 'pkce')).searchParams.get('iss')).toBe('https://accounts.example.net');
  });

  test.each([
    ['invalid_grant', 400],
    ['token_revoked', 200],
    ['token_expired', 200],
    ['invalid_refresh_token', 200],
  ])('a dead refresh token may be told %s at %i', async (name, status) => {
    const rig = await createRig([`slack-dead-refresh=${name}`]);
    const { authed_user } = await connect(rig, 'pkce');
    await revoke(rig, authed_user.refresh_token);
    const answer = await refresh(rig, 'pkce', authed_user.refresh_token);
    expect([await said(answer), answer.status]).toEqual([name, status]);
  });

  test.each(['invalid_auth', 'token_revoked', 'token_expired'])('a dead token may be told %s', async (name) => {
    const rig = await createRig([`slack-dead-token=${name}`]);
    const { authed_user } = await connect(rig, 'pkce');
    await revoke(rig, authed_user.access_token);
    expect(await said(authTest(rig, authed_user.access_token))).toBe(name);
    expect(await said(revoke(rig, authed_user.access_token))).toBe(name);
    expect(await said(authTest(rig, 'xoxp-nobody'))).toBe(name);
  });

  test('revoking what is dead may succeed, and `revoked` may be missing', async () => {
    const rig = await createRig(['revoke-dead=accepted', 'slack-revoked']);
    const { authed_user } = await connect(rig, 'pkce');
    expect(json(await revoke(rig, authed_user.access_token))).toEqual({ ok: true });
    expect(json(await revoke(rig, authed_user.access_token))).toEqual({ ok: true });
    await rig.sandbox.control(['reset']);
    expect(await said(revoke(rig, authed_user.access_token))).toBe('token_revoked');
  });

  test('auth.test may answer as before', async () => {
    const rig = await createRig(['slack-auth-test']);
    const { authed_user } = await connect(rig, 'pkce');
    const answer = json(await authTest(rig, authed_user.access_token));
    expect(Object.keys(answer)).toEqual(['ok', 'url', 'team', 'team_id', 'user', 'user_id', 'is_enterprise_install']);
  });
});

describe('the workspace', () => {
  test.each(['account_inactive', 'org_login_required', 'team_added_to_org'])(
    '%s, for as long as it lasts',
    async (name) => {
      const rig = await createRig();
      const { authed_user } = await connect(rig, 'pkce');
      const calls = () => [
        refresh(rig, 'pkce', authed_user.refresh_token),
        authTest(rig, authed_user.access_token),
        revoke(rig, authed_user.access_token, { test: '1' }),
      ];
      await rig.sandbox.control([`slack-refuses=${name}`]);
      for (const answer of await Promise.all(calls())) expect(await said(answer)).toBe(name);
      await rig.sandbox.control(['slack-refuses=off']);
      for (const answer of await Promise.all(calls())) expect(await said(answer)).toBe('ok');
      expect(await rig.violations()).toEqual([]);
    },
  );

  test('may belong to an organisation', async () => {
    const rig = await createRig(['slack-enterprise']);
    const installed = await connect(rig, 'pkce');
    expect(installed).toMatchObject({ enterprise: { id: 'E0SANDBOX01' }, is_enterprise_install: false });
    const answer = json(await authTest(rig, installed.authed_user.access_token));
    expect(answer).toMatchObject({ enterprise_id: 'E0SANDBOX01', team_id: 'T0SANDBOX01' });
  });

  test('a dry run revokes nothing', async () => {
    const rig = await createRig();
    const { authed_user } = await connect(rig, 'pkce');
    expect(json(await revoke(rig, authed_user.access_token, { test: '1' }))).toEqual({ ok: true, revoked: false });
    expect(await said(authTest(rig, authed_user.access_token))).toBe('ok');
  });
});

describe('what every server may be switched to', () => {
  const refreshes = async (rig: Rig, token: string) => said(refresh(rig, 'pkce', token));

  test('no refresh token, lives and spellings', async () => {
    const rig = await createRig(['no-refresh-token', 'access-life=60', 'expires-in=string', 'extra-fields']);
    const { authed_user, ...rest } = await connect(rig, 'pkce');
    expect(authed_user).not.toHaveProperty('refresh_token');
    expect(authed_user.expires_in).toBe('60');
    expect(rest).toHaveProperty('future_member');
    rig.advance(60);
    expect(await said(authTest(rig, authed_user.access_token))).toBe('token_expired');
  });

  test('the person removes the app; a refresh is refused once; a second use ends the grant', async () => {
    const rig = await createRig(['invalid-grant*1', 'grace=1', 'reuse=kills']);
    const { authed_user } = await connect(rig, 'pkce');
    expect(await refreshes(rig, authed_user.refresh_token)).toBe('invalid_refresh_token');
    const next = json<{ refresh_token: string }>(await refresh(rig, 'pkce', authed_user.refresh_token));
    rig.advance(1);
    expect(await refreshes(rig, authed_user.refresh_token)).toBe('invalid_refresh_token');
    expect(await refreshes(rig, next.refresh_token)).toBe('token_revoked');
    const again = (await connect(rig, 'pkce')).authed_user;
    await rig.sandbox.control(['revoked-by-user@slack']);
    expect(await said(authTest(rig, again.access_token))).toBe('token_revoked');
  });

  test('grace is signed in', async () => {
    expect((await connect(await createRig(['account=grace']), 'confidential')).authed_user.id).toBe('U0SANDBOXGR');
  });

  test.each(['connection-reset', 'truncate'])('%s at a refresh: sending the token again is no slip', async (fault) => {
    const rig = await createRig();
    const { authed_user } = await connect(rig, 'pkce');
    await rig.sandbox.control([`${fault}@slack.token*1`]);
    await refresh(rig, 'pkce', authed_user.refresh_token);
    expect(await refreshes(rig, authed_user.refresh_token)).toBe('ok');
    rig.advance(60);
    expect(await refreshes(rig, authed_user.refresh_token)).toBe('invalid_refresh_token');
    expect(await rig.violations()).toEqual([]);
  });
});
