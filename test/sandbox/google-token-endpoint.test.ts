// The token endpoint: who may ask, and how a request must look.
import { describe, expect, test } from 'vitest';
import { connect, consented, createRig, exchange, json, post, refresh, tokenUrl } from './rig.ts';

const invalidGrant = (description: string) => ({ error: 'invalid_grant', error_description: description });

describe('the client', () => {
  test.each([
    [
      'a Desktop client without its secret, verifier or not',
      { client_secret: undefined },
      400,
      { error: 'invalid_request', error_description: 'client_secret is missing.' },
      ['secret_missing'],
    ],
    ['a wrong secret', { client_secret: 'GOCSPX-wrong' }, 401, { error: 'invalid_client' }, []],
    [
      'an unknown client',
      { client_id: 'nobody.apps.googleusercontent.com' },
      401,
      { error: 'invalid_client', error_description: 'The OAuth client was not found.' },
      [],
    ],
    ['no client', { client_id: undefined }, 400, { error: 'invalid_request' }, ['client_id_missing']],
  ])('%s is refused, and the code is not spent', async (_, change, status, error, violations) => {
    const rig = await createRig();
    const code = (await consented(rig)).searchParams.get('code');
    const answer = await exchange(rig, code, change);
    expect(answer.status).toBe(status);
    expect(json(answer)).toMatchObject(error);
    expect(await rig.violations()).toEqual(violations);
    expect((await exchange(rig, code)).status).toBe(200);
  });

  test('may authenticate by HTTP Basic, but not twice at once', async () => {
    const rig = await createRig();
    const { refresh_token } = await connect(rig);
    const basic = Buffer.from(`${rig.app.clientId}:${rig.app.clientSecret?.reveal()}`).toString('base64');
    const form = { grant_type: 'refresh_token', refresh_token };
    const headers = { authorization: `Basic ${basic}` };
    expect((await post(rig, tokenUrl, form, headers)).status).toBe(200);
    expect(await rig.violations()).toEqual([]);
    await post(rig, tokenUrl, { ...form, client_secret: rig.app.clientSecret?.reveal() }, headers);
    expect(await rig.violations()).toEqual(['two_client_auths']);
  });

  test('cannot use another client’s refresh token', async () => {
    const rig = await createRig();
    const { refresh_token } = await connect(rig);
    const { web } = rig.app.clients;
    const change = { client_id: web?.clientId, client_secret: web?.clientSecret?.reveal() };
    const answer = await refresh(rig, refresh_token, change);
    expect([answer.status, json(answer).error]).toEqual([401, 'unauthorized_client']);
    expect(await rig.violations()).toEqual(['token_of_another']);
  });
});

describe('the request', () => {
  test.each(['GET', 'HEAD', 'PUT'])('%s is not answered at the token endpoint', async (method) => {
    const rig = await createRig();
    const answer = await rig.sandbox.answer({ method, url: tokenUrl, headers: {} });
    expect(answer.status).toBe(404);
    expect(await rig.violations()).toEqual(['wrong_method']);
  });

  test('a body that is not a form is not read', async () => {
    const rig = await createRig();
    const { refresh_token } = await connect(rig);
    const body = JSON.stringify({ grant_type: 'refresh_token', refresh_token });
    const headers = { 'content-type': 'application/json' };
    const answer = await rig.sandbox.answer({ method: 'POST', url: tokenUrl, headers, body });
    expect(answer.status).toBe(400);
    expect(json(answer)).toEqual({ error: 'unsupported_grant_type', error_description: 'Invalid grant_type: ' });
    expect(await rig.violations()).toEqual(['content_type', 'grant_type']);
  });

  test.each(['password', 'constructor'])('grant_type %s is none of Google’s', async (grant_type) => {
    const rig = await createRig();
    expect(json(await post(rig, tokenUrl, { grant_type }))).toMatchObject({ error: 'unsupported_grant_type' });
    expect(await rig.violations()).toEqual(['grant_type']);
  });

  test('no parameter twice', async () => {
    const rig = await createRig();
    const answer = await rig.sandbox.answer({
      method: 'POST',
      url: tokenUrl,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=refresh_token&refresh_token=a&refresh_token=b',
    });
    expect(json(answer)).toMatchObject({ error: 'invalid_request' });
    expect(await rig.violations()).toEqual(['repeated_parameter']);
  });

  test('secrets in the URL are noticed', async () => {
    const rig = await createRig();
    await post(rig, `${tokenUrl}?client_secret=x`, { grant_type: 'refresh_token' });
    expect(await rig.violations()).toContain('secret_in_url');
  });

  test('an access token is no refresh token', async () => {
    const rig = await createRig();
    const { access_token } = await connect(rig);
    expect(json(await refresh(rig, access_token))).toEqual(invalidGrant('Bad Request'));
    expect(await rig.violations()).toEqual(['wrong_token']);
  });

  test.each([
    ['an unknown host', 'https://oauth.googleapis.com/token', 'unknown_host'],
    ['another port', 'https://oauth2.googleapis.com:8443/token', 'unknown_host'],
    ['a retired path', 'https://www.googleapis.com/oauth2/v4/token', 'unknown_path'],
    ['plain http', 'http://oauth2.googleapis.com/token', 'plain_http'],
  ])('%s is a 404', async (_, url, violation) => {
    const rig = await createRig();
    expect((await post(rig, url, { grant_type: 'refresh_token' })).status).toBe(404);
    expect(await rig.violations()).toEqual([violation]);
  });
});
