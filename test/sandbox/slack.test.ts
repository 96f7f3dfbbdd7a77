// The make-believe Slack: 200 whatever happens, two tokens of one install, a nested answer and a flat one.
import { describe, expect, test } from 'vitest';
import { approve } from '../../src/sandbox/approve.ts';
import { basic, clientOf, createRig, type Form, get, json, post, verifier } from './rig.ts';
import {
  authorizationUrl,
  authTest,
  connect,
  consented,
  exchange,
  https,
  type Installed,
  type Kind,
  localhost,
  type RoleTokens,
  refresh,
  revoke,
  said,
} from './slack-client.ts';

const kinds: readonly Kind[] = ['pkce', 'confidential'];

describe('the way of a correct client', () => {
  test('the PKCE app: nested, then flat; refreshed, checked and revoked without a secret', async () => {
    const rig = await createRig();
    const callback = await consented(rig, 'pkce');
    expect(callback.href).toMatch(/^http:\/\/localhost:8252\/callback\/slack\?code=\w.*&state=a-state-[^&]+$/);
    const answer = json<Installed>(await exchange(rig, 'pkce', callback.searchParams.get('code')));
    expect(answer).toEqual({
      ok: true,
      app_id: 'A0SANDBOX01',
      authed_user: {
        id: 'U0SANDBOXAD',
        scope: 'users:read,channels:history',
        access_token: expect.stringMatching(/^xoxe\.xoxp-1-/),
        token_type: 'user',
        refresh_token: expect.stringMatching(/^xoxe-1-/),
        expires_in: 43_200,
      },
      team: { id: 'T0SANDBOX01', name: 'Analytical Engines' },
      enterprise: null,
      is_enterprise_install: false,
    });
    const next = json<RoleTokens>(await refresh(rig, 'pkce', answer.authed_user.refresh_token));
    expect(next).toMatchObject({
      ok: true,
      access_token: expect.stringMatching(/^xoxe\.xoxp-1-/),
      refresh_token: expect.stringMatching(/^xoxe-1-/),
      token_type: 'user',
      scope: 'users:read,channels:history',
      expires_in: 43_200,
    });
    expect(next).not.toHaveProperty('authed_user');
    expect(await said(authTest(rig, next.access_token))).toBe('ok');
    for (const token of [next.refresh_token, next.access_token]) {
      expect(json(await revoke(rig, token))).toEqual({ ok: true, revoked: true });
    }
    expect(await said(authTest(rig, next.access_token))).toBe('token_revoked');
    expect(await said(refresh(rig, 'pkce', next.refresh_token))).toBe('token_revoked');
    expect(await rig.violations()).toEqual([]);
  });

  test('the confidential app: the bot at the top, the person nested, each with a life of its own', async () => {
    const rig = await createRig();
    const both = await connect(rig, 'confidential');
    expect(both).toMatchObject({
      access_token: expect.stringMatching(/^xoxe\.xoxb-1-/),
      token_type: 'bot',
      scope: 'chat:write,commands',
      bot_user_id: 'U0SANDBOXBT',
      authed_user: { access_token: expect.stringMatching(/^xoxe\.xoxp-1-/), scope: 'users:read,channels:history' },
    });
    const next = json<RoleTokens>(await refresh(rig, 'confidential', both.refresh_token));
    expect([next.token_type, next.scope]).toEqual(['bot', 'chat:write,commands']);
    expect(next).toHaveProperty('bot_user_id');
    await revoke(rig, next.access_token);
    await revoke(rig, both.access_token);
    expect(await said(authTest(rig, both.access_token))).toBe('token_revoked');
    expect(await said(authTest(rig, both.authed_user.access_token))).toBe('ok');
    expect(await said(refresh(rig, 'confidential', both.authed_user.refresh_token))).toBe('ok');
    expect(await rig.violations()).toEqual([]);
  });

  test('HTTP Basic, and grant_type said or not', async () => {
    const rig = await createRig();
    const { id, secret } = clientOf(rig, 'slack', 'confidential');
    const code = (await consented(rig, 'confidential')).searchParams.get('code');
    const bare = { client_id: undefined, client_secret: undefined, grant_type: 'authorization_code' };
    const answer = await exchange(rig, 'confidential', code, bare, { authorization: basic(id, secret) });
    expect(await said(answer)).toBe('ok');
    expect(await rig.violations()).toEqual([]);
  });

  test.each(kinds)('%s: an address below a registered one, and another registered port', async (kind) => {
    const rig = await createRig();
    const redirect = kind === 'pkce' ? localhost.replace('8252', '8254') : https;
    const callback = await consented(rig, kind, { redirect_uri: `${redirect}/cli` });
    expect(callback.href.startsWith(`${redirect}/cli?code=`)).toBe(true);
    const code = callback.searchParams.get('code');
    expect(await said(exchange(rig, kind, code, { redirect_uri: `${redirect}/cli` }))).toBe('ok');
    expect(await rig.violations()).toEqual([]);
  });

  test('the one registered address may be left out, twice', async () => {
    const rig = await createRig();
    const callback = await consented(rig, 'confidential', { redirect_uri: undefined });
    expect(callback.href.startsWith(`${https}?code=`)).toBe(true);
    const code = callback.searchParams.get('code');
    expect(await said(exchange(rig, 'confidential', code, { redirect_uri: undefined }))).toBe('ok');
  });

  test('a person answers on the page', async () => {
    const rig = await createRig();
    const url = authorizationUrl(rig, 'pkce');
    expect((await get(rig, url)).body).toContain('action="https://slack.com/oauth/v2/authorize"');
    const answer = await post(rig, 'https://slack.com/oauth/v2/authorize', {
      request: new URL(url).search.slice(1),
      account: 'grace@example.com',
      answer: 'allow',
    });
    expect(answer.status).toBe(303);
    const code = new URL(answer.headers.location ?? '').searchParams.get('code');
    const { authed_user } = json<Installed>(await exchange(rig, 'pkce', code));
    expect(authed_user.id).toBe('U0SANDBOXGR');
    expect(json(await authTest(rig, authed_user.access_token))).toMatchObject({
      user: 'grace',
      user_id: 'U0SANDBOXGR',
    });
  });
});

