// Asana: what it answers to a correct client, and what it refuses.
import { describe, expect, test } from 'vitest';
import {
  ask,
  authorizationUrl,
  authorizePage,
  connect,
  consented,
  exchange,
  me,
  outOfBand,
  redirectUri,
  refresh,
  type Tokens,
} from './asana-client.ts';
import { basic, clientOf, createRig, type Form, get, json, post, postJson, type Rig } from './rig.ts';

const works = async (rig: Rig, token: string) => (await me(rig, token)).status === 200;
const api = (path: string) => `https://app.asana.com/api/1.0/${path}`;

test('a correct client gets through, and the violation log stays empty', async () => {
  const rig = await createRig();
  const first = await connect(rig);
  expect(await works(rig, first.access_token)).toBe(true);
  const second = json<Tokens>(await refresh(rig, first.refresh_token));
  expect([await works(rig, first.access_token), await works(rig, second.access_token)]).toEqual([true, true]);
  expect((await ask(rig, 'revoke', { token: first.refresh_token })).status).toBe(200);
  expect([await works(rig, first.access_token), await works(rig, second.access_token)]).toEqual([false, false]);
  expect(json(await refresh(rig, first.refresh_token)).error).toBe('invalid_grant');
  expect(await rig.violations()).toEqual([]);
});

describe('the answers', () => {
  test('tokens come with the account, and without scope', async () => {
    const rig = await createRig();
    const tokens = await connect(rig);
    expect(tokens).toEqual({
      access_token: expect.any(String),
      token_type: 'bearer',
      expires_in: 3600,
      data: { gid: rig.apps.asana?.account.id, name: 'Ada Lovelace', email: 'ada@example.com' },
      refresh_token: expect.any(String),
    });
    rig.advance(3600);
    expect(await works(rig, tokens.access_token)).toBe(false);
  });

  test('a refresh brings no refresh token, and the one there is stays', async () => {
    const rig = await createRig();
    const { refresh_token } = await connect(rig);
    const answer = json(await refresh(rig, refresh_token));
    expect(Object.keys(answer).sort()).toEqual(['access_token', 'expires_in', 'token_type']);
    rig.advance(400 * 86_400);
    expect((await refresh(rig, refresh_token)).status).toBe(200);
  });

  test('users/me names the person of the tokens', async () => {
    const rig = await createRig(['account=grace']);
    const { access_token, data } = await connect(rig);
    expect(json(await me(rig, access_token))).toEqual({
      data: expect.objectContaining({ gid: data.gid, name: 'Grace Hopper', workspaces: [expect.any(Object)] }),
    });
  });

  test('a dead token is 401 Not Authorized, a missing scope 403', async () => {
    const rig = await createRig();
    const dead = await me(rig, 'nonsense');
    expect([dead.status, json(dead)]).toEqual([
      401,
      { errors: [expect.objectContaining({ message: 'Not Authorized' })] },
    ]);
    const { access_token } = await connect(rig, { scope: 'tasks:read' });
    const narrow = await me(rig, access_token);
    expect([narrow.status, narrow.body]).toEqual([403, expect.stringContaining('default, users:read')]);
    expect(await rig.violations()).toEqual(['scope']);
  });

  test('userinfo needs openid, and tells what the scopes allow', async () => {
    const rig = await createRig();
    const { access_token, data } = await connect(rig, { scope: 'openid email' });
    const told = json(await get(rig, api('openid_connect/userinfo'), access_token));
    expect(told).toEqual({ sub: data.gid, email: 'ada@example.com', email_verified: true });
    const other = await connect(rig);
    expect((await get(rig, api('openid_connect/userinfo'), other.access_token)).status).toBe(403);
  });

  test('the metadata names the endpoints', async () => {
    const rig = await createRig();
    const document = json<Record<string, string>>(await get(rig, api('.well-known/openid-configuration')));
    expect(document).toMatchObject({
      issuer: 'https://app.asana.com/api/1.0',
      userinfo_endpoint: api('openid_connect/userinfo'),
      revocation_endpoint: 'https://app.asana.com/-/oauth_revoke',
    });
    expect(json(await get(rig, document.jwks_uri ?? '')).keys).toHaveLength(1);
  });

  test('429 has Retry-After, with errors at the API and error at the token endpoint', async () => {
    const rig = await createRig();
    const { access_token, refresh_token } = await connect(rig);
    await rig.sandbox.control(['http-429=7']);
    const [atApi, atToken] = [await me(rig, access_token), await refresh(rig, refresh_token)];
    for (const limited of [atApi, atToken])
      expect([limited.status, limited.headers['retry-after']]).toEqual([429, '7']);
    expect([Object.keys(json(atApi)), Object.keys(json(atToken))]).toEqual([
      ['errors'],
      ['error', 'error_description'],
    ]);
  });
});

