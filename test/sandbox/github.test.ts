// The make-believe GitHub up to its tokens: authorization, exchange and the probe, for both kinds of app.
import { describe, expect, test } from 'vitest';
import { approve } from '../../src/sandbox/approve.ts';
import {
  authorizationUrl,
  connect,
  consented,
  exchange,
  type Kind,
  kinds,
  redirectUri,
  refresh,
  said,
  type Tokens,
  tokenUrl,
  user,
  works,
} from './github-client.ts';
import { basic, clientOf, createRig, type Form, get, json, post, verifier } from './rig.ts';

describe('the way of a correct client', () => {
  test.each<[Kind, string, string]>([
    ['oauth-app', 'gho_', 'user,gist'],
    ['github-app', 'ghu_', ''],
  ])('%s: code, tokens, probe, refresh', async (kind, prefix, scope) => {
    const rig = await createRig();
    const callback = await consented(rig, kind);
    expect(callback.href.startsWith(`${redirectUri}?code=`)).toBe(true);
    expect(callback.searchParams.get('state')).toBe('a-state-that-holds-256-bits-of-chance');
    expect(callback.searchParams.get('iss')).toBe('https://github.com/login/oauth');
    const shape = {
      access_token: expect.stringMatching(new RegExp(`^${prefix}`)),
      expires_in: 28_800,
      refresh_token: expect.stringMatching(/^ghr_/),
      refresh_token_expires_in: 15_897_600,
      scope,
      token_type: 'bearer',
    };
    const first = json<Tokens>(await exchange(rig, kind, callback.searchParams.get('code')));
    expect(first).toEqual(shape);
    const probed = await user(rig, first.access_token);
    expect(json(probed)).toMatchObject({ id: 18_151_210, login: 'ada', email: 'ada@example.com' });
    expect(probed.headers).toMatchObject({ 'x-oauth-scopes': scope.replace(',', ', '), 'x-accepted-oauth-scopes': '' });
    const second = json<Tokens>(await refresh(rig, kind, first.refresh_token));
    expect(second).toEqual(shape);
    expect([await works(rig, first.access_token), await works(rig, second.access_token)]).toEqual([false, true]);
    expect(rig.apps.github?.account).toEqual({ id: '18151210', name: 'ada' });
    expect(await rig.violations()).toEqual([]);
  });

  test('grace, by the hint or by who is signed in; the id stays what it is', async () => {
    const rig = await createRig();
    const hinted = await connect(rig, 'oauth-app', { login: 'grace' });
    expect(json(await user(rig, hinted.access_token))).toMatchObject({ login: 'grace', id: 19_061_209 });
    await rig.sandbox.control(['account=grace']);
    const { access_token } = await connect(rig, 'github-app');
    expect(json(await user(rig, access_token))).toMatchObject({ login: 'grace' });
  });

  test('a person chooses the account, then answers', async () => {
    const rig = await createRig();
    const url = authorizationUrl(rig, 'oauth-app');
    expect((await get(rig, url)).body).toContain('Choose an account');
    const send = (form: Form) =>
      post(rig, 'https://github.com/login/oauth/authorize', { request: new URL(url).search.slice(1), ...form });
    expect((await send({ account: 'grace@example.com' })).body).toContain('Use another account');
    const answer = await send({ account: 'grace@example.com', answer: 'allow', scope: 'gist' });
    const code = new URL(answer.headers.location ?? '').searchParams.get('code');
    const tokens = json<Tokens>(await exchange(rig, 'oauth-app', code));
    expect(tokens.scope).toBe('gist');
    expect(json(await user(rig, tokens.access_token))).toMatchObject({ login: 'grace' });
  });
});

