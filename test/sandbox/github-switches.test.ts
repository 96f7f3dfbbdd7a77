// What is switched at GitHub: both answers where nobody is sure, and the metadata.
import { describe, expect, test } from 'vitest';
import {
  connect,
  consented,
  exchange,
  kinds,
  poll,
  redirectUri,
  refresh,
  said,
  startDevice,
  user,
} from './github-client.ts';
import { basic, clientOf, createRig, get, json, type Rig } from './rig.ts';

const elsewhere = { redirect_uri: redirectUri.replace('8252', '9000') };

describe('both answers where nobody is sure', () => {
  test('a GitHub App may come back to any port', async () => {
    const rig = await createRig(['github-app-port']);
    expect((await consented(rig, 'github-app', elsewhere)).searchParams.has('code')).toBe(true);
  });

  test('a GitHub App’s wrong address may end on a page; an OAuth App’s does not', async () => {
    const rig = await createRig(['github-app-mismatch']);
    await expect(consented(rig, 'github-app', elsewhere)).rejects.toThrow('redirect_uri_mismatch');
    const wrong = { redirect_uri: 'http://127.0.0.1:8252/callback' };
    expect((await consented(rig, 'oauth-app', wrong)).searchParams.get('error')).toBe('redirect_uri_mismatch');
  });

  test.each([
    ['absent', null],
    ['foreign', 'https://accounts.example.net'],
  ])('iss may be %s', async (value, iss) => {
    const rig = await createRig([`iss-callback=${value}`]);
    expect((await consented(rig, 'oauth-app')).searchParams.get('iss')).toBe(iss);
  });

  test('response_type may be an error', async () => {
    const rig = await createRig(['github-response-type']);
    await expect(consented(rig, 'oauth-app', { response_type: 'code' })).rejects.toThrow('response_type');
    expect((await consented(rig, 'oauth-app')).searchParams.has('code')).toBe(true);
  });

  test('PKCE may be unknown', async () => {
    const rig = await createRig(['github-pkce']);
    expect(await connect(rig, 'oauth-app')).toHaveProperty('access_token');
    const code = (await consented(rig, 'oauth-app')).searchParams.get('code');
    expect(await said(exchange(rig, 'oauth-app', code, { code_verifier: 'y'.repeat(43) }))).toBe('ok');
    expect(await rig.violations()).toEqual([]);
  });

  test('errors may come with 400, those of a poll never', async () => {
    const rig = await createRig(['github-error-status']);
    const answers = [await exchange(rig, 'oauth-app', 'x'), await refresh(rig, 'oauth-app', 'x')];
    expect(answers.map((answer) => [answer.status, json(answer).error])).toEqual([
      [400, 'bad_verification_code'],
      [400, 'bad_refresh_token'],
    ]);
    const { device_code } = json<{ device_code: string }>(await startDevice(rig, 'oauth-app'));
    expect(await said(poll(rig, 'oauth-app', device_code))).toBe('authorization_pending');
  });

  test('Basic may be read at the token endpoint', async () => {
    const rig = await createRig(['github-token-basic']);
    const { id, secret } = clientOf(rig, 'github', 'oauth-app');
    const code = (await consented(rig, 'oauth-app')).searchParams.get('code');
    const bare = { client_id: undefined, client_secret: undefined };
    expect(await said(exchange(rig, 'oauth-app', code, bare, { authorization: basic(id, secret) }))).toBe('ok');
    expect(await rig.violations()).toEqual([]);
  });

  test('a User-Agent may be demanded, and the e-mail address hidden', async () => {
    const rig = await createRig(['github-user-agent', 'github-email']);
    const { access_token } = await connect(rig, 'oauth-app');
    expect((await get(rig, 'https://api.github.com/user', access_token)).status).toBe(403);
    expect(json(await user(rig, access_token))).toMatchObject({ login: 'ada', email: null });
    expect(await rig.violations()).toEqual(['user_agent']);
    await rig.sandbox.control(['reset']);
    expect((await get(rig, 'https://api.github.com/user', access_token)).status).toBe(200);
  });

  test('a second use of a refresh token may end the grant', async () => {
    const rig = await createRig(['reuse=kills']);
    const first = await connect(rig, 'oauth-app');
    const second = json<{ access_token: string }>(await refresh(rig, 'oauth-app', first.refresh_token));
    await refresh(rig, 'oauth-app', first.refresh_token);
    expect((await user(rig, second.access_token)).status).toBe(401);
  });
});

describe('what every server may be switched to', () => {
  test.each(kinds)('%s: no refresh token, odd spellings, the person removes the app', async (kind) => {
    const rig = await createRig(['no-refresh-token', 'expires-in=absent', 'extra-fields']);
    const tokens = await connect(rig, kind);
    expect(Object.keys(tokens)).toEqual(['access_token', 'scope', 'token_type', 'future_member', 'not_before_policy']);
    await rig.sandbox.control(['revoked-by-user@github']);
    expect((await user(rig, tokens.access_token)).status).toBe(401);
  });

  test('a form holds unknown members too, and a refresh may be refused once', async () => {
    const rig = await createRig(['extra-fields', 'invalid-grant*1']);
    const code = (await consented(rig, 'oauth-app')).searchParams.get('code');
    const { body } = await exchange(rig, 'oauth-app', code, {}, { accept: '' });
    expect(new URLSearchParams(body).get('future_member')).toBe('{"nested":[1,null]}');
    const token = new URLSearchParams(body).get('refresh_token') ?? '';
    expect(await said(refresh(rig, 'oauth-app', token))).toBe('bad_refresh_token');
    expect(await said(refresh(rig, 'oauth-app', token))).toBe('ok');
  });
});

describe('metadata', () => {
  const wellKnown = 'https://github.com/.well-known';
  const fetched = (rig: Rig, url: string) => get(rig, url);

  test.each([
    `${wellKnown}/oauth-authorization-server/login/oauth`,
    'https://github.com/login/oauth/.well-known/openid-configuration',
  ])('%s', async (url) => {
    const rig = await createRig();
    const document = json(await fetched(rig, url));
    expect(document).toMatchObject({
      issuer: 'https://github.com/login/oauth',
      token_endpoint: 'https://github.com/login/oauth/access_token',
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
      scopes_supported: ['offline_access'],
    });
    expect(Object.keys(document).filter((name) => /revo|introspec|userinfo|regist|jwks/.test(name))).toEqual([]);
    await rig.sandbox.control(['github-metadata']);
    expect((await fetched(rig, url)).status).toBe(404);
    expect(await rig.violations()).toEqual([]);
  });

  test.each(['oauth-authorization-server', 'openid-configuration'])('%s at the root is nowhere', async (name) => {
    const rig = await createRig();
    expect((await fetched(rig, `${wellKnown}/${name}`)).status).toBe(404);
    expect(await rig.violations()).toEqual(['unknown_path']);
  });
});