describe('the authorization request', () => {
  test.each<[string, Form, string[]]>([
    ['another client', { client_id: '1' }, []],
    ['no client', { client_id: undefined }, ['client_id_missing']],
    ['no redirect', { redirect_uri: undefined }, ['redirect_missing']],
    [
      'the name instead of the address',
      { redirect_uri: 'http://localhost:8252/callback/asana' },
      ['redirect_spelling'],
    ],
    ['a slash more', { redirect_uri: `${redirectUri}/` }, ['redirect_spelling']],
    ['another port', { redirect_uri: 'http://127.0.0.1:9000/callback/asana' }, []],
  ])('%s ends on a page', async (_, change, violations) => {
    const rig = await createRig();
    await expect(consented(rig, change)).rejects.toMatchObject({ code: 'provider_refused' });
    expect(await rig.violations()).toEqual(violations);
  });

  test.each([8252, 8253, 8254])('port %i is registered', async (port) => {
    const rig = await createRig();
    const callback = await consented(rig, { redirect_uri: `http://127.0.0.1:${port}/callback/asana` });
    expect(callback.searchParams.get('state')).toBe('a-state-that-holds-256-bits-of-chance');
  });

  test.each<[string, Form, string, string[]]>([
    ['default', { scope: 'default' }, 'forbidden_scopes', []],
    ['no scope, which is default', { scope: undefined }, 'forbidden_scopes', []],
    ['default and others', { scope: 'default tasks:read' }, 'invalid_scope', ['scope_mixed']],
    ['a scope that nobody knows', { scope: 'sections:read' }, 'invalid_scope', []],
    ['an action that it has not', { scope: 'users:write' }, 'invalid_scope', []],
    ['commas', { scope: 'users:read,tasks:read' }, 'invalid_scope', ['scope']],
    ['another response_type', { response_type: 'token' }, 'unsupported_response_type', ['response_type']],
  ])('%s is told in the redirect', async (_, change, error, violations) => {
    const rig = await createRig();
    const { searchParams } = await consented(rig, change);
    expect([searchParams.get('error'), searchParams.has('error_description'), searchParams.has('state')]).toEqual([
      error,
      true,
      true,
    ]);
    expect(await rig.violations()).toEqual(violations);
  });

  test.each<[Form, string]>([
    [{ state: undefined }, 'state'],
    [{ code_challenge: undefined, code_challenge_method: undefined }, 'pkce_missing'],
    [{ client_secret: 'a secret' }, 'secret_in_url'],
  ])('%o is let pass and noted', async (change, violation) => {
    const rig = await createRig();
    expect((await consented(rig, change)).searchParams.has('code')).toBe(true);
    expect(await rig.violations()).toEqual([violation]);
  });

  test('out of band the code is shown for copying', async () => {
    const rig = await createRig();
    const url = authorizationUrl(rig, { redirect_uri: outOfBand });
    const page = await rig.sandbox.answer({ method: 'GET', url, headers: {}, consent: 'auto' });
    const code = /<code id="copy">([^<]+)</.exec(page.body)?.[1] ?? null;
    expect((await exchange(rig, code, { redirect_uri: outOfBand })).status).toBe(200);
    expect(await rig.violations()).toEqual([]);
  });

  test('a person answers on the page, yes or no', async () => {
    const rig = await createRig();
    const url = authorizationUrl(rig);
    expect((await get(rig, url)).body).toContain(`action="${authorizePage}"`);
    const sent = { request: new URL(url).search.slice(1), account: 'grace@example.com' };
    const yes = new URL((await post(rig, authorizePage, { ...sent, answer: 'allow' })).headers.location ?? '');
    expect(json<Tokens>(await exchange(rig, yes.searchParams.get('code')))).toMatchObject({
      data: { name: 'Grace Hopper' },
    });
    const no = new URL((await post(rig, authorizePage, { ...sent, answer: 'cancel' })).headers.location ?? '');
    expect(no.searchParams.get('error')).toBe('access_denied');
  });
});

