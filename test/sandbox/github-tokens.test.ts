// How GitHub's tokens live and end: single use, ten of a kind, a year without use; and the API's refusals.
import { describe, expect, test } from 'vitest';
import { connect, kinds, refresh, said, type Tokens, user, works } from './github-client.ts';
import { createRig, get, json } from './rig.ts';

describe.each(kinds)('%s: a refresh', (kind) => {
  test('works once, and a second use ends nothing more', async () => {
    const rig = await createRig();
    const first = await connect(rig, kind);
    const second = json<Tokens>(await refresh(rig, kind, first.refresh_token));
    expect(await said(refresh(rig, kind, first.refresh_token))).toBe('bad_refresh_token');
    expect(await works(rig, second.access_token)).toBe(true);
    expect(await said(refresh(rig, kind, second.refresh_token))).toBe('ok');
    expect(await rig.violations()).toEqual(['refresh_token_reused']);
  });

  test('wants the secret where the browser was used', async () => {
    const rig = await createRig();
    const { refresh_token } = await connect(rig, kind);
    const answer = await refresh(rig, kind, refresh_token, { client_secret: undefined });
    expect(await said(answer)).toBe('incorrect_client_credentials');
    expect(await said(refresh(rig, kind, refresh_token))).toBe('ok');
    expect(await rig.violations()).toEqual(['secret_missing']);
  });

  test('cannot change the scopes, and an access token is none', async () => {
    const rig = await createRig();
    const { access_token, refresh_token, scope } = await connect(rig, kind);
    expect(await said(refresh(rig, kind, access_token))).toBe('bad_refresh_token');
    expect(await said(refresh(rig, kind, undefined))).toBe('bad_refresh_token');
    expect(json(await refresh(rig, kind, refresh_token, { scope: 'repo' }))).toMatchObject({ scope });
    expect(await rig.violations()).toEqual(['wrong_token', 'refresh_token_missing', 'scope']);
  });

  test('has half a year', async () => {
    const rig = await createRig();
    const first = await connect(rig, kind);
    rig.advance(15_897_599);
    const second = json<Tokens>(await refresh(rig, kind, first.refresh_token));
    rig.advance(15_897_600);
    expect(await said(refresh(rig, kind, second.refresh_token))).toBe('bad_refresh_token');
    expect(await rig.violations()).toEqual([]);
  });

  test.each(['connection-reset', 'truncate'])('%s: sending the token again is no slip, and too late', async (fault) => {
    const rig = await createRig();
    const { refresh_token } = await connect(rig, kind);
    await rig.sandbox.control([`${fault}@github.token*1`]);
    await refresh(rig, kind, refresh_token);
    expect(await said(refresh(rig, kind, refresh_token))).toBe('bad_refresh_token');
    expect(await rig.violations()).toEqual([]);
  });
});

describe('ten tokens for one person, app and set of scopes', () => {
  test('the eleventh drives out the oldest that was never used, though another is longer unused', async () => {
    const rig = await createRig();
    const first = await connect(rig, 'oauth-app');
    rig.advance(1);
    await user(rig, first.access_token);
    rig.advance(1);
    const rest = [];
    for (let made = 1; made < 10; made += 1) rest.push(await connect(rig, 'oauth-app'));
    rig.advance(61);
    await connect(rig, 'oauth-app', { scope: 'repo' });
    await connect(rig, 'oauth-app', { login: 'grace' });
    await connect(rig, 'github-app');
    await connect(rig, 'oauth-app', { scope: 'gist user' });
    const alive = await Promise.all([first, ...rest].map(({ access_token }) => works(rig, access_token)));
    expect(alive.flatMap((works, index) => (works ? [] : [index]))).toEqual([1]);
  });

  test('within a minute it is the one longest unused', async () => {
    const rig = await createRig();
    const tokens = [];
    for (let made = 0; made < 10; made += 1) tokens.push(await connect(rig, 'oauth-app'));
    rig.advance(30);
    for (const { access_token } of tokens.toReversed()) {
      rig.advance(1);
      await user(rig, access_token);
    }
    await connect(rig, 'oauth-app');
    const alive = await Promise.all(tokens.map(({ access_token }) => works(rig, access_token)));
    expect(alive.indexOf(false)).toBe(9);
    expect(alive.filter((works) => !works)).toHaveLength(1);
  });
});

describe('tokens without an end', () => {
  test('are over after a year without use', async () => {
    const rig = await createRig(['github-no-expiry']);
    const tokens = await connect(rig, 'oauth-app');
    expect(Object.keys(tokens)).toEqual(['access_token', 'scope', 'token_type']);
    rig.advance(364 * 86_400);
    expect(await works(rig, tokens.access_token)).toBe(true);
    rig.advance(364 * 86_400);
    expect(await works(rig, tokens.access_token)).toBe(true);
    rig.advance(365 * 86_400);
    expect(await works(rig, tokens.access_token)).toBe(false);
  });

  test('offline_access brings a refresh token all the same, where it is honoured, and is not shown', async () => {
    const rig = await createRig(['github-no-expiry']);
    const scope = 'gist offline_access';
    const tokens = await connect(rig, 'oauth-app', { scope });
    expect(tokens).toMatchObject({ scope: 'gist', expires_in: 28_800, refresh_token: expect.any(String) });
    expect(await connect(rig, 'github-app', { scope })).not.toHaveProperty('refresh_token');
    await rig.sandbox.control(['github-no-expiry=always']);
    expect(await connect(rig, 'oauth-app', { scope })).not.toHaveProperty('refresh_token');
  });
});

describe('api.github.com', () => {
  test('a dead token is 401, whatever it died of', async () => {
    const rig = await createRig();
    const { access_token, refresh_token } = await connect(rig, 'oauth-app');
    rig.advance(28_800);
    const expired = await user(rig, access_token);
    expect([expired.status, json(expired).message]).toEqual([401, 'Bad credentials']);
    expect(await rig.violations()).toEqual([]);
    expect((await user(rig, refresh_token)).status).toBe(401);
    expect(json(await get(rig, 'https://api.github.com/user'))).toMatchObject({ message: 'Requires authentication' });
    expect(await rig.violations()).toEqual(['wrong_token', 'token_missing']);
  });

  test('too many requests are 403 with a reset time and no Retry-After', async () => {
    const rig = await createRig();
    const { access_token } = await connect(rig, 'oauth-app');
    expect((await user(rig, access_token)).headers).toMatchObject({ 'x-ratelimit-remaining': '4999' });
    await rig.sandbox.control(['http-429=60@user']);
    const limited = await user(rig, access_token);
    expect(limited.status).toBe(403);
    expect(limited.headers).toMatchObject({
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(Math.ceil(rig.now() / 1000) + 60),
    });
    expect(limited.headers).not.toHaveProperty('retry-after');
  });

  test('the secondary limit has Retry-After, and the first may be 429', async () => {
    const rig = await createRig(['http-429=60', 'github-rate-limit']);
    const secondary = await user(rig, 'x');
    expect([secondary.status, secondary.headers['retry-after']]).toEqual([403, '60']);
    await rig.sandbox.control(['github-rate-limit=429']);
    const primary = await user(rig, 'x');
    expect([primary.status, primary.headers['x-ratelimit-remaining'], primary.headers['retry-after']]).toEqual([
      429,
      '0',
      undefined,
    ]);
  });
});
