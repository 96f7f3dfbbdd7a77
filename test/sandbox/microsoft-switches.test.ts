// What is switched at Microsoft: states of a directory and an app, and the answers that nobody is sure of.
import { describe, expect, test } from 'vitest';
import {
  authorizationUrl,
  connect,
  consented,
  exchange,
  graph,
  loginUrl,
  publicId,
  refresh,
  refusal,
  scope,
  type Tokens,
} from './microsoft-client.ts';
import { createRig, get, json, post, type Rig } from './rig.ts';

const works = async (rig: Rig, token: string) => (await get(rig, graph('/v1.0/me'), token)).status === 200;
const refreshes = async (rig: Rig, tokens: Tokens) => (await refresh(rig, tokens.refresh_token)).status === 200;

describe('refused by the directory, the app or the person', () => {
  test.each<[string, [number, string, number]]>([
    ['interaction_required', [400, 'interaction_required', 50076]],
    ['consent_required', [400, 'consent_required', 65001]],
    ['temporarily_unavailable', [503, 'temporarily_unavailable', 90055]],
    ['53003', [400, 'invalid_grant', 53003]],
    ['50173', [400, 'invalid_grant', 50173]],
    ['700082', [400, 'invalid_grant', 700082]],
    ['50196', [400, 'invalid_grant', 50196]],
    ['700084', [400, 'invalid_grant', 700084]],
    ['700016', [400, 'unauthorized_client', 700016]],
  ])('a refresh, with %s; then it goes on', async (value, expected) => {
    const rig = await createRig();
    const tokens = await connect(rig);
    await rig.sandbox.control([`microsoft-token-error=${value}*1`]);
    expect(refusal(await refresh(rig, tokens.refresh_token))).toEqual(expected);
    expect(await refreshes(rig, tokens)).toBe(true);
    expect(await rig.violations()).toEqual([]);
  });

  test.each(['90094', '90095', '65001', '53003', '530035', '50194', '700016', '7000112', '9002332'])(
    'the sign-in, on a page with %s',
    async (number) => {
      const rig = await createRig([`microsoft-page-error=${number}`]);
      const message = expect.stringContaining(`AADSTS${number}.`);
      await expect(consented(rig)).rejects.toMatchObject({ code: 'provider_refused', message });
      expect(await rig.violations()).toEqual([]);
    },
  );

  test.each([
    ['Mail.Read', 'ada', false],
    ['Chat.Read', 'ada', false],
    ['Mail.Send', 'ada', true],
    ['Team.ReadBasic.All', 'ada', true],
    ['Mail.Read', 'grace', true],
  ])('%s of %s where Microsoft manages consent: %s', async (asked, person, allowed) => {
    const rig = await createRig(['microsoft-consent', `account=${person}`]);
    const outcome = consented(rig, { scope: `openid User.Read ${asked}` });
    if (allowed) expect((await outcome).searchParams.has('code')).toBe(true);
    else await expect(outcome).rejects.toMatchObject({ message: expect.stringContaining('AADSTS90094.') });
  });

  test.each([
    ['gone', 50173],
    ['rapt', 70043],
  ])('invalid-grant=%s', async (value, number) => {
    const rig = await createRig([`invalid-grant=${value}`]);
    expect(refusal(await refresh(rig, (await connect(rig)).refresh_token))).toEqual([400, 'invalid_grant', number]);
  });
});

describe('the person removes the app', () => {
  test.each([
    ['access tokens live on', [], true],
    ['access tokens end too', ['microsoft-revoked'], false],
  ])('refresh tokens end, %s', async (_, switches, survives) => {
    const rig = await createRig(switches);
    const tokens = await connect(rig);
    await rig.sandbox.control(['revoked-by-user@outlook']);
    expect(await works(rig, tokens.access_token)).toBe(survives);
    expect(refusal(await refresh(rig, tokens.refresh_token))).toEqual([400, 'invalid_grant', 50173]);
    rig.advance(5401);
    expect(await works(rig, tokens.access_token)).toBe(false);
    expect((await connect(rig, { scope: 'User.Read' })).scope).toBe('User.Read');
  });
});

