// Trello by OAuth 2.0: what it answers to a correct client, and what it refuses.
import { describe, expect, test } from 'vitest';
import { approve } from '../../src/sandbox/approve.ts';
import { createRig, type Form, get, json, post, type Rig, verifier } from './rig.ts';
import {
  authorizationUrl,
  call,
  connect,
  consented,
  exchange,
  me,
  probe,
  redirectUri,
  refresh,
  revoke,
  type Tokens,
} from './trello-client.ts';

const status = async (answer: Promise<{ status: number }>) => (await answer).status;
const codeOf = async (rig: Rig) => (await consented(rig)).searchParams.get('code');

test.each(['oauth2', 'confidential'] as const)(
  'a correct %s client gets through and leaves no violation',
  async (kind) => {
    const rig = await createRig();
    const first = await connect(rig, {}, kind);
    expect(json(await me(rig, first.access_token)).id).toBe(rig.apps.trello?.account.id);
    const second = json<Tokens>(await refresh(rig, first.refresh_token, {}, kind));
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(await status(revoke(rig, second.refresh_token, kind))).toBe(200);
    expect(await status(me(rig, second.access_token))).toBe(401);
    expect(await status(refresh(rig, second.refresh_token, {}, kind))).toBe(403);
    expect(await rig.violations()).toEqual([]);
  },
);

describe('the answers', () => {
  test('tokens come with an hour, the scope and a refresh token', async () => {
    expect(await connect(await createRig())).toEqual({
      access_token: expect.any(String),
      refresh_token: expect.any(String),
      expires_in: 3600,
      token_type: 'Bearer',
      scope: 'read:board:trello read:member:trello offline_access',
    });
  });

  test('without offline_access there is no refresh token', async () => {
    const tokens = await connect(await createRig(), { scope: 'read:member:trello' });
    expect(tokens).not.toHaveProperty('refresh_token');
  });

  test('a refresh token is good once: then 403 and invalid_grant, and the successor lives', async () => {
    const rig = await createRig();
    const first = await connect(rig);
    const second = json<Tokens>(await refresh(rig, first.refresh_token));
    for (const dead of [first.refresh_token, 'unknown']) {
      const answer = await refresh(rig, dead);
      expect([answer.status, json(answer).error]).toEqual([403, 'invalid_grant']);
    }
    expect(await status(refresh(rig, second.refresh_token))).toBe(200);
    expect(await rig.violations()).toEqual(['refresh_token_reused']);
  });

  test('a refresh token that is not used ends after 90 days', async () => {
    const rig = await createRig();
    const { refresh_token } = await connect(rig);
    rig.advance(90 * 86_400 - 1);
    const { refresh_token: next } = json<Tokens>(await refresh(rig, refresh_token));
    rig.advance(90 * 86_400);
    expect(await status(refresh(rig, next))).toBe(403);
    expect(await rig.violations()).toEqual([]);
  });

  test('members/me gives the fields that are asked for, and counts in headers', async () => {
    const rig = await createRig(['account=grace']);
    const { access_token } = await connect(rig);
    const answer = await me(rig, access_token);
    expect(json(answer)).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{24}$/),
      username: 'gracehopper',
      fullName: 'Grace Hopper',
    });
    expect(answer.headers).toMatchObject({
      'x-rate-limit-api-token-max': '100',
      'x-rate-limit-api-key-interval-ms': '10000',
    });
    expect(Object.keys(json(await call(rig, '/members/me', `Bearer ${access_token}`)))).toContain('memberType');
  });

  test('after an hour: 401 in plain text', async () => {
    const rig = await createRig();
    const { access_token } = await connect(rig);
    rig.advance(3600);
    const answer = await me(rig, access_token);
    expect([answer.status, answer.body, answer.headers['content-type']]).toEqual([
      401,
      'invalid token',
      'text/plain; charset=utf-8',
    ]);
    expect(await rig.violations()).toEqual([]);
  });

  test('429 has a code and no Retry-After at the API; Atlassian’s own server has one', async () => {
    const rig = await createRig(['http-429=7']);
    const limited = await me(rig, 'whatever');
    expect([limited.status, json(limited).error]).toEqual([429, 'API_TOKEN_LIMIT_EXCEEDED']);
    expect(limited.headers).not.toHaveProperty('retry-after');
    expect((await refresh(rig, 'whatever')).headers['retry-after']).toBe('7');
  });
});

