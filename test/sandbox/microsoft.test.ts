// Microsoft: the way of a correct client, what its tokens say, and what the token endpoint refuses.
import { describe, expect, test } from 'vitest';
import {
  type AadError,
  ask,
  connect,
  consented,
  consumersId,
  directoryId,
  exchange,
  graph,
  publicId,
  redirectUri,
  refresh,
  refusal,
  scope,
  type Tokens,
} from './microsoft-client.ts';
import { basic, claimsOf, clientOf, createRig, type Form, get, json, post, type Rig, verifier } from './rig.ts';

const meStatus = async (rig: Rig, token: string) => (await get(rig, graph('/v1.0/me'), token)).status;

test('a correct client gets through, and the violation log stays empty', async () => {
  const rig = await createRig();
  const first = await connect(rig);
  expect(await meStatus(rig, first.access_token)).toBe(200);
  const second = json<Tokens>(await refresh(rig, first.refresh_token));
  expect(await meStatus(rig, second.access_token)).toBe(200);
  expect(await rig.violations()).toEqual([]);
});

describe('tokens', () => {
  test('live 60 to 90 minutes, each another time, and are opaque', async () => {
    const rig = await createRig();
    const lives: number[] = [];
    for (let turn = 0; turn < 12; turn += 1) {
      const { access_token, expires_in } = await connect(rig);
      expect(access_token).not.toMatch(/^[^.]+\.[^.]+\.[^.]+$/);
      lives.push(expires_in);
    }
    expect(Math.min(...lives)).toBeGreaterThanOrEqual(3600);
    expect(Math.max(...lives)).toBeLessThanOrEqual(5400);
    expect(Math.max(...lives) - Math.min(...lives)).toBeGreaterThan(600);
  });

  test('scope comes in short names, in another order and without offline_access', async () => {
    const rig = await createRig();
    const asked = 'offline_access openid https://graph.microsoft.com/user.read profile mail.read';
    expect((await connect(rig, { scope: asked })).scope).toBe('Mail.Read User.Read profile openid');
  });

  test('what was granted earlier comes along, to the same client only', async () => {
    const rig = await createRig();
    await connect(rig);
    const teams = { scope: 'openid offline_access User.Read Team.ReadBasic.All' };
    const told = 'Mail.Read Team.ReadBasic.All User.Read profile openid email';
    expect((await connect(rig, teams)).scope).toBe(told);
    await rig.sandbox.control(['account=grace']);
    expect((await connect(rig, { scope: 'openid User.Read' })).scope).toBe('User.Read openid');
  });

  test('.default stands for what is registered, and is not mixed', async () => {
    const rig = await createRig();
    expect((await connect(rig, { scope: 'https://graph.microsoft.com/.default openid' })).scope).toBe(
      'Mail.Read User.Read openid',
    );
    const mixed = await consented(rig, { scope: 'https://graph.microsoft.com/.default Mail.Read' });
    expect(mixed.searchParams.get('error')).toBe('invalid_scope');
    expect(await rig.violations()).toEqual(['scope']);
  });

  test('a refresh token comes for offline_access only, an id_token for openid only', async () => {
    const rig = await createRig();
    expect(await connect(rig, { scope: 'openid User.Read' })).not.toHaveProperty('refresh_token');
    const bare = await connect(rig, { scope: 'offline_access User.Read' });
    expect(bare).toHaveProperty('refresh_token');
    expect(bare).not.toHaveProperty('id_token');
  });

  test('the id_token is issued by the tenant of the person, and vouches for no e-mail address', async () => {
    const rig = await createRig();
    const work = claimsOf((await connect(rig)).id_token);
    expect(work).toMatchObject({
      iss: `https://login.microsoftonline.com/${directoryId}/v2.0`,
      aud: publicId(rig),
      tid: directoryId,
      nonce: 'a-nonce-that-holds-256-bits-of-chance',
      email: 'ada@example.com',
      preferred_username: 'ada@example.com',
      ver: '2.0',
    });
    expect([work.tid, work.oid].join(':')).toBe(rig.apps.outlook?.account.id);
    expect(work).not.toHaveProperty('email_verified');
    await rig.sandbox.control(['account=grace']);
    const personal = claimsOf((await connect(rig)).id_token);
    expect(personal.iss).toBe(`https://login.microsoftonline.com/${consumersId}/v2.0`);
  });

  test('sub is another one for another client; oid needs profile', async () => {
    const rig = await createRig();
    const { id, secret } = clientOf(rig, 'outlook', 'confidential');
    const redirect = { redirect_uri: 'https://app.example.com/callback/outlook', client_id: id };
    const mine = claimsOf((await connect(rig)).id_token);
    const other = claimsOf((await connect(rig, redirect, { client_id: id, client_secret: secret })).id_token);
    expect([mine.oid, mine.sub === other.sub]).toEqual([other.oid, false]);
    expect(claimsOf((await connect(rig, { scope: 'openid User.Read' })).id_token)).not.toHaveProperty('oid');
  });
});