describe('the authorization request', () => {
  test.each<[string, Kind, Form, string]>([
    ['without a challenge', 'pkce', { code_challenge: undefined }, 'pkce_missing'],
    ['with a plain challenge', 'pkce', { code_challenge: verifier, code_challenge_method: 'plain' }, 'pkce_method'],
    ['with spaces between scopes', 'pkce', { user_scope: 'users:read channels:history' }, 'scope'],
    ['with a prefix of ours', 'confidential', { scope: 'bot:chat:write' }, 'scope'],
    ['without scopes', 'pkce', { user_scope: undefined }, 'scope'],
    ['with bot scopes and a desktop redirect', 'pkce', { scope: 'chat:write' }, 'bot_scopes'],
    ['without one of several addresses', 'pkce', { redirect_uri: undefined }, 'redirect_missing'],
    [
      'with the address instead of the name',
      'pkce',
      { redirect_uri: localhost.replace('localhost', '127.0.0.1') },
      'redirect_spelling',
    ],
    ['to plain http', 'confidential', { redirect_uri: localhost }, 'redirect_scheme'],
  ])('%s ends on a page and is noted', async (_, kind, change, violation) => {
    const rig = await createRig();
    await expect(consented(rig, kind, change)).rejects.toMatchObject({ code: 'provider_refused' });
    expect(await rig.violations()).toEqual([violation]);
  });

  test('a port that is not registered ends on a page: that is the registration’s fault', async () => {
    const rig = await createRig();
    const other = consented(rig, 'pkce', { redirect_uri: localhost.replace('8252', '9000') });
    await expect(other).rejects.toMatchObject({ message: expect.stringContaining('redirect_uri') });
    expect(await rig.violations()).toEqual([]);
  });

  test('a challenge from an app without PKCE is let pass and noted', async () => {
    const rig = await createRig();
    const change = { code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' };
    const code = (await consented(rig, 'confidential', change)).searchParams.get('code');
    expect(await said(exchange(rig, 'confidential', code, { code_verifier: verifier }))).toBe('ok');
    expect(await rig.violations()).toEqual(['pkce_unwanted', 'pkce_unwanted']);
  });

  test('all or nothing, until the app marks scopes as optional', async () => {
    const rig = await createRig();
    expect((await get(rig, authorizationUrl(rig, 'pkce'))).body).toContain('disabled');
    await rig.sandbox.control(['reduced-scopes=channels']);
    expect((await get(rig, authorizationUrl(rig, 'pkce'))).body).not.toContain('disabled');
    const { authed_user } = await connect(rig, 'pkce');
    expect(authed_user.scope).toBe('users:read');
    expect((await authTest(rig, authed_user.access_token)).headers['x-oauth-scopes']).toBe('users:read');
  });

  test('scopes add up from one sign-in to the next, until everything is revoked', async () => {
    const rig = await createRig();
    const scopeAfter = async (user_scope: string) => (await connect(rig, 'pkce', { user_scope })).authed_user;
    const first = await scopeAfter('users:read');
    const second = await scopeAfter('search:read');
    expect(second.scope).toBe('users:read,search:read');
    for (const { access_token, refresh_token } of [first, second])
      for (const token of [access_token, refresh_token]) await revoke(rig, token);
    expect((await scopeAfter('search:read')).scope).toBe('search:read');
  });

  test('Cancel is called back, and it may never call back', async () => {
    const rig = await createRig(['consent-denied']);
    expect((await consented(rig, 'pkce')).search).toBe(
      '?error=access_denied&state=a-state-that-holds-256-bits-of-chance',
    );
    await rig.sandbox.control(['reset', 'never-calls-back']);
    await expect(approve(rig.sandbox, authorizationUrl(rig, 'pkce'))).rejects.toMatchObject({
      code: 'provider_refused',
    });
  });
});

test('429 names the seconds, and 5xx is not ok either', async () => {
  const rig = await createRig(['http-429=7*1', 'http-5xx=503']);
  const limited = await authTest(rig, 'x');
  expect([limited.status, limited.headers['retry-after'], await said(limited)]).toEqual([429, '7', 'ratelimited']);
  const down = await authTest(rig, 'x');
  expect([down.status, await said(down)]).toEqual([503, 'internal_error']);
});

test('no token, code or secret is on disk', async () => {
  const rig = await createRig();
  const code = (await consented(rig, 'confidential')).searchParams.get('code');
  const both = json<Installed>(await exchange(rig, 'confidential', code));
  const { access_token, refresh_token, authed_user } = both;
  const secrets = [code, access_token, refresh_token, authed_user.access_token, authed_user.refresh_token];
  expect(secrets.filter((secret) => !secret || rig.stateText().includes(secret))).toEqual([]);
});
