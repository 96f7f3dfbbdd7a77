// Slack's tokens: what oauth.v2.access refuses, how they rotate, and what auth.test tells of them.
import { describe, expect, test } from 'vitest';
import { createRig, type Form, get, json, post, verifier } from './rig.ts';
import {
  accessUrl,
  authTest,
  connect,
  consented,
  exchange,
  type Kind,
  localhost,
  type RoleTokens,
  refresh,
  said,
} from './slack-client.ts';

describe('oauth.v2.access', () => {
  test.each<[string, Kind, Form, string, string]>([
    ['no client', 'pkce', { client_id: undefined }, 'invalid_client_id', 'client_id_missing'],
    ['a secret from a PKCE app', 'pkce', { client_secret: 'x' }, 'bad_client_secret', 'secret_unwanted'],
    ['no secret from the other', 'confidential', { client_secret: undefined }, 'bad_client_secret', 'secret_missing'],
    ['no verifier', 'pkce', { code_verifier: undefined }, 'invalid_code', 'verifier'],
    ['another verifier', 'pkce', { code_verifier: 'y'.repeat(43) }, 'invalid_code', 'verifier'],
    ['no code', 'pkce', { code: undefined }, 'invalid_code', 'code_missing'],
    ['another redirect', 'pkce', { redirect_uri: `${localhost}/` }, 'bad_redirect_uri', 'redirect_differs'],
    ['no redirect', 'pkce', { redirect_uri: undefined }, 'bad_redirect_uri', 'redirect_differs'],
    ['another grant type', 'pkce', { grant_type: 'password' }, 'invalid_grant_type', 'grant_type'],
  ])('%s is refused at 200 and noted', async (_, kind, change, error, violation) => {
    const rig = await createRig();
    const code = (await consented(rig, kind)).searchParams.get('code');
    const answer = await exchange(rig, kind, code, change);
    expect([answer.status, await said(answer)]).toEqual([200, error]);
    expect(await rig.violations()).toEqual([violation]);
  });

  test('JSON is not read', async () => {
    const rig = await createRig();
    const headers = { 'content-type': 'application/json' };
    expect(await said(exchange(rig, 'pkce', 'x', {}, headers))).toBe('invalid_client_id');
    expect(await rig.violations()).toEqual(['content_type', 'client_id_missing']);
  });

  test('unknown client, wrong secret, old code: nobody’s slip', async () => {
    const rig = await createRig();
    const late = (await consented(rig, 'pkce')).searchParams.get('code');
    rig.advance(600);
    expect(await said(exchange(rig, 'pkce', late))).toBe('invalid_code');
    expect(await said(exchange(rig, 'pkce', 'x', { client_id: '1.2' }))).toBe('invalid_client_id');
    expect(await said(exchange(rig, 'confidential', 'x', { client_secret: 'x' }))).toBe('bad_client_secret');
    await rig.sandbox.control(['expired-secret']);
    expect(await said(exchange(rig, 'confidential', 'x'))).toBe('bad_client_secret');
    expect(await rig.violations()).toEqual([]);
  });

  test('a code works once', async () => {
    const rig = await createRig();
    const code = (await consented(rig, 'pkce')).searchParams.get('code');
    expect(await said(exchange(rig, 'pkce', code))).toBe('ok');
    expect(await said(exchange(rig, 'pkce', code))).toBe('invalid_code');
    expect(await rig.violations()).toEqual(['code_replayed']);
  });

  test('a verifier or an access token at a refresh is noted', async () => {
    const rig = await createRig();
    const { authed_user } = await connect(rig, 'pkce');
    expect(await said(refresh(rig, 'pkce', authed_user.access_token))).toBe('invalid_refresh_token');
    expect(await said(refresh(rig, 'pkce', authed_user.refresh_token, { code_verifier: verifier }))).toBe('ok');
    expect(await said(post(rig, `${accessUrl}?refresh_token=x`, {}))).toBe('invalid_client_id');
    expect(await rig.violations()).toEqual(['wrong_token', 'pkce_unwanted', 'secret_in_url', 'client_id_missing']);
  });
});