describe('a refresh', () => {
  test('brings a new refresh token, and the old one keeps working', async () => {
    const rig = await createRig();
    const first = await connect(rig);
    const second = json<Tokens>(await refresh(rig, first.refresh_token));
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect((await refresh(rig, first.refresh_token)).status).toBe(200);
    expect((await refresh(rig, second.refresh_token)).status).toBe(200);
    expect(await meStatus(rig, first.access_token)).toBe(200);
    expect(await rig.violations()).toEqual([]);
  });

  test('is refused after 90 days without use', async () => {
    const rig = await createRig();
    const { refresh_token } = await connect(rig);
    rig.advance(90 * 86_400 - 1);
    const next = json<Tokens>(await refresh(rig, refresh_token));
    rig.advance(90 * 86_400);
    expect(refusal(await refresh(rig, next.refresh_token))).toEqual([400, 'invalid_grant', 700082]);
  });

  test('gives a token for the resource of the first scope', async () => {
    const rig = await createRig();
    const mailbox = 'https://outlook.office.com/IMAP.AccessAsUser.All';
    const { refresh_token, scope: told } = await connect(rig, { scope: `${scope} ${mailbox}` });
    expect(told).not.toContain(mailbox);
    const other = json<Tokens>(await refresh(rig, refresh_token, { scope: `offline_access ${mailbox} User.Read` }));
    expect(other.scope).toBe(`${mailbox} profile openid email`);
    expect(await meStatus(rig, other.access_token)).toBe(401);
    expect(await rig.violations()).toEqual(['audience']);
  });

  test('is good at every tenant where the person can sign in, and at no other', async () => {
    const rig = await createRig();
    const { refresh_token } = await connect(rig);
    expect((await refresh(rig, refresh_token, { tenant: directoryId })).status).toBe(200);
    const elsewhere = await refresh(rig, refresh_token, { tenant: 'consumers' });
    expect(refusal(elsewhere)).toEqual([400, 'invalid_grant', 50020]);
  });

  test('is good for whatever the person consented to, and for nothing else', async () => {
    const rig = await createRig();
    const { refresh_token } = await connect(rig);
    await connect(rig, { scope: 'offline_access Team.ReadBasic.All' });
    const earlier = json<Tokens>(await refresh(rig, refresh_token, { scope: 'offline_access Team.ReadBasic.All' }));
    expect(earlier.scope).toContain('Team.ReadBasic.All');
    const grown = await refresh(rig, refresh_token, { scope: 'offline_access Mail.Send' });
    expect(refusal(grown)).toEqual([400, 'consent_required', 65001]);
    expect(await rig.violations()).toEqual(['scope_grown']);
  });
});

