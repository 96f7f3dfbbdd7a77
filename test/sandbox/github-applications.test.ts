// GitHub's calls for an app's own tokens: Basic, a JSON body at DELETE too, and 204, 404 or 422.
import { describe, expect, test } from 'vitest';
import { asApp, connect, type Kind, kinds, refresh, said, works } from './github-client.ts';
import { basic, clientOf, createRig, json, type Rig } from './rig.ts';

const status = async (rig: Rig, kind: Kind, body: unknown, ask: Parameters<typeof asApp>[3]) =>
  (await asApp(rig, kind, body, ask)).status;
const revoke = { method: 'DELETE' } as const;
const disconnect = { method: 'DELETE', path: 'grant' } as const;

describe.each(kinds)('%s', (kind) => {
  test('checking says whose and what, until the token is dead', async () => {
    const rig = await createRig();
    const { access_token } = await connect(rig, kind);
    const answer = await asApp(rig, kind, { access_token });
    expect([answer.status, json(answer)]).toMatchObject([
      200,
      {
        app: { client_id: clientOf(rig, 'github', kind).id },
        scopes: kind === 'oauth-app' ? ['user', 'gist'] : [],
        expires_at: '2026-11-25T18:00:00.000Z',
        user: { login: 'ada', id: 18_151_210 },
      },
    ]);
    rig.advance(28_800);
    expect(await status(rig, kind, { access_token }, {})).toBe(404);
    expect(await status(rig, kind, { access_token: 'gho_nothing' }, {})).toBe(404);
    expect(await rig.violations()).toEqual([]);
  });

  test('deleting a token ends that one only; a second time is 422', async () => {
    const rig = await createRig();
    const [first, second] = [await connect(rig, kind), await connect(rig, kind)];
    const answer = await asApp(rig, kind, { access_token: first.access_token }, revoke);
    expect([answer.status, answer.body]).toEqual([204, '']);
    expect(await status(rig, kind, { access_token: first.access_token }, revoke)).toBe(422);
    expect([await works(rig, first.access_token), await works(rig, second.access_token)]).toEqual([false, true]);
    expect(await said(refresh(rig, kind, first.refresh_token))).toBe('ok');
    expect(await rig.violations()).toEqual([]);
  });

  test('deleting the grant ends all that this person gave this app', async () => {
    const rig = await createRig();
    const other = await connect(rig, kind === 'oauth-app' ? 'github-app' : 'oauth-app');
    const graces = await connect(rig, kind, { login: 'grace' });
    const [first, second] = [await connect(rig, kind), await connect(rig, kind)];
    expect(await status(rig, kind, { access_token: first.access_token }, disconnect)).toBe(204);
    expect([await works(rig, first.access_token), await works(rig, second.access_token)]).toEqual([false, false]);
    expect(await said(refresh(rig, kind, second.refresh_token))).toBe('bad_refresh_token');
    expect([await works(rig, graces.access_token), await works(rig, other.access_token)]).toEqual([true, true]);
    expect(await rig.violations()).toEqual([]);
  });

  test('a token that has run out does not delete the grant', async () => {
    const rig = await createRig();
    const { access_token, refresh_token } = await connect(rig, kind);
    rig.advance(28_800);
    expect(await status(rig, kind, { access_token }, disconnect)).toBe(422);
    expect(await said(refresh(rig, kind, refresh_token))).toBe('ok');
  });

  test('PATCH brings a new token at once', async () => {
    const rig = await createRig();
    const { access_token } = await connect(rig, kind);
    const fresh = json<{ token: string }>(await asApp(rig, kind, { access_token }, { method: 'PATCH' })).token;
    expect(fresh.slice(0, 4)).toBe(access_token.slice(0, 4));
    expect([await works(rig, access_token), await works(rig, fresh)]).toEqual([false, true]);
    expect(await status(rig, kind, { access_token }, { method: 'PATCH' })).toBe(404);
    expect(rig.stateText()).not.toContain(fresh);
  });
});

