// Notion: what it answers to a correct client, what it refuses, and both answers where nobody knows.
import { describe, expect, test } from 'vitest';
import { approve } from '../../src/sandbox/approve.ts';
import {
  ask,
  authorizationUrl,
  connect,
  consented,
  exchange,
  me,
  redirectUri,
  refresh,
  type Tokens,
} from './notion-client.ts';
import { clientOf, createRig, encodeForm, type Form, get, json, post, type Rig } from './rig.ts';

const isActive = async (rig: Rig, token: string) => json(await ask(rig, 'introspect', { token })).active;

test('a correct client gets through, and the violation log stays empty', async () => {
  const rig = await createRig();
  const first = await connect(rig);
  expect((await me(rig, first.access_token)).status).toBe(200);
  const second = json<Tokens>(await refresh(rig, first.refresh_token));
  expect([await isActive(rig, second.access_token), await isActive(rig, second.refresh_token)]).toEqual([true, true]);
  for (const token of [second.access_token, second.refresh_token]) await ask(rig, 'revoke', { token });
  expect([await isActive(rig, second.access_token), await isActive(rig, second.refresh_token)]).toEqual([false, false]);
  expect((await me(rig, second.access_token)).status).toBe(401);
  expect(await rig.violations()).toEqual([]);
});