describe('the token endpoint refuses', () => {
  test.each<[string, Form, [number, string, number], string[]]>([
    ['another tenant', { tenant: 'organizations' }, [400, 'invalid_grant', 700005], ['tenant']],
    ['another verifier', { code_verifier: 'x'.repeat(43) }, [400, 'invalid_grant', 501481], ['verifier']],
    ['no verifier', { code_verifier: undefined }, [400, 'invalid_grant', 501481], ['verifier']],
    ['another redirect', { redirect_uri: `${redirectUri}/` }, [400, 'invalid_grant', 500112], ['redirect_differs']],
    ['no code', { code: undefined }, [400, 'invalid_request', 900144], ['code_missing']],
    ['an unknown code', { code: 'nonsense' }, [400, 'invalid_grant', 70000], []],
    ['a public secret', { client_secret: 'a secret' }, [401, 'invalid_client', 700025], ['secret_unwanted']],
    ['another client', { client_id: 'another' }, [400, 'unauthorized_client', 700016], []],
    ['no client', { client_id: undefined }, [400, 'invalid_request', 900144], ['client_id_missing']],
    ['another grant type', { grant_type: 'password' }, [400, 'unsupported_grant_type', 70003], ['grant_type']],
    ['a tenant that nobody knows', { tenant: 'example.net' }, [400, 'invalid_request', 90002], []],
    [
      'two resources',
      { scope: 'User.Read https://outlook.office.com/SMTP.Send' },
      [400, 'invalid_scope', 700022],
      ['scope'],
    ],
  ])('%s', async (_, change, expected, violations) => {
    const rig = await createRig();
    const code = (await consented(rig)).searchParams.get('code');
    expect(refusal(await exchange(rig, code, change))).toEqual(expected);
    expect(await rig.violations()).toEqual(violations);
  });

  test('a tenant by its domain is the tenant by its id', async () => {
    const rig = await createRig();
    expect(await connect(rig, { tenant: 'engines.example.com' }, { tenant: directoryId })).toHaveProperty('scope');
  });

  test('a code after its minute, or a second time', async () => {
    const rig = await createRig();
    const [code, late] = [await consented(rig), await consented(rig)].map((url) => url.searchParams.get('code'));
    rig.advance(59);
    expect((await exchange(rig, code ?? null)).status).toBe(200);
    expect(refusal(await exchange(rig, code ?? null))).toEqual([400, 'invalid_grant', 54005]);
    rig.advance(1);
    expect(refusal(await exchange(rig, late ?? null))).toEqual([400, 'invalid_grant', 70008]);
    expect(await rig.violations()).toEqual(['code_replayed']);
  });

  test('a confidential client without its secret, or with a wrong or an ended one', async () => {
    const rig = await createRig();
    const { id, secret } = clientOf(rig, 'teams', 'confidential');
    const redirect = { redirect_uri: 'https://app.example.com/callback/teams', client_id: id };
    const { refresh_token } = await connect(rig, redirect, { client_id: id, client_secret: secret });
    const as = (change: Form) => refresh(rig, refresh_token, { client_id: id, ...change });
    expect(refusal(await as({}))).toEqual([401, 'invalid_client', 7000218]);
    expect(refusal(await as({ client_secret: 'the-id-of-it' }))).toEqual([401, 'invalid_client', 7000215]);
    await rig.sandbox.control(['expired-secret*1']);
    expect(refusal(await as({ client_secret: secret }))).toEqual([401, 'invalid_client', 7000222]);
    const form = { grant_type: 'refresh_token', refresh_token };
    const url = 'https://login.microsoftonline.com/common/oauth2/v2.0/token';
    expect((await post(rig, url, form, { authorization: basic(id, secret) })).status).toBe(200);
    expect(await rig.violations()).toEqual(['secret_missing']);
  });

  test('in JSON that carries the number, three ids and a description over four lines', async () => {
    const rig = await createRig();
    const answer = json<AadError>(
      await ask(rig, { grant_type: 'authorization_code', code: 'x', code_verifier: verifier }),
    );
    expect(answer).toMatchObject({
      error_codes: [70000],
      timestamp: '2026-11-25 10:00:00Z',
      trace_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      correlation_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(answer.error_description).toMatch(
      /^AADSTS70000: .+\.\r\nTrace ID: [0-9a-f-]+\r\nCorrelation ID: [0-9a-f-]+\r\nTimestamp: [0-9: -]+Z$/,
    );
  });
});

test('no token, code or secret is on disk', async () => {
  const rig = await createRig();
  const code = (await consented(rig)).searchParams.get('code');
  const tokens = json<Tokens>(await exchange(rig, code));
  const next = json<Tokens>(await refresh(rig, tokens.refresh_token));
  const secrets = [code, tokens.access_token, tokens.refresh_token, next.access_token, next.refresh_token];
  expect(secrets.filter((secret) => secret === null || rig.stateText().includes(secret))).toEqual([]);
});