describe('what is not right', () => {
  test.each<[string, unknown, Record<string, string>, number, string]>([
    ['no token', {}, {}, 422, 'token_missing'],
    ['a form', { access_token: 'x' }, { 'content-type': 'application/x-www-form-urlencoded' }, 422, 'content_type'],
    ['no Basic', { access_token: 'x' }, { authorization: '' }, 401, 'client_id_missing'],
    ['the secret in the body', { client_id: 'x', client_secret: 'x' }, { authorization: '' }, 401, 'wrong_place'],
  ])('%s', async (_, body, headers, wanted, violation) => {
    const rig = await createRig();
    expect(await status(rig, 'oauth-app', body, { ...revoke, headers })).toBe(wanted);
    expect(await rig.violations()).toContain(violation);
  });

  test('a wrong secret is 401, and nobody’s slip', async () => {
    const rig = await createRig();
    const { id } = clientOf(rig, 'github', 'oauth-app');
    const headers = { authorization: basic(id, 'wrong') };
    expect(await status(rig, 'oauth-app', { access_token: 'x' }, { headers })).toBe(401);
    expect(await rig.violations()).toEqual([]);
  });

  test('another client in the path, another client’s token, a refresh token', async () => {
    const rig = await createRig();
    const { access_token, refresh_token } = await connect(rig, 'oauth-app');
    const { id, secret } = clientOf(rig, 'github', 'github-app');
    const headers = { authorization: basic(id, secret) };
    expect(await status(rig, 'oauth-app', { access_token }, { ...revoke, headers })).toBe(404);
    expect(await status(rig, 'github-app', { access_token }, revoke)).toBe(422);
    expect(await status(rig, 'oauth-app', { access_token: refresh_token }, revoke)).toBe(422);
    expect(await works(rig, access_token)).toBe(true);
    expect(await rig.violations()).toEqual(['client_differs', 'token_of_another', 'wrong_token']);
  });
});

describe('both answers where nobody is sure', () => {
  test('the refresh token may go with its access token, other sign-ins too', async () => {
    const rig = await createRig(['github-delete-token=pair']);
    const [first, second, third] = [
      await connect(rig, 'oauth-app'),
      await connect(rig, 'oauth-app'),
      await connect(rig, 'oauth-app'),
    ];
    await asApp(rig, 'oauth-app', { access_token: first.access_token }, revoke);
    expect(await said(refresh(rig, 'oauth-app', first.refresh_token))).toBe('bad_refresh_token');
    expect(await works(rig, second.access_token)).toBe(true);
    await rig.sandbox.control(['github-delete-token=siblings']);
    await asApp(rig, 'oauth-app', { access_token: second.access_token }, revoke);
    expect(await works(rig, third.access_token)).toBe(false);
  });

  test('a dead token may be 404, or succeed', async () => {
    const rig = await createRig(['github-dead-token']);
    const dead = { access_token: 'gho_nothing' };
    expect(await status(rig, 'oauth-app', dead, revoke)).toBe(404);
    expect(await status(rig, 'oauth-app', dead, disconnect)).toBe(404);
    await rig.sandbox.control(['revoke-dead=accepted']);
    expect(await status(rig, 'oauth-app', dead, revoke)).toBe(204);
  });

  test('a token that has run out may delete the grant; one that was revoked may not', async () => {
    const rig = await createRig(['github-grant-expired']);
    const [first, second] = [await connect(rig, 'oauth-app'), await connect(rig, 'oauth-app')];
    await asApp(rig, 'oauth-app', { access_token: first.access_token }, revoke);
    rig.advance(28_800);
    expect(await status(rig, 'oauth-app', { access_token: first.access_token }, disconnect)).toBe(422);
    expect(await status(rig, 'oauth-app', { access_token: second.access_token }, disconnect)).toBe(204);
    expect(await said(refresh(rig, 'oauth-app', second.refresh_token))).toBe('bad_refresh_token');
  });

  test('a wrong secret may be 404', async () => {
    const rig = await createRig(['github-wrong-secret', 'expired-secret']);
    expect(await status(rig, 'oauth-app', { access_token: 'x' }, {})).toBe(404);
  });
});