describe('where the browser goes', () => {
  test('an OAuth App comes back to any port, a GitHub App to the registered ones', async () => {
    const rig = await createRig();
    const elsewhere = redirectUri.replace('8252', '49152');
    expect((await consented(rig, 'oauth-app', { redirect_uri: elsewhere })).searchParams.has('code')).toBe(true);
    const astray = await consented(rig, 'github-app', { redirect_uri: elsewhere });
    expect(astray.searchParams.has('code')).toBe(false);
    expect(await rig.violations()).toEqual([]);
  });

  test.each<[Kind, string, string]>([
    ['oauth-app', 'http://127.0.0.1:8252/callback', 'http://127.0.0.1/callback/github'],
    ['github-app', 'http://127.0.0.1:9000/callback/github', 'http://127.0.0.1:8252/callback/github'],
  ])('%s: what does not fit is told to the registered address', async (kind, wrong, registered) => {
    const rig = await createRig();
    const callback = await consented(rig, kind, { redirect_uri: wrong });
    expect(`${callback.origin}${callback.pathname}`).toBe(registered);
    expect(Object.fromEntries(callback.searchParams)).toEqual({
      error: 'redirect_uri_mismatch',
      error_description: expect.any(String),
      error_uri: expect.stringContaining('https://docs.github.com/'),
      state: 'a-state-that-holds-256-bits-of-chance',
      iss: 'https://github.com/login/oauth',
    });
    expect(await rig.violations()).toEqual([]);
  });

  test.each<[string, Form]>([
    ['another host name', { redirect_uri: redirectUri.replace('127.0.0.1', 'localhost') }],
    ['a slash more', { redirect_uri: `${redirectUri}/` }],
  ])('%s is a slip', async (_, change) => {
    const rig = await createRig();
    expect((await consented(rig, 'oauth-app', change)).searchParams.get('error')).toBe('redirect_uri_mismatch');
    expect(await rig.violations()).toEqual(['redirect_spelling']);
  });

  test('without an address it is the first registered one, whichever that is', async () => {
    const rig = await createRig();
    const callback = await consented(rig, 'oauth-app', { redirect_uri: undefined });
    expect(callback.href.startsWith('http://127.0.0.1/callback/github?code=')).toBe(true);
    expect(await rig.violations()).toEqual(['redirect_missing']);
  });

  test.each([
    [['consent-denied'], 'access_denied'],
    [['github-suspended'], 'application_suspended'],
  ])('%s is called back', async (switches, error) => {
    const rig = await createRig(switches);
    const { searchParams } = await consented(rig, 'oauth-app');
    expect([searchParams.get('error'), searchParams.get('state')]).toEqual([
      error,
      'a-state-that-holds-256-bits-of-chance',
    ]);
    expect([...searchParams.keys()]).toContain('error_uri');
    await rig.sandbox.control(['reset', 'never-calls-back']);
    await expect(approve(rig.sandbox, authorizationUrl(rig, 'oauth-app'))).rejects.toThrow('blocked');
  });
});

describe('the authorization request', () => {
  test.each<[string, Form, string]>([
    ['a plain challenge', { code_challenge: verifier, code_challenge_method: 'plain' }, 'pkce_method'],
    ['a challenge of 44 characters', { code_challenge: 'x'.repeat(44) }, 'pkce_challenge'],
    ['commas between scopes', { scope: 'repo,gist' }, 'scope'],
    ['no client', { client_id: undefined }, 'client_id_missing'],
    ['another response type', { response_type: 'token' }, 'response_type'],
  ])('%s ends on a page and is noted', async (_, change, violation) => {
    const rig = await createRig();
    await expect(consented(rig, 'oauth-app', change)).rejects.toMatchObject({ code: 'provider_refused' });
    expect(await rig.violations()).toEqual([violation]);
  });

  test.each<[Kind, Form, string]>([
    ['oauth-app', { state: 'short' }, 'state'],
    ['oauth-app', { code_challenge: undefined, code_challenge_method: undefined }, 'pkce_missing'],
    ['github-app', { scope: 'repo' }, 'scope'],
  ])('from the %s %o is let pass and noted', async (kind, change, violation) => {
    const rig = await createRig();
    expect((await consented(rig, kind, change)).searchParams.has('code')).toBe(true);
    expect(await rig.violations()).toEqual([violation]);
  });

  test('a GitHub App has no scopes, whatever it asks', async () => {
    expect((await connect(await createRig(), 'github-app', { scope: 'repo' })).scope).toBe('');
  });

  test('response_type=code does no harm', async () => {
    const rig = await createRig();
    await connect(rig, 'oauth-app', { response_type: 'code' });
    expect(await rig.violations()).toEqual([]);
  });

  test('the person may give less; who asks for nothing gets all that was ever given', async () => {
    const rig = await createRig(['reduced-scopes=gist']);
    expect((await connect(rig, 'oauth-app')).scope).toBe('user');
    await rig.sandbox.control(['reset']);
    await connect(rig, 'oauth-app', { scope: 'gist' });
    expect((await connect(rig, 'oauth-app', { scope: undefined })).scope).toBe('user,gist');
    expect((await connect(rig, 'oauth-app', { scope: undefined, login: 'grace' })).scope).toBe('');
    expect((await connect(rig, 'oauth-app', { scope: 'repo offline_access public_repo' })).scope).toBe('repo');
  });
});

