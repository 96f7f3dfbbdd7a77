// Authorization code with a loopback redirect: what Google answers to a correct client, and what it refuses.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  authorizationUrl,
  claimsOf,
  connect,
  consented,
  createRig,
  emailLong,
  exchange,
  get,
  gmailReadonly,
  json,
  post,
  redirectUri,
  refresh,
  type Tokens,
  verifier,
} from './rig.ts';

const invalidGrant = (description: string) => ({ error: 'invalid_grant', error_description: description });

test('a correct client gets through, and the violation log stays empty', async () => {
  const rig = await createRig();
  const tokens = await connect(rig);
  await refresh(rig, tokens.refresh_token);
  await post(rig, 'https://oauth2.googleapis.com/tokeninfo', { access_token: tokens.access_token });
  await get(rig, 'https://openidconnect.googleapis.com/v1/userinfo', tokens.access_token);
  await get(rig, 'https://gmail.googleapis.com/gmail/v1/users/me/profile', tokens.access_token);
  const revoked = await post(rig, 'https://oauth2.googleapis.com/revoke', { token: tokens.refresh_token });
  expect(revoked.status).toBe(200);
  const dead = await post(rig, 'https://oauth2.googleapis.com/tokeninfo', { access_token: tokens.access_token });
  expect(dead.status).toBe(400);
  expect(await rig.violations()).toEqual([]);
});

describe('the answers', () => {
  test('a code brings every token, each recognisable as the sandbox’s', async () => {
    const tokens = await connect(await createRig());
    expect(tokens).toMatchObject({ expires_in: 3599, token_type: 'Bearer' });
    expect(tokens.access_token).toMatch(/^ya29\.a0Sandbox/);
    expect(tokens.refresh_token).toMatch(/^1\/\/0Sandbox/);
    expect(tokens).not.toHaveProperty('refresh_token_expires_in');
  });

  test('email is spelled back as its long name, and brings openid along', async () => {
    const tokens = await connect(await createRig(), { scope: `email ${gmailReadonly}` });
    expect(tokens.scope.split(' ').sort()).toEqual([emailLong, gmailReadonly, 'openid'].sort());
    expect(tokens.id_token).toBeDefined();
  });

  test('without an identity scope there is no id_token', async () => {
    const tokens = await connect(await createRig(), { scope: gmailReadonly });
    expect(tokens.scope).toBe(gmailReadonly);
    expect(tokens).not.toHaveProperty('id_token');
  });

  test('a refresh brings no refresh token, and the old one goes on working', async () => {
    const rig = await createRig();
    const { refresh_token, access_token, scope } = await connect(rig);
    for (const _ of [1, 2]) {
      const answer = await refresh(rig, refresh_token);
      expect(answer.status).toBe(200);
      expect(json(answer)).not.toHaveProperty('refresh_token');
      expect(json(answer)).toMatchObject({ scope, expires_in: 3599, token_type: 'Bearer' });
      expect(json<Tokens>(answer).access_token).not.toBe(access_token);
    }
  });

  test('a refresh may ask for less, never for more', async () => {
    const rig = await createRig();
    const { refresh_token } = await connect(rig);
    expect(json(await refresh(rig, refresh_token, { scope: gmailReadonly }))).toMatchObject({ scope: gmailReadonly });
    const more = await refresh(rig, refresh_token, { scope: 'https://mail.google.com/' });
    expect([more.status, json(more).error]).toEqual([400, 'invalid_scope']);
    expect(await rig.violations()).toEqual(['scope_grown']);
  });

  test('the redirect carries iss and scopes unescaped, and members that nobody asked for', async () => {
    const rig = await createRig();
    const callback = await consented(rig);
    expect(callback.href.startsWith(`${redirectUri}?state=`)).toBe(true);
    expect(callback.search).toContain('&iss=https://accounts.google.com&');
    expect(callback.search).toContain(`scope=email%20${emailLong}`);
    expect(callback.searchParams.get('state')).toBe('a-state-that-holds-256-bits-of-chance');
    expect([callback.searchParams.get('authuser'), callback.searchParams.get('prompt')]).toEqual(['0', 'consent']);
    expect(callback.searchParams.get('code')).toMatch(/^4\/0ASandbox/);
  });

  test('a state with reserved characters comes back as it was', async () => {
    const state = 'twenty-two characters & more = ü/:?#+%';
    const callback = await consented(await createRig(), { state });
    expect(callback.searchParams.get('state')).toBe(state);
  });

  test('the id_token names client, account, nonce and access token', async () => {
    const rig = await createRig();
    const tokens = await connect(rig, { nonce: 'n-1' });
    const claims = claimsOf(tokens.id_token);
    const seconds = rig.now() / 1000;
    expect(claims).toMatchObject({
      iss: 'https://accounts.google.com',
      aud: rig.app.clientId,
      azp: rig.app.clientId,
      sub: rig.app.account.id,
      email: 'ada@example.com',
      email_verified: true,
      nonce: 'n-1',
      iat: seconds,
      exp: seconds + 3600,
    });
    const half = createHash('sha256').update(tokens.access_token).digest().subarray(0, 16).toString('base64url');
    expect(claims.at_hash).toBe(half);
    expect(claimsOf(json<Tokens>(await refresh(rig, tokens.refresh_token)).id_token)).not.toHaveProperty('nonce');
  });
});

