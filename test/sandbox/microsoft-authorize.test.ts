// Microsoft's authorization endpoint, its tenants and their metadata.
import { describe, expect, test } from 'vitest';
import { approve } from '../../src/sandbox/approve.ts';
import {
  authorizationUrl,
  connect,
  consented,
  consumersId,
  directoryId,
  exchange,
  loginUrl,
  redirectUri,
  scope,
} from './microsoft-client.ts';
import { clientOf, createRig, type Form, get, json, post, verifier } from './rig.ts';

const page = (number: number) => ({ code: 'provider_refused', message: expect.stringContaining(`AADSTS${number}.`) });

describe('the redirect address', () => {
  test.each([
    ['any port', 'http://localhost:1/callback/outlook'],
    ['no port', 'http://localhost/callback/outlook'],
    ['the other path', 'http://localhost:49152/callback/teams'],
  ])('%s of localhost is good', async (_, redirect) => {
    const rig = await createRig();
    const callback = await consented(rig, { redirect_uri: redirect });
    expect(callback.href.startsWith(`${redirect}?code=`)).toBe(true);
    expect(await rig.violations()).toEqual([]);
  });

  test('without a path it comes back with a slash, and the code is redeemed without', async () => {
    const rig = await createRig();
    const sent = { redirect_uri: 'http://localhost:49152' };
    const location = await approve(rig.sandbox, authorizationUrl(rig, sent));
    expect(location).toMatch(/^http:\/\/localhost:49152\/\?code=/);
    const code = new URL(location).searchParams.get('code');
    expect((await exchange(rig, code, sent)).status).toBe(200);
  });

  test.each<[string, Form, number, string[]]>([
    [
      'the address instead of the name',
      { redirect_uri: 'http://127.0.0.1:49152/callback/outlook' },
      50011,
      ['redirect_spelling'],
    ],
    ['a slash more', { redirect_uri: `${redirectUri}/` }, 50011, ['redirect_spelling']],
    ['another path', { redirect_uri: 'http://localhost:49152/Callback/outlook' }, 50011, []],
    ['https', { redirect_uri: 'https://localhost:49152/callback/outlook' }, 50011, []],
    ['IPv6', { redirect_uri: 'http://[::1]:49152/callback/outlook' }, 50011, []],
    ['none', { redirect_uri: undefined }, 900144, ['redirect_missing']],
    ['another client', { client_id: 'another' }, 700016, []],
    ['another tenant', { tenant: 'example.net' }, 90002, []],
  ])('%s ends on a page', async (_, change, number, violations) => {
    const rig = await createRig();
    await expect(consented(rig, change)).rejects.toMatchObject(page(number));
    expect(await rig.violations()).toEqual(violations);
  });
});

