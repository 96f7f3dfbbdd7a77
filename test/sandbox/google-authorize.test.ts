// The authorization endpoint: which redirects and parameters it takes, what it shows on a page and never calls back, and consent.
import { describe, expect, test } from 'vitest';
import { approve } from '../../src/sandbox/approve.ts';
import { authorizationUrl, consented, createRig, exchange, type Form, get, type Rig, redirectUri } from './rig.ts';

/** What a page says in its heading and code line; the words are in `says`. */
async function shown(rig: Rig, change: Form): Promise<[number, string]> {
  const page = await get(rig, authorizationUrl(rig, change));
  expect(page.headers.location).toBeUndefined();
  return [page.status, /Error \d+: (\w+)/.exec(page.says ?? '')?.[1] ?? ''];
}

describe('redirects of a Desktop client', () => {
  test.each([
    'http://127.0.0.1:1',
    'http://127.0.0.1:65535/oauth2/callback',
    'http://[::1]:8080/callback',
    'http://localhost:8080/callback?x=1',
    'http://127.0.0.1/callback',
  ])('%s will do: any port, any path, nothing registered', async (redirect_uri) => {
    const rig = await createRig();
    const callback = await consented(rig, { redirect_uri });
    expect(callback.href.startsWith(new URL(redirect_uri).href.slice(0, -1))).toBe(true);
    expect((await exchange(rig, callback.searchParams.get('code'), { redirect_uri })).status).toBe(200);
    expect(await rig.violations()).toEqual([]);
  });

  test.each([
    'https://127.0.0.1:8080/callback',
    'http://127.0.0.2:8080/callback',
    'http://127.0.0.1.example.com:8080/callback',
    'http://LOCALHOST:8080/callback',
    'http://ada@127.0.0.1:8080/callback',
    'http://127.0.0.1:8080/callback#fragment',
    'http://127.0.0.1:99999/callback',
    'https://app.example.com/callback/gmail',
    'com.example.app:/callback',
  ])('%s will not', async (redirect_uri) => {
    const rig = await createRig();
    expect(await shown(rig, { redirect_uri })).toEqual([400, 'redirect_uri_mismatch']);
    expect(await rig.violations()).toEqual(['redirect_uri_mismatch']);
  });

  test('out-of-band is gone', async () => {
    const rig = await createRig();
    expect(await shown(rig, { redirect_uri: 'urn:ietf:wg:oauth:2.0:oob' })).toEqual([400, 'invalid_request']);
    expect(await rig.violations()).toEqual(['invalid_request']);
  });
});

describe('redirects of a Web client', () => {
  test('exactly what is registered', async () => {
    const rig = await createRig();
    const web = rig.app.clients.web;
    const change = { client_id: web?.clientId, redirect_uri: web?.redirectUris[0] };
    const code = (await consented(rig, change)).searchParams.get('code');
    const answer = await exchange(rig, code, { ...change, client_secret: web?.clientSecret?.reveal() });
    expect(answer.status).toBe(200);
  });

  test.each([
    'https://app.example.com/callback/gmail/',
    'https://app.example.com/Callback/gmail',
    'https://app.example.com:443/callback/gmail',
    redirectUri,
  ])('%s is not registered: a page, and nobody’s slip, since people register', async (redirect_uri) => {
    const rig = await createRig();
    const change = { client_id: rig.app.clients.web?.clientId, redirect_uri };
    expect(await shown(rig, change)).toEqual([400, 'redirect_uri_mismatch']);
    expect(await rig.violations()).toEqual([]);
  });
});

describe('what is wrong is shown in the browser and never called back', () => {
  test.each([
    [{ client_id: 'nobody.apps.googleusercontent.com' }, 401, 'invalid_client', []],
    [{ client_id: undefined }, 400, 'invalid_request', ['invalid_request']],
    [{ redirect_uri: undefined }, 400, 'invalid_request', ['invalid_request']],
    [{ response_type: undefined }, 400, 'invalid_request', ['invalid_request']],
    [{ response_type: 'token' }, 400, 'invalid_request', ['invalid_request']],
    [{ response_mode: 'form_post' }, 400, 'invalid_request', ['invalid_request']],
    [{ scope: undefined }, 400, 'invalid_request', ['invalid_request']],
    [{ scope: 'openid https://www.googleapis.com/auth/gmail.everything' }, 400, 'invalid_scope', []],
    [{ scope: 'openid GMAIL.readonly' }, 400, 'invalid_scope', []],
    [{ scope: 'openid constructor' }, 400, 'invalid_scope', []],
    [{ prompt: 'login' }, 400, 'invalid_request', ['invalid_request']],
    [{ prompt: 'none consent' }, 400, 'invalid_request', ['invalid_request']],
    [{ access_type: 'forever' }, 400, 'invalid_request', ['invalid_request']],
    [{ code_challenge_method: 'S512' }, 400, 'invalid_request', ['invalid_request']],
    [{ code_challenge: 'short' }, 400, 'invalid_request', ['invalid_request']],
    [{ code_challenge: 'x'.repeat(44) }, 400, 'invalid_request', ['invalid_request']],
  ])('%o', async (change: Form, status, error, violations) => {
    const rig = await createRig();
    expect(await shown(rig, change)).toEqual([status, error]);
    expect(await rig.violations()).toEqual(violations);
  });

  test('a parameter twice', async () => {
    const rig = await createRig();
    const page = await get(rig, `${authorizationUrl(rig)}&state=again`);
    expect([page.status, page.headers.location]).toEqual([400, undefined]);
  });

  test.each([
    ['admin_policy_enforced', 400],
    ['redirect_uri_mismatch', 400],
    ['org_internal', 403],
    ['deleted_client', 401],
    ['disallowed_useragent', 403],
    ['access_denied', 403],
    ['rate_limit_exceeded', 403],
  ])('switched: %s', async (error, status) => {
    const rig = await createRig([`never-calls-back=${error}`]);
    expect(await shown(rig, {})).toEqual([status, error]);
    await expect(approve(rig.sandbox, authorizationUrl(rig))).rejects.toMatchObject({
      code: 'provider_refused',
      message: expect.stringContaining(error),
    });
    expect(await rig.violations()).toEqual([]);
  });
});

describe('what Google lets pass and a correct client does not send', () => {
  test.each([
    [{ state: undefined }, 'state'],
    [{ state: 'short' }, 'state'],
    [{ include_granted_scopes: 'true' }, 'incremental'],
    [{ client_secret: 'x' }, 'secret_in_url'],
  ])('%o', async (change: Form, violation) => {
    const rig = await createRig();
    await consented(rig, change);
    expect(await rig.violations()).toEqual([violation]);
  });
});