describe('the code', () => {
  test('is good once', async () => {
    const rig = await createRig();
    const code = (await consented(rig)).searchParams.get('code');
    expect((await exchange(rig, code)).status).toBe(200);
    const replay = await exchange(rig, code);
    expect([replay.status, json(replay)]).toEqual([400, invalidGrant('Bad Request')]);
    expect(await rig.violations()).toEqual(['code_replayed']);
  });

  test('lives ten minutes; a slow person is nobody’s slip', async () => {
    const rig = await createRig();
    const [first, second] = [await consented(rig), await consented(rig)];
    rig.advance(599);
    expect((await exchange(rig, first.searchParams.get('code'))).status).toBe(200);
    rig.advance(1);
    expect(json(await exchange(rig, second.searchParams.get('code')))).toEqual(invalidGrant('Bad Request'));
    expect(await rig.violations()).toEqual([]);
  });

  test.each([
    ['made up', { code: '4/0Amadeup' }, invalidGrant('Malformed auth code.'), []],
    ['left out', { code: undefined }, { error: 'invalid_request' }, ['code_missing']],
    ['with a wrong verifier', { code_verifier: 'x'.repeat(43) }, invalidGrant('Invalid code verifier.'), ['verifier']],
    ['without a verifier', { code_verifier: undefined }, invalidGrant('Missing code verifier.'), ['verifier']],
    [
      'with another redirect_uri',
      { redirect_uri: `${redirectUri}/` },
      { error: 'redirect_uri_mismatch' },
      ['redirect_differs'],
    ],
    ['without a redirect_uri', { redirect_uri: undefined }, { error: 'redirect_uri_mismatch' }, ['redirect_differs']],
  ])('%s is refused', async (_, change, error, violations) => {
    const rig = await createRig();
    const code = (await consented(rig)).searchParams.get('code');
    const answer = await exchange(rig, code, change);
    expect(answer.status).toBe(400);
    expect(json(answer)).toMatchObject(error);
    expect(await rig.violations()).toEqual(violations);
  });

  test('is burnt by a wrong verifier', async () => {
    const rig = await createRig();
    const code = (await consented(rig)).searchParams.get('code');
    await exchange(rig, code, { code_verifier: 'x'.repeat(43) });
    expect(json(await exchange(rig, code))).toEqual(invalidGrant('Bad Request'));
  });

  test('of another client is refused', async () => {
    const rig = await createRig();
    const { web } = rig.app.clients;
    const code = (await consented(rig)).searchParams.get('code');
    const answer = await exchange(rig, code, { client_id: web?.clientId, client_secret: web?.clientSecret?.reveal() });
    expect(json(answer)).toEqual(invalidGrant('Bad Request'));
    expect(await rig.violations()).toEqual(['code_of_another']);
  });

  test('with a challenge whose method is left out wants the verifier itself: missing means plain', async () => {
    const rig = await createRig();
    const plain = { code_challenge: verifier, code_challenge_method: undefined };
    const code = (await consented(rig, plain)).searchParams.get('code');
    expect((await exchange(rig, code)).status).toBe(200);
    const hashed = (await consented(rig, { code_challenge_method: undefined })).searchParams.get('code');
    expect(json(await exchange(rig, hashed))).toEqual(invalidGrant('Invalid code verifier.'));
    expect(await rig.violations()).toEqual(['pkce_plain', 'pkce_plain', 'verifier']);
    expect(rig.stateText()).not.toContain(verifier);
  });

  test('that was asked without a challenge takes no verifier', async () => {
    const rig = await createRig();
    const without = { code_challenge: undefined, code_challenge_method: undefined };
    const code = (await consented(rig, without)).searchParams.get('code');
    expect(json(await exchange(rig, code))).toEqual(invalidGrant('code_verifier or verifier is not needed.'));
    expect(await rig.violations()).toEqual(['pkce_missing', 'verifier']);
  });
});

test('the same request gives the same answer in the same world: nothing comes from outside the ports', async () => {
  const [one, other] = [await createRig(), await createRig()];
  expect((await consented(one)).href).toBe((await consented(other)).href);
  expect(authorizationUrl(one)).toBe(authorizationUrl(other));
});
