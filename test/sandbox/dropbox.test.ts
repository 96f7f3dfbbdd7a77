// Dropbox: what it answers to a correct client, and what it refuses.
import { describe, expect, test } from 'vitest';
import {
  call,
  connect,
  consented,
  exchange,
  me,
  refresh,
  revoke,
  state,
  type Tokens,
  tagOf,
} from './dropbox-client.ts';
import { basic, claimsOf, clientOf, createRig, get, json, verifier } from './rig.ts';

const status = async (answer: Promise<{ status: number }>) => (await answer).status;

test.each(['public', 'confidential'] as const)(
  'a correct %s client gets through and leaves no violation',
  async (kind) => {
    const rig = await createRig();
    const first = await connect(rig, {}, kind);
    expect(json(await me(rig, first.access_token)).account_id).toBe(rig.apps.dropbox?.account.id);
    const second = json<Tokens>(await refresh(rig, first.refresh_token, {}, kind));
    expect(await status(me(rig, second.access_token))).toBe(200);
    expect(json(await revoke(rig, second.access_token))).toBeNull();
    expect(tagOf(await me(rig, second.access_token))).toBe('invalid_access_token');
    expect(json(await refresh(rig, first.refresh_token, {}, kind)).error).toBe('invalid_grant');
    expect(await rig.violations()).toEqual([]);
  },
);

describe('the answers', () => {
  test('tokens name the account, its number of before, the scope and four hours', async () => {
    const rig = await createRig();
    expect(await connect(rig)).toEqual({
      access_token: expect.stringMatching(/^sl\.Sandbox/),
      token_type: 'bearer',
      expires_in: 14_400,
      scope: 'account_info.read files.metadata.read',
      refresh_token: expect.any(String),
      uid: expect.stringMatching(/^\d+$/),
      account_id: expect.stringMatching(/^dbid:/),
    });
  });

  test('a refresh brings three members, and the refresh token stays good', async () => {
    const rig = await createRig();
    const { refresh_token, access_token } = await connect(rig);
    const answer = json(await refresh(rig, refresh_token));
    expect(Object.keys(answer)).toEqual(['access_token', 'token_type', 'expires_in']);
    expect(await status(refresh(rig, refresh_token))).toBe(200);
    expect(await status(me(rig, access_token))).toBe(200);
    expect(await rig.violations()).toEqual([]);
  });

  test('without openid there is no id_token; with it, it says who', async () => {
    const rig = await createRig(['account=grace']);
    const { id_token, account_id, scope } = await connect(rig, {
      scope: 'account_info.read openid email profile',
      nonce: 'n',
    });
    expect(scope).toBe('account_info.read openid email profile');
    expect(claimsOf(id_token)).toMatchObject({
      iss: 'https://www.dropbox.com',
      sub: account_id,
      email: 'grace@example.com',
      given_name: 'Grace',
      nonce: 'n',
    });
    expect(await connect(rig)).not.toHaveProperty('id_token');
  });

  test('left out, scope means every tick of the Permissions tab', async () => {
    const { scope } = await connect(await createRig(), { scope: undefined });
    expect(scope.split(' ')).toEqual(expect.arrayContaining(['files.content.write', 'contacts.read']));
    expect(scope).not.toContain('openid');
  });

  test('no: error, error_description and the state', async () => {
    const { searchParams } = await consented(await createRig(['consent-denied']));
    expect([...searchParams.keys()]).toEqual(['error', 'error_description', 'state']);
    expect([searchParams.get('error'), searchParams.get('state')]).toEqual(['access_denied', state]);
  });

  test('429 says in the body, too, how long', async () => {
    const rig = await createRig();
    const { access_token } = await connect(rig);
    await rig.sandbox.control(['http-429=7*1', 'http-5xx=503']);
    const limited = await me(rig, access_token);
    expect([limited.status, limited.headers['retry-after']]).toEqual([429, '7']);
    expect(json(limited).error).toEqual({ reason: { '.tag': 'too_many_requests' }, retry_after: 7 });
    const down = await me(rig, access_token);
    expect([down.status, down.headers['content-type']]).toEqual([503, expect.stringContaining('text/plain')]);
  });
});

