// What is switched at Asana: how the app is set up, and the answers that nobody is sure of.
import { describe, expect, test } from 'vitest';
import {
  ask,
  authorizationUrl,
  connect,
  consented,
  exchange,
  me,
  outOfBand,
  refresh,
  type Tokens,
} from './asana-client.ts';
import { createRig, get, json, type Rig } from './rig.ts';

const works = async (rig: Rig, token: string) => (await me(rig, token)).status === 200;
const refreshes = async (rig: Rig, tokens: Tokens) => (await refresh(rig, tokens.refresh_token)).status === 200;

function authorizedAt(rig: Rig, redirect_uri: string) {
  const url = authorizationUrl(rig, { redirect_uri });
  return rig.sandbox.answer({ method: 'GET', url, headers: {}, consent: 'auto' });
}

describe('how the app is set up', () => {
  test('with Full permissions default is the only scope, also when none is asked for', async () => {
    const rig = await createRig(['asana-full-permissions']);
    for (const scope of ['default', undefined])
      expect(await works(rig, (await connect(rig, { scope })).access_token)).toBe(true);
    const granular = await consented(rig, { scope: 'users:read' });
    expect(granular.searchParams.get('error')).toBe('forbidden_scopes');
    expect(await rig.violations()).toEqual([]);
  });

  test.each([
    ['any', [], 302, 200],
    ['out of band only', ['asana-redirects'], 400, 200],
    ['all but out of band', ['asana-redirects=no-oob'], 302, 400],
  ])('its redirects: %s', async (_, switches, loopback, shown) => {
    const rig = await createRig(switches);
    expect((await authorizedAt(rig, 'http://127.0.0.1:8252/callback/asana')).status).toBe(loopback);
    expect((await authorizedAt(rig, outOfBand)).status).toBe(shown);
    expect(await rig.violations()).toEqual([]);
  });

  test('distributed elsewhere, it ends on a page', async () => {
    const message = expect.stringContaining('not available to your workspace');
    await expect(consented(await createRig(['asana-distribution']))).rejects.toMatchObject({ message });
  });
});

describe('both answers where nobody is sure', () => {
  test('scopes of the other mode: the name of the error, and where it is told', async () => {
    const rig = await createRig(['asana-scope-error']);
    expect((await consented(rig, { scope: 'default' })).searchParams.get('error')).toBe('invalid_scope');
    await rig.sandbox.control(['asana-scope-error-at']);
    const message = expect.stringContaining('invalid_scope');
    await expect(consented(rig, { scope: 'default' })).rejects.toMatchObject({ message });
  });

  test('the secret may be optional with PKCE, and is not without', async () => {
    const rig = await createRig(['asana-secret']);
    const bare = { client_secret: undefined };
    const { refresh_token } = json<Tokens>(await exchange(rig, (await consented(rig)).searchParams.get('code'), bare));
    expect((await refresh(rig, refresh_token, bare)).status).toBe(200);
    expect((await ask(rig, 'revoke', { token: refresh_token, ...bare })).status).toBe(200);
    expect(await rig.violations()).toEqual([]);
    const plain = await consented(rig, { code_challenge: undefined, code_challenge_method: undefined });
    const refused = await exchange(rig, plain.searchParams.get('code'), { ...bare, code_verifier: undefined });
    expect([refused.status, json(refused).error]).toEqual([400, 'invalid_client']);
  });

  test.each([
    ['asana-data', '1200000000000101'],
    ['asana-data=id-number', 1_200_000_000_000_101],
  ])('the account may be named by id: %s', async (line, id) => {
    const { data } = await connect(await createRig([line]));
    expect(data).toEqual({ id, name: 'Ada Lovelace', email: 'ada@example.com' });
  });

  test('a refresh may bring a new refresh token, and the old one ends', async () => {
    const rig = await createRig(['rotation=always']);
    const first = await connect(rig);
    const second = json<Tokens>(await refresh(rig, first.refresh_token));
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect([await refreshes(rig, second), await refreshes(rig, first)]).toEqual([true, false]);
    expect(await rig.violations()).toEqual(['refresh_token_reused']);
  });

  test('introspection: not announced and not there, or both', async () => {
    const rig = await createRig();
    const { access_token, refresh_token } = await connect(rig);
    const url = 'https://app.asana.com/api/1.0/.well-known/openid-configuration';
    expect(json(await get(rig, url))).not.toHaveProperty('introspection_endpoint');
    expect((await ask(rig, 'introspect', { token: access_token })).status).toBe(404);
    expect(await rig.violations()).toEqual(['unknown_path']);
    await rig.sandbox.control(['asana-introspection']);
    expect(json(await get(rig, url))).toHaveProperty('introspection_endpoint');
    expect(json(await ask(rig, 'introspect', { token: access_token }))).toMatchObject({
      active: true,
      scope: 'users:read tasks:read',
    });
    await ask(rig, 'revoke', { token: refresh_token });
    expect(json(await ask(rig, 'introspect', { token: access_token }))).toEqual({ active: false });
  });

  test('revoking what is dead may be refused', async () => {
    const rig = await createRig(['revoke-dead=refused']);
    expect((await ask(rig, 'revoke', { token: 'nonsense' })).status).toBe(400);
  });

  test('iss in the redirect: none, or somebody else', async () => {
    const rig = await createRig();
    expect((await consented(rig)).searchParams.has('iss')).toBe(false);
    await rig.sandbox.control(['iss-callback=foreign']);
    expect((await consented(rig)).searchParams.get('iss')).toBe('https://accounts.example.net');
  });
});

describe('switches of all servers', () => {
  test('expired-secret, expires-in, access-life, no-refresh-token, reduced-scopes', async () => {
    const rig = await createRig([
      'expires-in=absent*1',
      'access-life=60',
      'no-refresh-token*1',
      'reduced-scopes=users*1',
    ]);
    const bare = await connect(rig);
    expect(Object.keys(bare).sort()).toEqual(['access_token', 'data', 'token_type']);
    expect((await me(rig, bare.access_token)).status).toBe(403);
    const tokens = await connect(rig);
    rig.advance(60);
    expect(await works(rig, tokens.access_token)).toBe(false);
    await rig.sandbox.control(['expired-secret*1']);
    expect(json(await refresh(rig, tokens.refresh_token)).error).toBe('invalid_client');
  });

  test.each(['invalid-grant*1', 'refresh-life=60', 'revoked-by-user@asana'])(
    '%s ends in invalid_grant',
    async (line) => {
      const rig = await createRig(['refresh-life=3600']);
      await rig.sandbox.control(line.startsWith('refresh-life') ? [line] : []);
      const tokens = await connect(rig);
      await rig.sandbox.control([line]);
      rig.advance(60);
      const answer = await refresh(rig, tokens.refresh_token);
      expect([answer.status, json(answer).error]).toEqual([400, 'invalid_grant']);
    },
  );

  test.each([['consent-denied', 'access_denied']])('%s', async (line, error) => {
    const { searchParams } = await consented(await createRig([line]));
    expect([searchParams.get('error'), searchParams.has('state')]).toEqual([error, true]);
  });

  test('never-calls-back', async () => {
    await expect(consented(await createRig(['never-calls-back']))).rejects.toMatchObject({ code: 'provider_refused' });
  });
});
