// What is asked with an access token: tokeninfo, userinfo, the Gmail profile, Drive's about; and the public documents.
import { describe, expect, test } from 'vitest';
import { connect, createRig, driveFile, type Form, get, gmailReadonly, json, post, type Rig } from './rig.ts';

const tokeninfoUrl = 'https://oauth2.googleapis.com/tokeninfo';
const userinfoUrl = 'https://openidconnect.googleapis.com/v1/userinfo';
const profileUrl = 'https://gmail.googleapis.com/gmail/v1/users/me/profile';
const aboutUrl = 'https://www.googleapis.com/drive/v3/about';
const gmailSend = 'https://www.googleapis.com/auth/gmail.send';

async function withToken(change: Form = {}, switches: readonly string[] = []): Promise<{ rig: Rig; token: string }> {
  const rig = await createRig();
  const { access_token } = await connect(rig, change);
  await rig.sandbox.control(switches);
  return { rig, token: access_token };
}

interface ApiError {
  readonly error: {
    readonly code: number;
    readonly status?: string;
    readonly errors?: readonly { readonly reason: string }[];
    readonly details?: readonly { readonly reason: string }[];
  };
}

describe('tokeninfo', () => {
  test('tells numbers and booleans as strings', async () => {
    const { rig, token } = await withToken();
    rig.advance(39);
    expect(json(await post(rig, tokeninfoUrl, { access_token: token }))).toEqual({
      azp: rig.app.clientId,
      aud: rig.app.clientId,
      sub: rig.app.account.id,
      scope: `https://www.googleapis.com/auth/userinfo.email ${gmailReadonly} openid`,
      exp: String(rig.now() / 1000 + 3560),
      expires_in: '3560',
      email: 'ada@example.com',
      email_verified: 'true',
      access_type: 'offline',
    });
    expect(await rig.violations()).toEqual([]);
  });

  test('tells no identity without identity scopes', async () => {
    const { rig, token } = await withToken({ scope: gmailReadonly });
    const told = json(await post(rig, tokeninfoUrl, { access_token: token }));
    expect(told).not.toHaveProperty('sub');
    expect(told).not.toHaveProperty('email');
  });

  test('a dead token is 400, with and without `error`', async () => {
    const { rig, token } = await withToken();
    rig.advance(3599);
    const dead = await post(rig, tokeninfoUrl, { access_token: token });
    expect([dead.status, json(dead)]).toEqual([400, { error: 'invalid_token', error_description: 'Invalid Value' }]);
    await rig.sandbox.control(['tokeninfo-error']);
    const bare = await post(rig, tokeninfoUrl, { access_token: token });
    expect([bare.status, json(bare)]).toEqual([400, { error_description: 'Invalid Value' }]);
    expect(await rig.violations()).toEqual([]);
  });

  test('a token in the URL works, and is noticed', async () => {
    const { rig, token } = await withToken();
    expect((await get(rig, `${tokeninfoUrl}?access_token=${token}`)).status).toBe(200);
    expect(await rig.violations()).toEqual(['secret_in_url']);
  });

  test('a refresh token is no access token', async () => {
    const rig = await createRig();
    const { refresh_token } = await connect(rig);
    expect((await post(rig, tokeninfoUrl, { access_token: refresh_token })).status).toBe(400);
    expect((await get(rig, userinfoUrl, refresh_token)).status).toBe(401);
    expect(await rig.violations()).toEqual(['wrong_token', 'wrong_token']);
  });
});

describe('userinfo', () => {
  test('tells what the identity scopes allow, booleans as booleans', async () => {
    const { rig, token } = await withToken({ scope: 'openid' });
    expect(json(await get(rig, userinfoUrl, token))).toEqual({ sub: rig.app.account.id });
    const { access_token } = await connect(rig, { scope: 'openid email profile' });
    expect(json(await get(rig, userinfoUrl, access_token))).toMatchObject({
      sub: rig.app.account.id,
      email: 'ada@example.com',
      email_verified: true,
      name: 'Ada Lovelace',
    });
  });

  test('a dead token is told in OAuth’s words', async () => {
    const { rig, token } = await withToken();
    rig.advance(3599);
    const dead = await get(rig, userinfoUrl, token);
    expect([dead.status, json(dead)]).toEqual([
      401,
      { error: 'invalid_request', error_description: 'Invalid Credentials' },
    ]);
    expect(await rig.violations()).toEqual([]);
  });

  test('wants an identity scope, and a token', async () => {
    const { rig, token } = await withToken({ scope: gmailReadonly });
    expect((await get(rig, userinfoUrl, token)).status).toBe(401);
    expect((await get(rig, userinfoUrl)).status).toBe(401);
    expect(await rig.violations()).toEqual(['scope', 'token_missing']);
  });
});

describe('the Gmail profile', () => {
  test('answers whom a reading scope was given to', async () => {
    const { rig, token } = await withToken();
    expect(json(await get(rig, profileUrl, token))).toMatchObject({
      emailAddress: 'ada@example.com',
      historyId: '90417',
    });
  });

  test.each([gmailSend, 'https://www.googleapis.com/auth/gmail.labels', driveFile])(
    '%s is not enough',
    async (scope) => {
      const { rig, token } = await withToken({ scope: `openid ${scope}` });
      const answer = await get(rig, profileUrl, token);
      const { error } = json<ApiError>(answer);
      expect([answer.status, error.status, error.errors?.[0]?.reason]).toEqual([
        403,
        'PERMISSION_DENIED',
        'insufficientPermissions',
      ]);
      expect(answer.headers['www-authenticate']).toContain('insufficient_scope');
      expect(await rig.violations()).toEqual(['scope']);
    },
  );

  test('a dead token is 401; a token in the URL is not read', async () => {
    const { rig, token } = await withToken();
    expect((await get(rig, `${profileUrl}?access_token=${token}`)).status).toBe(401);
    expect(await rig.violations()).toEqual(['secret_in_url', 'token_missing']);
    rig.advance(3599);
    const dead = await get(rig, profileUrl, token);
    expect([dead.status, json<ApiError>(dead).error.errors?.[0]?.reason]).toEqual([401, 'authError']);
  });
});