describe('API calls', () => {
  test('GET is 400 in plain text', async () => {
    const rig = await createRig();
    const { access_token } = await connect(rig);
    const answer = await get(rig, 'https://api.dropboxapi.com/2/users/get_current_account', access_token);
    expect([answer.status, answer.headers['content-type']]).toEqual([400, 'text/plain; charset=utf-8']);
    expect(await rig.violations()).toEqual(['wrong_method']);
  });

  test.each([
    ['{}', 'application/json', 400],
    ['', 'application/json', 400],
    ['', 'application/x-www-form-urlencoded', 400],
    ['null', 'text/plain', 400],
    ['null', 'application/json', 200],
  ])('the body %j as %s where none belongs: %s', async (body, type, expected) => {
    const rig = await createRig();
    const { access_token } = await connect(rig);
    const answer = await call(rig, 'users/get_current_account', access_token, { 'content-type': type }, body);
    expect(answer.status).toBe(expected);
    expect(await rig.violations()).toEqual(['body']);
  });

  test('no token, a refresh token, a token that nobody knows', async () => {
    const rig = await createRig();
    const { refresh_token } = await connect(rig);
    expect(await status(me(rig, '', { authorization: '' }))).toBe(400);
    expect(tagOf(await me(rig, refresh_token))).toBe('invalid_access_token');
    expect(json(await me(rig, 'sl.unknown'))).toEqual({
      error_summary: 'invalid_access_token/..',
      error: { '.tag': 'invalid_access_token' },
    });
    expect(await rig.violations()).toEqual(['token_missing', 'wrong_token']);
  });

  test('after four hours the token has expired', async () => {
    const rig = await createRig();
    const { access_token } = await connect(rig);
    rig.advance(14_399);
    expect(await status(me(rig, access_token))).toBe(200);
    rig.advance(1);
    const expired = await me(rig, access_token);
    expect([expired.status, tagOf(expired)]).toEqual([401, 'expired_access_token']);
    expect(await rig.violations()).toEqual([]);
  });

  test('check/user and check/app say the query again', async () => {
    const rig = await createRig();
    const { access_token } = await connect(rig);
    const { id, secret } = clientOf(rig, 'dropbox', 'confidential');
    const check = (path: string, authorization: string) =>
      call(rig, path, '', { authorization, 'content-type': 'application/json' }, '{"query":"x"}');
    expect(json(await check('check/user', `Bearer ${access_token}`))).toEqual({ result: 'x' });
    expect(json(await check('check/app', basic(id, secret)))).toEqual({ result: 'x' });
    expect(await status(check('check/app', basic(id, 'wrong')))).toBe(401);
    expect(await rig.violations()).toEqual([]);
    expect(await status(call(rig, 'check/user', access_token))).toBe(400);
    expect(await rig.violations()).toEqual(['content_type']);
  });

  test('userinfo wants the scope openid', async () => {
    const rig = await createRig();
    const { access_token, account_id } = await connect(rig, { scope: 'account_info.read openid email' });
    expect(json(await call(rig, 'openid/userinfo', access_token))).toMatchObject({
      sub: account_id,
      email: 'ada@example.com',
    });
    const without = await connect(rig);
    expect(tagOf(await call(rig, 'openid/userinfo', without.access_token))).toBe('missing_scope');
  });
});

describe('revocation', () => {
  test('one access token ends its refresh token and its siblings, and no other grant', async () => {
    const rig = await createRig();
    const [first, other] = [await connect(rig), await connect(rig)];
    const sibling = json<Tokens>(await refresh(rig, first.refresh_token));
    expect(await status(revoke(rig, first.access_token))).toBe(200);
    expect(tagOf(await me(rig, sibling.access_token))).toBe('invalid_access_token');
    expect(json(await refresh(rig, first.refresh_token)).error).toBe('invalid_grant');
    expect(await status(me(rig, other.access_token))).toBe(200);
  });

  test('an expired access token revokes nothing: refresh first', async () => {
    const rig = await createRig();
    const { access_token, refresh_token } = await connect(rig);
    rig.advance(14_400);
    const refused = await revoke(rig, access_token);
    expect([refused.status, tagOf(refused)]).toEqual([401, 'expired_access_token']);
    const fresh = json<Tokens>(await refresh(rig, refresh_token));
    expect(await status(revoke(rig, fresh.access_token))).toBe(200);
    expect(await status(refresh(rig, refresh_token))).toBe(400);
    expect(await rig.violations()).toEqual([]);
  });
});

test('no token, code, verifier or secret is on disk', async () => {
  const rig = await createRig();
  const code = (await consented(rig)).searchParams.get('code');
  const tokens = json<Tokens>(await exchange(rig, code));
  const next = json<Tokens>(await refresh(rig, tokens.refresh_token));
  const secrets = [code, tokens.access_token, tokens.refresh_token, next.access_token, verifier];
  expect(secrets.filter((secret) => secret === null || rig.stateText().includes(secret))).toEqual([]);
});