describe('the authorization request', () => {
  test.each([
    ['the address instead of the name', { redirect_uri: 'http://127.0.0.1:8252/callback/trello' }, 'redirect_spelling'],
    ['a slash more', { redirect_uri: `${redirectUri}/` }, 'redirect_spelling'],
    ['no redirect', { redirect_uri: undefined }, 'redirect_missing'],
    ['no client', { client_id: undefined }, 'client_id_missing'],
  ])('%s ends on a page and is noted', async (_, change: Form, violation) => {
    const rig = await createRig();
    await expect(consented(rig, change)).rejects.toMatchObject({ code: 'provider_refused' });
    expect(await rig.violations()).toEqual([violation]);
  });

  test.each([
    [{ scope: 'read:board:trello,read:member:trello' }, 'invalid_scope'],
    [{ scope: undefined }, 'invalid_scope'],
  ])('%o is called back and noted', async (change: Form, error) => {
    const rig = await createRig();
    expect((await consented(rig, change)).searchParams.get('error')).toBe(error);
    expect(await rig.violations()).toEqual(['scope']);
  });

  test.each([
    [{ prompt: undefined }, 'prompt'],
    [{ code_challenge: undefined, code_challenge_method: undefined }, 'pkce_missing'],
    [{ state: 'short' }, 'state'],
  ])('%o is let pass and noted', async (change: Form, violation) => {
    const rig = await createRig();
    expect((await consented(rig, change)).searchParams.has('code')).toBe(true);
    expect(await rig.violations()).toEqual([violation]);
  });

  test('8253 and 8254 are registered, 8255 is not', async () => {
    const rig = await createRig();
    const at = (port: number) => consented(rig, { redirect_uri: redirectUri.replace('8252', String(port)) });
    expect([(await at(8253)).port, (await at(8254)).port]).toEqual(['8253', '8254']);
    await expect(at(8255)).rejects.toMatchObject({ code: 'provider_refused' });
    expect(await rig.violations()).toEqual([]);
  });

  test('a person answers on the page', async () => {
    const rig = await createRig();
    const page = await get(rig, authorizationUrl(rig));
    expect(page.body).toContain('action="https://auth.atlassian.com/authorize"');
    const request = new URL(authorizationUrl(rig)).search.slice(1);
    const form = { request, account: 'grace@example.com', scope: 'read:member:trello', answer: 'allow' };
    const answer = await post(rig, 'https://auth.atlassian.com/authorize', form);
    const callback = new URL(answer.headers.location ?? '');
    const tokens = json<Tokens>(await exchange(rig, callback.searchParams.get('code')));
    expect(tokens.scope).toBe('read:member:trello offline_access');
    expect(json(await me(rig, tokens.access_token)).fullName).toBe('Grace Hopper');
  });

  test('no is called back; or nothing ever is', async () => {
    const rig = await createRig(['consent-denied*1']);
    expect((await consented(rig)).searchParams.get('error')).toBe('access_denied');
    await rig.sandbox.control(['never-calls-back']);
    await expect(approve(rig.sandbox, authorizationUrl(rig))).rejects.toMatchObject({ code: 'provider_refused' });
  });
});

describe('API calls', () => {
  test('a token without read:member:trello', async () => {
    const rig = await createRig();
    const { access_token } = await connect(rig, { scope: 'read:board:trello' });
    const answer = await me(rig, access_token);
    expect([answer.status, answer.body]).toEqual([401, 'unauthorized permission requested']);
    expect(await rig.violations()).toEqual(['scope']);
  });

  test.each([
    ['a key beside the bearer token', `${probe}&key=x`, 'key_unwanted', 200],
    ['a token in the query beside it', `${probe}&token=x`, 'secret_in_url', 200],
    ['a field that there is not', '/members/me?fields=id,shoeSize', 'fields', 400],
  ])('%s is noted', async (_, path, violation, expected) => {
    const rig = await createRig();
    const { access_token } = await connect(rig);
    expect(await status(call(rig, path, `Bearer ${access_token}`))).toBe(expected);
    expect(await rig.violations()).toEqual([violation]);
  });

  test('a refresh token is no access token', async () => {
    const rig = await createRig();
    const { refresh_token } = await connect(rig);
    expect(await status(me(rig, refresh_token))).toBe(401);
    expect(await rig.violations()).toEqual(['wrong_token']);
  });
});

test('no token, code, verifier or secret is on disk', async () => {
  const rig = await createRig();
  const code = await codeOf(rig);
  const tokens = json<Tokens>(await exchange(rig, code));
  const next = json<Tokens>(await refresh(rig, tokens.refresh_token));
  const secrets = [code, tokens.access_token, tokens.refresh_token, next.access_token, next.refresh_token, verifier];
  expect(secrets.filter((secret) => secret === null || rig.stateText().includes(secret))).toEqual([]);
});