describe('both answers where nobody is sure', () => {
  test('a code may live ten minutes', async () => {
    const rig = await createRig(['microsoft-code-life']);
    const code = (await consented(rig)).searchParams.get('code');
    rig.advance(599);
    expect((await exchange(rig, code)).status).toBe(200);
  });

  test('scope may repeat no more than was asked for', async () => {
    const rig = await createRig(['microsoft-scope-echo']);
    await connect(rig);
    const teams = { scope: 'openid offline_access User.Read Team.ReadBasic.All' };
    expect((await connect(rig, teams)).scope).toBe('Team.ReadBasic.All User.Read openid');
  });

  test('ext_expires_in may be missing', async () => {
    const rig = await createRig();
    const { expires_in, ...rest } = await connect(rig);
    expect(rest).toHaveProperty('ext_expires_in', expires_in);
    await rig.sandbox.control(['microsoft-ext-expires-in']);
    expect(await connect(rig)).not.toHaveProperty('ext_expires_in');
  });

  test.each([
    ['brings a refresh token', [], true],
    ['brings none', ['microsoft-refresh-offline'], false],
  ])('a refresh without offline_access %s; it is noted', async (_, switches, brings) => {
    const rig = await createRig(switches);
    const tokens = await connect(rig);
    const next = json(await refresh(rig, tokens.refresh_token, { scope: 'User.Read' }));
    expect('refresh_token' in next).toBe(brings);
    expect(await rig.violations()).toEqual(['offline_access']);
    expect(json(await refresh(rig, tokens.refresh_token, { scope: undefined }))).toHaveProperty('refresh_token');
    expect(await rig.violations()).toHaveLength(1);
  });

  test('errors may carry suberror and claims', async () => {
    const rig = await createRig();
    const { refresh_token } = await connect(rig);
    const refused = async () => {
      await rig.sandbox.control(['microsoft-token-error=interaction_required*1']);
      return json<{ claims: string }>(await refresh(rig, refresh_token));
    };
    expect(await refused()).not.toHaveProperty('suberror');
    await rig.sandbox.control(['microsoft-suberror']);
    const answer = await refused();
    expect(answer).toHaveProperty('suberror', 'basic_action');
    expect(JSON.parse(answer.claims)).toHaveProperty('access_token');
  });

  test('127.0.0.1 may be registered by the manifest', async () => {
    const rig = await createRig(['microsoft-loopback']);
    const redirect_uri = 'http://127.0.0.1:49152/callback/outlook';
    expect(await connect(rig, { redirect_uri })).toHaveProperty('access_token');
  });

  test('chats may be open to personal accounts', async () => {
    const rig = await createRig(['microsoft-personal-chat', 'account=grace']);
    const { access_token } = await connect(rig, { tenant: 'consumers', scope: 'Chat.Read' });
    expect((await get(rig, graph('/v1.0/me/chats'), access_token)).status).toBe(200);
  });

  test('iss in the redirect: none, or somebody else', async () => {
    const rig = await createRig();
    expect((await consented(rig)).searchParams.has('iss')).toBe(false);
    await rig.sandbox.control(['iss-callback=foreign']);
    expect((await consented(rig)).searchParams.get('iss')).toBe('https://accounts.example.net');
  });
});

describe('switches of all servers', () => {
  test('reduced-scopes: an administrator consented to less', async () => {
    const rig = await createRig(['reduced-scopes=Mail*1']);
    const tokens = await connect(rig);
    expect(tokens.scope).toBe('User.Read profile openid email');
    expect(json(await refresh(rig, tokens.refresh_token)).scope).toBe(tokens.scope);
    await rig.sandbox.control(['reduced-scopes=Mail']);
    const request = new URL(authorizationUrl(rig)).search.slice(1);
    const sent = { request, account: 'grace@example.com', answer: 'allow' };
    const { location = '' } = (await post(rig, loginUrl('common', 'authorize'), sent)).headers;
    const answer = json(await exchange(rig, new URL(location).searchParams.get('code')));
    expect(answer.scope).toBe(tokens.scope);
    expect(await rig.violations()).toEqual([]);
  });

  test('expires-in, no-refresh-token, extra-fields, rotation, refresh-life', async () => {
    const rig = await createRig(['expires-in=string', 'no-refresh-token*1', 'extra-fields', 'refresh-life=60']);
    const bare = await connect(rig);
    expect(bare).toMatchObject({ expires_in: expect.stringMatching(/^\d{4}$/), future_member: expect.anything() });
    expect(bare).not.toHaveProperty('refresh_token');
    const tokens = await connect(rig);
    await rig.sandbox.control(['rotation=never*1']);
    expect(json(await refresh(rig, tokens.refresh_token))).not.toHaveProperty('refresh_token');
    rig.advance(60);
    expect(await refreshes(rig, tokens)).toBe(false);
  });

  test('a busy token endpoint speaks as it always does', async () => {
    const rig = await createRig(['http-429=9@outlook.token']);
    const form = { client_id: publicId(rig), grant_type: 'refresh_token', refresh_token: 'x', scope };
    const answer = await post(rig, loginUrl('common', 'token'), form);
    expect([refusal(answer), answer.headers['retry-after']]).toEqual([[429, 'temporarily_unavailable', 90055], '9']);
  });
});