describe("Drive's about", () => {
  test('wants `fields`', async () => {
    const { rig, token } = await withToken({ scope: driveFile });
    const answer = await get(rig, aboutUrl, token);
    expect([answer.status, json<ApiError>(answer).error.errors?.[0]?.reason]).toEqual([400, 'required']);
    expect(await rig.violations()).toEqual(['fields']);
  });

  test.each([
    ['user', { user: { displayName: 'Ada Lovelace', emailAddress: 'ada@example.com' } }],
    ['kind,user(emailAddress,me)', { kind: 'drive#about', user: { emailAddress: 'ada@example.com', me: true } }],
    ['user/emailAddress', { user: { emailAddress: 'ada@example.com' } }],
    ['*', { kind: 'drive#about' }],
  ])('fields=%s', async (fields, expected) => {
    const { rig, token } = await withToken({ scope: driveFile });
    expect(json(await get(rig, `${aboutUrl}?fields=${fields}`, token))).toMatchObject(expected);
    expect(await rig.violations()).toEqual([]);
  });

  test('only what was asked for comes', async () => {
    const { rig, token } = await withToken({ scope: driveFile });
    expect(json(await get(rig, `${aboutUrl}?fields=user(me)`, token))).toEqual({ user: { me: true } });
  });

  test.each(['owner', 'user(mail)', 'user/mail', 'kind(x)', 'constructor'])('has no field %s', async (fields) => {
    const { rig, token } = await withToken({ scope: driveFile });
    expect((await get(rig, `${aboutUrl}?fields=${fields}`, token)).status).toBe(400);
    expect(await rig.violations()).toEqual(['fields']);
  });

  test('a Gmail scope is not enough', async () => {
    const { rig, token } = await withToken();
    expect((await get(rig, `${aboutUrl}?fields=user`, token)).status).toBe(403);
  });
});

describe('an API that is switched off', () => {
  test.each([
    ['api-off=gmail', 403, 200],
    ['api-off=drive', 200, 403],
    ['api-off', 403, 403],
  ])('%s', async (setting, gmail, drive) => {
    const { rig, token } = await withToken({ scope: `${gmailReadonly} ${driveFile}` }, [setting]);
    expect((await get(rig, profileUrl, token)).status).toBe(gmail);
    expect((await get(rig, `${aboutUrl}?fields=user`, token)).status).toBe(drive);
    expect(await rig.violations()).toEqual([]);
  });

  test.each([
    [[], 'accessNotConfigured', 'SERVICE_DISABLED'],
    [['api-off-names=old'], 'accessNotConfigured', undefined],
    [['api-off-names=new'], undefined, 'SERVICE_DISABLED'],
  ])('is named as switched: %o', async (more, old, young) => {
    const { rig, token } = await withToken({}, ['api-off', ...more]);
    const { error } = json<ApiError>(await get(rig, profileUrl, token));
    expect([error.errors?.[0]?.reason, error.details?.[0]?.reason]).toEqual([old, young]);
  });
});

describe('public documents', () => {
  test('both metadata documents say the same', async () => {
    const rig = await createRig();
    const [oidc, oauth] = await Promise.all(
      ['openid-configuration', 'oauth-authorization-server'].map((name) =>
        get(rig, `https://accounts.google.com/.well-known/${name}`),
      ),
    );
    expect(oidc?.body).toBe(oauth?.body);
    const document = json(oidc ?? { status: 0, headers: {}, body: '', delayMs: 0 });
    expect(document).toMatchObject({
      issuer: 'https://accounts.google.com',
      authorization_response_iss_parameter_supported: true,
      code_challenge_methods_supported: ['plain', 'S256'],
      token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    });
    for (const absent of ['introspection_endpoint', 'registration_endpoint', 'pushed_authorization_request_endpoint'])
      expect(document).not.toHaveProperty(absent);
  });

  test('every address that the metadata names is served', async () => {
    const rig = await createRig();
    const document = json(await get(rig, 'https://accounts.google.com/.well-known/openid-configuration'));
    const addresses = Object.entries(document).filter(([name]) => /_(endpoint|uri)$/.test(name));
    expect(addresses).toHaveLength(6);
    for (const [, url] of addresses) await post(rig, String(url), {});
    const codes = await rig.violations();
    expect(codes.filter((code) => code.startsWith('unknown'))).toEqual([]);
  });

  test('they may keep silent about iss', async () => {
    const rig = await createRig(['iss-metadata']);
    const document = json(await get(rig, 'https://accounts.google.com/.well-known/openid-configuration'));
    expect(document).not.toHaveProperty('authorization_response_iss_parameter_supported');
  });

  test('the key set has the public half only', async () => {
    const { keys } = json<{ keys: object[] }>(
      await get(await createRig(), 'https://www.googleapis.com/oauth2/v3/certs'),
    );
    expect(keys.map((key) => Object.keys(key).sort())).toEqual([['alg', 'e', 'kid', 'kty', 'n', 'use']]);
  });
});