describe('the token endpoint', () => {
  test('answers as a form until JSON is asked for, errors too', async () => {
    const rig = await createRig();
    const code = (await consented(rig, 'oauth-app')).searchParams.get('code');
    const answer = await exchange(rig, 'oauth-app', code, {}, { accept: '*/*' });
    expect(answer.headers['content-type']).toContain('application/x-www-form-urlencoded');
    const form = new URLSearchParams(answer.body);
    expect([form.get('scope'), form.get('token_type'), form.get('expires_in')]).toEqual([
      'user,gist',
      'bearer',
      '28800',
    ]);
    const refused = await exchange(rig, 'oauth-app', 'x', {}, { accept: '' });
    expect([refused.status, new URLSearchParams(refused.body).get('error')]).toEqual([200, 'bad_verification_code']);
    expect(await rig.violations()).toEqual(['accept', 'accept']);
  });

  test.each<[string, Form, string, string]>([
    ['no secret, PKCE or not', { client_secret: undefined }, 'incorrect_client_credentials', 'secret_missing'],
    ['no client', { client_id: undefined }, 'incorrect_client_credentials', 'client_id_missing'],
    ['no verifier', { code_verifier: undefined }, 'bad_verification_code', 'verifier'],
    ['another verifier', { code_verifier: 'y'.repeat(43) }, 'bad_verification_code', 'verifier'],
    ['no code', { code: undefined }, 'bad_verification_code', 'code_missing'],
    ['another redirect', { redirect_uri: `${redirectUri}/` }, 'redirect_uri_mismatch', 'redirect_differs'],
    ['another grant type', { grant_type: 'password' }, 'unsupported_grant_type', 'grant_type'],
  ])('%s is an error at 200 and noted', async (_, change, error, violation) => {
    const rig = await createRig();
    const code = (await consented(rig, 'oauth-app')).searchParams.get('code');
    const answer = await exchange(rig, 'oauth-app', code, change);
    expect(answer.status).toBe(200);
    expect(json(answer)).toEqual({
      error,
      error_description: expect.any(String),
      error_uri: expect.stringContaining('https://docs.github.com/'),
    });
    expect(await rig.violations()).toEqual([violation]);
  });

  test('a wrong secret, an old code, an unverified address: nobody’s slip', async () => {
    const rig = await createRig();
    const codes = [await consented(rig, 'oauth-app'), await consented(rig, 'oauth-app')];
    const [first, late] = codes.map((url) => url.searchParams.get('code') ?? '');
    expect(await said(exchange(rig, 'oauth-app', 'x', { client_secret: 'x' }))).toBe('incorrect_client_credentials');
    await rig.sandbox.control(['github-unverified-email']);
    expect(await said(exchange(rig, 'oauth-app', first ?? null))).toBe('unverified_user_email');
    await rig.sandbox.control(['reset']);
    rig.advance(600);
    expect(await said(exchange(rig, 'oauth-app', late ?? null))).toBe('bad_verification_code');
    await rig.sandbox.control(['expired-secret']);
    expect(await said(exchange(rig, 'oauth-app', 'x'))).toBe('incorrect_client_credentials');
    expect(await rig.violations()).toEqual([]);
  });

  test('a code works once, and Basic is not read', async () => {
    const rig = await createRig();
    const code = (await consented(rig, 'oauth-app')).searchParams.get('code');
    expect(await said(exchange(rig, 'oauth-app', code))).toBe('ok');
    expect(await said(exchange(rig, 'oauth-app', code))).toBe('bad_verification_code');
    const { id, secret } = clientOf(rig, 'github', 'oauth-app');
    const headers = { authorization: basic(id, secret) };
    const bare = { client_id: undefined, client_secret: undefined };
    expect(await said(exchange(rig, 'oauth-app', 'x', bare, headers))).toBe('incorrect_client_credentials');
    expect(await said(post(rig, `${tokenUrl}?code=x`, {}, { accept: 'application/json' }))).not.toBe('ok');
    expect(await rig.violations()).toEqual(['code_replayed', 'wrong_place', 'secret_in_url', 'client_id_missing']);
  });
});

test.each(kinds)('%s: no token, code or secret is on disk', async (kind) => {
  const rig = await createRig();
  const code = (await consented(rig, kind)).searchParams.get('code');
  const { access_token, refresh_token } = json<Tokens>(await exchange(rig, kind, code));
  const secrets = [code, access_token, refresh_token];
  expect(secrets.filter((secret) => secret === null || rig.stateText().includes(secret))).toEqual([]);
});