describe('rotation', () => {
  test('a used refresh token works for a short grace, then is dead and ends nothing else', async () => {
    const rig = await createRig();
    const { authed_user } = await connect(rig, 'pkce');
    const next = json<RoleTokens>(await refresh(rig, 'pkce', authed_user.refresh_token));
    rig.advance(59);
    expect(await said(refresh(rig, 'pkce', authed_user.refresh_token))).toBe('ok');
    rig.advance(1);
    expect(await said(refresh(rig, 'pkce', authed_user.refresh_token))).toBe('invalid_refresh_token');
    expect(await said(refresh(rig, 'pkce', next.refresh_token))).toBe('ok');
    expect(await rig.violations()).toEqual(['refresh_token_reused']);
  });

  test('two access tokens live at once: the third ends the oldest', async () => {
    const rig = await createRig();
    const first = (await connect(rig, 'pkce')).authed_user;
    const second = json<RoleTokens>(await refresh(rig, 'pkce', first.refresh_token));
    expect(await said(authTest(rig, first.access_token))).toBe('ok');
    await refresh(rig, 'pkce', second.refresh_token);
    expect(await said(authTest(rig, first.access_token))).toBe('token_revoked');
    expect(await said(authTest(rig, second.access_token))).toBe('ok');
  });

  test.each<[Kind, string]>([
    ['pkce', 'invalid_refresh_token'],
    ['confidential', 'ok'],
  ])('a refresh token of the %s app after 30 days: %s', async (kind, outcome) => {
    const rig = await createRig();
    const { authed_user } = await connect(rig, kind);
    rig.advance(30 * 86_400 - 1);
    const next = json<RoleTokens>(await refresh(rig, kind, authed_user.refresh_token));
    rig.advance(30 * 86_400);
    expect(await said(refresh(rig, kind, next.refresh_token))).toBe(outcome);
    expect(await rig.violations()).toEqual([]);
  });
});

describe('auth.test', () => {
  test('who the person is, by GET or POST, and what the token may do in a header', async () => {
    const rig = await createRig();
    const { authed_user } = await connect(rig, 'pkce');
    const answer = await authTest(rig, authed_user.access_token);
    expect(json(answer)).toEqual({
      ok: true,
      url: 'https://analytical-engines.slack.com/',
      team: 'Analytical Engines',
      team_id: 'T0SANDBOX01',
      user: 'ada',
      user_id: 'U0SANDBOXAD',
      is_enterprise_install: false,
      app_id: 'A0SANDBOX01',
      app_name: 'oauthctl',
      expires_in: 43_200,
    });
    expect(answer.headers['x-oauth-scopes']).toBe('users:read,channels:history');
    const posted = await post(
      rig,
      'https://slack.com/api/auth.test',
      {},
      {
        authorization: `Bearer ${authed_user.access_token}`,
      },
    );
    expect(await said(posted)).toBe('ok');
    expect(rig.apps.slack?.account).toEqual({ id: 'T0SANDBOX01U0SANDBOXAD', name: 'ada (Analytical Engines)' });
  });

  test('a bot is itself, with its own scopes', async () => {
    const rig = await createRig();
    const { access_token } = await connect(rig, 'confidential');
    const answer = await authTest(rig, access_token);
    expect(json(answer)).toMatchObject({ user: 'oauthctl', user_id: 'U0SANDBOXBT', bot_id: 'B0SANDBOX01' });
    expect(answer.headers['x-oauth-scopes']).toBe('chat:write,commands');
  });

  test('a dead token is 200 too', async () => {
    const rig = await createRig();
    const { authed_user } = await connect(rig, 'pkce');
    rig.advance(43_200);
    const expired = await authTest(rig, authed_user.access_token);
    expect([expired.status, await said(expired)]).toEqual([200, 'token_expired']);
    expect(await said(authTest(rig, 'xoxp-nobody'))).toBe('invalid_auth');
    expect(await rig.violations()).toEqual([]);
    expect(await said(authTest(rig, authed_user.refresh_token))).toBe('invalid_auth');
    expect(await said(get(rig, 'https://slack.com/api/auth.test'))).toBe('not_authed');
    expect(await said(get(rig, `https://slack.com/api/auth.test?token=${authed_user.access_token}`))).toBe(
      'not_authed',
    );
    expect(await rig.violations()).toEqual(['wrong_token', 'token_missing', 'secret_in_url', 'token_missing']);
  });
});
