// Microsoft Graph: who is there, what a token may read, and how it refuses.
import { describe, expect, test } from 'vitest';
import { connect, graph } from './microsoft-client.ts';
import { claimsOf, createRig, get, json, type Rig } from './rig.ts';

interface GraphError {
  readonly error: { readonly code: string; readonly message: string; readonly innerError: object };
}

async function refusalAt(rig: Rig, path: string, token?: string): Promise<[number, string]> {
  const answer = await get(rig, graph(path), token);
  return [answer.status, json<GraphError>(answer).error.code];
}

test('me tells who it is, in the chosen members', async () => {
  const rig = await createRig();
  const { access_token, id_token } = await connect(rig);
  const chosen = await get(rig, graph('/v1.0/me?$select=id,displayName,mail,userPrincipalName'), access_token);
  expect(json(chosen)).toEqual({
    '@odata.context': expect.any(String),
    id: claimsOf(id_token).oid,
    displayName: 'Ada Lovelace',
    mail: 'ada@example.com',
    userPrincipalName: 'ada@example.com',
  });
  expect(await refusalAt(rig, '/v1.0/me?$select=id,sub', access_token)).toEqual([400, 'BadRequest']);
});

test('a personal account has a short id and no mail', async () => {
  const rig = await createRig(['account=grace']);
  const { access_token } = await connect(rig);
  const me = json(await get(rig, graph('/v1.0/me'), access_token));
  expect(me).toMatchObject({ id: expect.stringMatching(/^[0-9a-f]{16}$/), mail: null });
});

test('userinfo has the subject of the id_token, and what the scopes tell', async () => {
  const rig = await createRig();
  const { access_token, id_token } = await connect(rig);
  const told = json(await get(rig, graph('/oidc/userinfo'), access_token));
  expect(told).toMatchObject({ sub: claimsOf(id_token).sub, name: 'Ada Lovelace', email: 'ada@example.com' });
  expect(told).not.toHaveProperty('email_verified');
  await rig.sandbox.control(['account=grace']);
  const bare = await connect(rig, { scope: 'openid' });
  expect(Object.keys(json(await get(rig, graph('/oidc/userinfo'), bare.access_token)))).toEqual(['sub']);
});

describe('scopes', () => {
  test.each([
    ['/v1.0/me', 'User.Read'],
    ['/v1.0/me/messages?$top=1&$select=id', 'Mail.ReadBasic'],
    ['/v1.0/me/joinedTeams', 'Team.ReadBasic.All'],
    ['/v1.0/me/chats?$top=1', 'Chat.ReadBasic'],
    ['/oidc/userinfo', 'openid'],
  ])('%s needs %s', async (path, needed) => {
    const rig = await createRig();
    const other = await connect(rig, { scope: 'offline_access Mail.Send' });
    expect(await refusalAt(rig, path, other.access_token)).toEqual([403, 'Forbidden']);
    expect(await rig.violations()).toEqual(['scope']);
    const { access_token } = await connect(rig, { scope: `offline_access ${needed}` });
    expect((await get(rig, graph(path), access_token)).status).toBe(200);
  });

  test('chats and teams are refused to personal accounts, whatever the scopes; that is no slip', async () => {
    const rig = await createRig(['account=grace']);
    const { access_token } = await connect(rig);
    for (const path of ['/v1.0/me/joinedTeams', '/v1.0/me/chats'])
      expect(await refusalAt(rig, path, access_token)).toEqual([403, 'Forbidden']);
    expect((await get(rig, graph('/v1.0/me/messages'), access_token)).status).toBe(200);
    expect(await rig.violations()).toEqual([]);
  });
});

describe('dead tokens', () => {
  test('none, nonsense, a refresh token, one that ran out', async () => {
    const rig = await createRig(['access-life=60']);
    const { access_token, refresh_token } = await connect(rig);
    rig.advance(60);
    for (const token of [undefined, 'nonsense', refresh_token, access_token])
      expect(await refusalAt(rig, '/v1.0/me', token)).toEqual([401, 'InvalidAuthenticationToken']);
    expect(await rig.violations()).toEqual(['token_missing', 'wrong_token']);
  });
});

test('429 and 503 are Graph’s, with Retry-After', async () => {
  const rig = await createRig();
  const { access_token } = await connect(rig);
  await rig.sandbox.control(['http-429=7*1']);
  const limited = await get(rig, graph('/v1.0/me'), access_token);
  expect([limited.status, limited.headers['retry-after']]).toEqual([429, '7']);
  expect(json<GraphError>(limited).error.code).toBe('TooManyRequests');
  await rig.sandbox.control(['http-5xx*1']);
  expect(await refusalAt(rig, '/v1.0/me', access_token)).toEqual([503, 'serviceNotAvailable']);
});