describe('response_mode', () => {
  test('is query when left out, and the code can be in the fragment or a form', async () => {
    const rig = await createRig();
    expect((await consented(rig, { response_mode: undefined })).searchParams.has('code')).toBe(true);
    const { id } = clientOf(rig, 'outlook', 'confidential');
    const web = { client_id: id, redirect_uri: 'https://app.example.com/callback/outlook' };
    expect((await consented(rig, { ...web, response_mode: 'fragment' })).hash).toMatch(/^#code=/);
    const url = authorizationUrl(rig, { ...web, response_mode: 'form_post' });
    const form = await rig.sandbox.answer({ method: 'GET', url, headers: {}, consent: 'auto' });
    expect(form.body).toContain('action="https://app.example.com/callback/outlook"');
    expect(form.body).toMatch(/name="code" value="M\.CSandbox/);
    expect(await rig.violations()).toEqual([]);
  });

  test.each(['form_post', 'fragment'])('%s to a loopback address is noted', async (response_mode) => {
    const rig = await createRig();
    await rig.sandbox.answer({
      method: 'GET',
      url: authorizationUrl(rig, { response_mode }),
      headers: {},
      consent: 'auto',
    });
    expect(await rig.violations()).toEqual(['response_mode']);
  });
});

describe('the request', () => {
  test.each<[string, Form, string, string[]]>([
    ['without scope', { scope: undefined }, 'invalid_request', ['scope']],
    ['with commas', { scope: 'User.Read,Mail.Read' }, 'invalid_scope', ['scope']],
    ['with a scope that nobody knows', { scope: 'Mail.Reed' }, 'invalid_scope', []],
    ['with a scope of another resource', { scope: 'https://api.example.net/Mail.Read' }, 'invalid_scope', []],
    ['with another response_type', { response_type: 'token' }, 'unsupported_response_type', ['response_type']],
    ['with an unknown prompt', { prompt: 'ask' }, 'invalid_request', ['parameter']],
    ['that shows no page', { prompt: 'none' }, 'login_required', []],
    ['for chats of personal accounts', { tenant: 'consumers', scope: 'Chat.Read' }, 'invalid_scope', ['scope']],
  ])('%s is told in the redirect', async (_, change, error, violations) => {
    const rig = await createRig();
    const { searchParams } = await consented(rig, change);
    expect([searchParams.get('error'), searchParams.get('state')]).toEqual([
      error,
      'a-state-that-holds-256-bits-of-chance',
    ]);
    expect(searchParams.get('error_description')).toMatch(/^AADSTS\d+: .+\r\nTrace ID: /);
    expect(await rig.violations()).toEqual(violations);
  });

  test.each<[Form, string]>([
    [{ code_challenge: verifier, code_challenge_method: undefined }, 'pkce_plain'],
    [{ code_challenge: undefined, code_challenge_method: undefined }, 'pkce_missing'],
    [{ state: 'short' }, 'state'],
    [{ prompt: 'select_account', login_hint: 'ada@example.com' }, 'prompt'],
  ])('%o is let pass and noted', async (change, violation) => {
    const rig = await createRig();
    expect((await consented(rig, change)).searchParams.has('code')).toBe(true);
    expect(await rig.violations()).toEqual([violation]);
  });

  test('a missing method means plain: the challenge is the verifier', async () => {
    const rig = await createRig();
    const plain = { code_challenge: verifier, code_challenge_method: undefined };
    const code = (await consented(rig, plain)).searchParams.get('code');
    expect((await exchange(rig, code)).status).toBe(200);
  });

  test('several resources may be asked for at once', async () => {
    const rig = await createRig();
    const both = { scope: `${scope} https://outlook.office.com/SMTP.Send` };
    expect((await consented(rig, both)).searchParams.has('code')).toBe(true);
  });

  test('no is access_denied, with a description', async () => {
    const { searchParams } = await consented(await createRig(['consent-denied']));
    expect(searchParams.get('error')).toBe('access_denied');
    expect(searchParams.get('error_description')).toMatch(/^AADSTS65004: /);
  });

  test('a person answers on the page, for all scopes or none', async () => {
    const rig = await createRig();
    const url = authorizationUrl(rig, { prompt: 'select_account' });
    expect((await get(rig, url)).body).toContain('Choose an account');
    const sent = { request: new URL(url).search.slice(1), account: 'grace@example.com' };
    const consentPage = await post(rig, loginUrl('common', 'authorize'), sent);
    expect(consentPage.body).toContain(`action="${loginUrl('common', 'authorize')}"`);
    expect(consentPage.body).not.toMatch(/type="checkbox"(?![^>]* disabled)/);
    const answer = await post(rig, loginUrl('common', 'authorize'), { ...sent, answer: 'allow' });
    const code = new URL(answer.headers.location ?? '').searchParams.get('code');
    expect(json(await exchange(rig, code)).scope).toBe('Mail.Read User.Read profile openid email');
    expect(await rig.violations()).toEqual([]);
  });
});

describe('tenants', () => {
  test.each([
    ['common', 'ada', true],
    ['common', 'grace', true],
    ['organizations', 'ada', true],
    ['organizations', 'grace', false],
    ['consumers', 'ada', false],
    ['consumers', 'grace', true],
    [directoryId, 'ada', true],
    [directoryId, 'grace', false],
    [consumersId, 'grace', true],
  ])('%s and %s: %s', async (tenant, person, admitted) => {
    const rig = await createRig([`account=${person}`]);
    const outcome = connect(rig, { tenant });
    if (admitted) expect(await outcome).toHaveProperty('access_token');
    else await expect(outcome).rejects.toMatchObject(page(50020));
  });

  test('when nobody says who, somebody is there who can sign in', async () => {
    expect(await connect(await createRig(), { tenant: 'consumers' })).toHaveProperty('access_token');
  });

  test('a personal account cannot consent to teams', async () => {
    const rig = await createRig(['account=grace']);
    await expect(consented(rig, { scope: 'openid Team.ReadBasic.All' })).rejects.toMatchObject(page(70011));
    expect(await rig.violations()).toEqual([]);
  });

  test('some scopes need an administrator', async () => {
    const rig = await createRig();
    await expect(consented(rig, { scope: 'ChannelMessage.Read.All' })).rejects.toMatchObject(page(90094));
  });

  test.each([
    ['common', '{tenantid}', 'common'],
    ['organizations', '{tenantid}', 'organizations'],
    ['consumers', consumersId, 'consumers'],
    [directoryId, directoryId, directoryId],
    ['engines.example.com', directoryId, directoryId],
  ])('the metadata of %s', async (tenant, issuer, path) => {
    const rig = await createRig();
    const url = `https://login.microsoftonline.com/${tenant}/v2.0/.well-known/openid-configuration`;
    const document = json<Record<string, string>>(await get(rig, url));
    expect(document.issuer).toBe(`https://login.microsoftonline.com/${issuer}/v2.0`);
    expect(document.token_endpoint).toBe(loginUrl(path, 'token'));
    const silent = /revocation|introspection|code_challenge|authorization_response_iss/;
    expect(Object.keys(document).filter((name) => silent.test(name))).toEqual([]);
    expect(json(await get(rig, document.jwks_uri ?? '')).keys).toHaveLength(1);
  });

  test('there is no revocation endpoint', async () => {
    const rig = await createRig();
    expect((await post(rig, loginUrl('common', 'revoke'), { token: 'x' })).status).toBe(404);
    const everywhere = 'https://graph.microsoft.com/v1.0/me/revokeSignInSessions';
    expect((await post(rig, everywhere, {})).status).toBe(404);
    expect(await rig.violations()).toEqual(['unknown_path', 'unknown_path']);
  });
});