describe('the token endpoint refuses', () => {
  test.each<[string, Form, string, string[]]>([
    ['no secret, PKCE or not', { client_secret: undefined }, 'invalid_client', ['secret_missing']],
    ['a wrong secret', { client_secret: 'wrong' }, 'invalid_client', []],
    ['no client', { client_id: undefined }, 'invalid_request', ['client_id_missing']],
    ['another verifier', { code_verifier: 'x'.repeat(43) }, 'invalid_grant', ['verifier']],
    ['no verifier', { code_verifier: undefined }, 'invalid_grant', ['verifier']],
    ['another redirect', { redirect_uri: outOfBand }, 'invalid_grant', ['redirect_differs']],
    ['no code', { code: undefined }, 'invalid_request', ['code_missing']],
    ['another grant type', { grant_type: 'password' }, 'unsupported_grant_type', ['grant_type']],
  ])('%s', async (_, change, error, violations) => {
    const rig = await createRig();
    const answer = await exchange(rig, (await consented(rig)).searchParams.get('code'), change);
    expect([answer.status, json(answer).error]).toEqual([400, error]);
    expect(await rig.violations()).toEqual(violations);
  });

  test('JSON, and the secret in the header', async () => {
    const rig = await createRig();
    const { id, secret } = clientOf(rig, 'asana', 'native');
    const url = 'https://app.asana.com/-/oauth_token';
    const form = { grant_type: 'refresh_token', refresh_token: (await connect(rig)).refresh_token };
    expect((await postJson(rig, url, { ...form, client_id: id, client_secret: secret })).status).toBe(400);
    expect((await post(rig, url, form, { authorization: basic(id, secret) })).status).toBe(400);
    expect(await rig.violations()).toEqual(['content_type', 'client_id_missing', 'wrong_place']);
  });
});

describe('revoking', () => {
  test.each<[string, (tokens: Tokens) => Form, number, string[]]>([
    ['a refresh token', ({ refresh_token }) => ({ token: refresh_token }), 200, []],
    ['an access token', ({ access_token }) => ({ token: access_token }), 400, ['wrong_token']],
    ['nonsense', () => ({ token: 'nonsense' }), 200, []],
    ['nothing', () => ({ token: undefined }), 400, ['token_missing']],
    [
      'without the secret',
      ({ refresh_token: token }) => ({ token, client_secret: undefined }),
      400,
      ['secret_missing'],
    ],
  ])('%s', async (what, form, status, violations) => {
    const rig = await createRig();
    const tokens = await connect(rig);
    expect((await ask(rig, 'revoke', form(tokens))).status).toBe(status);
    expect(await works(rig, tokens.access_token)).toBe(what !== 'a refresh token');
    expect(await rig.violations()).toEqual(violations);
  });

  test('a second time is 200 too', async () => {
    const rig = await createRig();
    const { refresh_token: token } = await connect(rig);
    await ask(rig, 'revoke', { token });
    expect((await ask(rig, 'revoke', { token })).status).toBe(200);
  });
});

test('no token, code or secret is on disk', async () => {
  const rig = await createRig();
  const code = (await consented(rig)).searchParams.get('code');
  const tokens = json<Tokens>(await exchange(rig, code));
  const next = json<Tokens>(await refresh(rig, tokens.refresh_token));
  const secrets = [code, tokens.access_token, tokens.refresh_token, next.access_token];
  expect(secrets.filter((secret) => secret === null || rig.stateText().includes(secret))).toEqual([]);
});