describe('the answers', () => {
  test('tokens come without expires_in and scope, with workspace, bot and owner', async () => {
    const rig = await createRig();
    const tokens = await connect(rig);
    expect(tokens).not.toHaveProperty('expires_in');
    expect(tokens).not.toHaveProperty('scope');
    expect(tokens).toMatchObject({
      access_token: expect.stringMatching(/^ntn_Sandbox/),
      refresh_token: expect.stringMatching(/^nrt_Sandbox/),
      token_type: 'bearer',
      bot_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      workspace_name: 'Analytical Engines',
      owner: { type: 'user', user: { name: 'Ada Lovelace', person: { email: 'ada@example.com' } } },
      request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(`${tokens.workspace_id}${tokens.owner.user.id}`).toBe(rig.apps.notion?.account.id);
  });

  test('users/me is the bot, the same that the tokens named', async () => {
    const rig = await createRig(['account=grace']);
    const tokens = await connect(rig);
    expect(json(await me(rig, tokens.access_token))).toMatchObject({
      id: tokens.bot_id,
      type: 'bot',
      bot: { owner: { user: { name: 'Grace Hopper' } }, workspace_name: 'Analytical Engines' },
    });
  });

  test('a refresh replaces both tokens; the bot stays', async () => {
    const rig = await createRig();
    const first = await connect(rig);
    const second = json<Tokens>(await refresh(rig, first.refresh_token));
    expect(second.bot_id).toBe(first.bot_id);
    expect((await me(rig, first.access_token)).status).toBe(401);
    const reused = await refresh(rig, first.refresh_token);
    expect([reused.status, json(reused).error]).toEqual([400, 'invalid_grant']);
    expect((await me(rig, second.access_token)).status).toBe(200);
    expect(await rig.violations()).toEqual(['refresh_token_reused']);
  });

  test('no: access_denied and the state', async () => {
    const callback = await consented(await createRig(['consent-denied']));
    expect(callback.search).toBe('?error=access_denied&state=a-state-that-holds-256-bits-of-chance');
  });

  test('429 and 529 have Notion’s shape and Retry-After', async () => {
    const rig = await createRig();
    const { access_token } = await connect(rig);
    await rig.sandbox.control(['http-429=7*1', 'http-5xx=529']);
    const limited = await me(rig, access_token);
    expect([limited.status, limited.headers['retry-after']]).toEqual([429, '7']);
    expect(json(limited)).toMatchObject({ object: 'error', code: 'rate_limited', additional_data: {} });
    const overloaded = await me(rig, access_token);
    expect([overloaded.status, json(overloaded).code]).toEqual([529, 'service_overload']);
    expect(overloaded.headers['retry-after']).toBe('30');
  });
});

describe('the authorization request', () => {
  test.each([
    ['without owner=user', { owner: undefined }, 'owner'],
    ['without response_type', { response_type: undefined }, 'response_type'],
    ['without redirect_uri', { redirect_uri: undefined }, 'redirect_missing'],
    [
      'with the address instead of the name',
      { redirect_uri: 'http://127.0.0.1:8252/callback/notion' },
      'redirect_spelling',
    ],
    ['with a slash more', { redirect_uri: `${redirectUri}/` }, 'redirect_spelling'],
    ['without a client', { client_id: undefined }, 'client_id_missing'],
  ])('%s ends on a page and is noted', async (_, change: Form, violation) => {
    const rig = await createRig();
    await expect(consented(rig, change)).rejects.toMatchObject({ code: 'provider_refused' });
    expect(await rig.violations()).toEqual([violation]);
  });

  test('a port that is not registered ends on a page: that is the registration’s fault', async () => {
    const rig = await createRig();
    const other = consented(rig, { redirect_uri: 'http://localhost:9000/callback/notion' });
    await expect(other).rejects.toMatchObject({ message: expect.stringContaining('Missing or invalid redirect_uri') });
    expect(await rig.violations()).toEqual([]);
  });

  test.each([
    [{ state: 'short' }, 'state'],
    [{ scope: 'read' }, 'scope'],
    [{ code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' }, 'pkce_unwanted'],
  ])('%o is let pass and noted', async (change: Form, violation) => {
    const rig = await createRig();
    expect((await consented(rig, change)).searchParams.has('code')).toBe(true);
    expect(await rig.violations()).toEqual([violation]);
  });

  test('a person answers on the page', async () => {
    const rig = await createRig();
    const page = await get(rig, authorizationUrl(rig));
    expect(page.body).toContain('action="https://api.notion.com/v1/oauth/authorize"');
    const request = new URL(authorizationUrl(rig)).search.slice(1);
    const answer = await post(rig, 'https://api.notion.com/v1/oauth/authorize', {
      request,
      account: 'grace@example.com',
      answer: 'allow',
    });
    expect([answer.status, answer.headers.location]).toEqual([
      303,
      expect.stringMatching(/^http:\/\/localhost:8252\/callback\/notion\?code=Sandbox.*&state=/),
    ]);
    const code = new URL(answer.headers.location ?? '').searchParams.get('code');
    expect(json(await exchange(rig, code))).toMatchObject({ owner: { user: { name: 'Grace Hopper' } } });
  });

  test('it may never call back', async () => {
    const rig = await createRig(['never-calls-back']);
    await expect(approve(rig.sandbox, authorizationUrl(rig))).rejects.toMatchObject({ code: 'provider_refused' });
  });
});

describe('the token endpoint', () => {
  test.each([
    ['a form', 'content_type'],
    ['the secret in the body', 'wrong_place'],
    ['no version', 'notion_version'],
    ['a verifier', 'pkce_unwanted'],
    ['another redirect', 'redirect_differs'],
  ])('%s is noted', async (what, violation) => {
    const rig = await createRig();
    const code = (await consented(rig)).searchParams.get('code') ?? '';
    const { id, secret } = clientOf(rig, 'notion', 'public');
    const sent: Record<string, () => Promise<{ status: number }>> = {
      'a form': () => exchangeAsForm(rig, code),
      'the secret in the body': () =>
        exchange(rig, code, { client_id: id, client_secret: secret }, { authorization: '' }),
      'no version': () => exchange(rig, code, {}, { 'notion-version': '' }),
      'a verifier': () => exchange(rig, code, { code_verifier: 'x'.repeat(43) }),
      'another redirect': () => exchange(rig, code, { redirect_uri: `${redirectUri}/` }),
    };
    const statuses = { 'a form': 400, 'the secret in the body': 401, 'another redirect': 400 };
    expect((await sent[what]?.())?.status).toBe(statuses[what as keyof typeof statuses] ?? 200);
    expect(await rig.violations()).toContain(violation);
  });

  test('a wrong or deleted secret is invalid_client, and nobody’s slip', async () => {
    const rig = await createRig();
    const { refresh_token } = await connect(rig);
    const { id } = clientOf(rig, 'notion', 'public');
    const authorization = `Basic ${Buffer.from(`${id}:wrong`).toString('base64')}`;
    const wrong = await ask(rig, 'token', { grant_type: 'refresh_token', refresh_token }, { authorization });
    await rig.sandbox.control(['expired-secret']);
    const over = await refresh(rig, refresh_token);
    for (const answer of [wrong, over]) expect([answer.status, json(answer).error]).toEqual([401, 'invalid_client']);
    expect(await rig.violations()).toEqual([]);
  });

  test('a code is good once and for ten minutes', async () => {
    const rig = await createRig();
    const [first, late] = [await consented(rig), await consented(rig)].map((url) => url.searchParams.get('code'));
    expect((await exchange(rig, first ?? null)).status).toBe(200);
    expect(json(await exchange(rig, first ?? null)).error).toBe('invalid_grant');
    rig.advance(600);
    expect(json(await exchange(rig, late ?? null)).error).toBe('invalid_grant');
    expect(await rig.violations()).toEqual(['code_replayed']);
  });
});

async function exchangeAsForm(rig: Rig, code: string) {
  const body = encodeForm({ grant_type: 'authorization_code', code, redirect_uri: redirectUri });
  const { id, secret } = clientOf(rig, 'notion', 'public');
  return rig.sandbox.answer({
    method: 'POST',
    url: 'https://api.notion.com/v1/oauth/token',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'notion-version': '2026-03-11',
      authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
    },
    body,
  });
}

test.each(['introspect', 'revoke'])('%s demands Notion-Version', async (path) => {
  const rig = await createRig();
  const { access_token } = await connect(rig);
  const answer = await ask(rig, path, { token: access_token }, { 'notion-version': '' });
  expect([answer.status, json(answer).code]).toEqual([400, 'missing_version']);
  expect((await me(rig, access_token, {})).status).toBe(400);
  expect(await rig.violations()).toEqual(['notion_version', 'notion_version']);
});
