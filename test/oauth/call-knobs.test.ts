// What provider data can change about probes and revocation: headers, bodies, tokens in paths, calls beside OAuth's endpoints.
import { describe, expect, test } from 'vitest';
import type { WireRequest, WireResponse } from '../../src/model/ports.ts';
import type { Probe, Provider, RestCall, Revocation } from '../../src/model/provider.ts';
import { probeGrant } from '../../src/oauth/probe.ts';
import { introspectToken, proveEnd } from '../../src/oauth/prove-end.ts';
import { revokeGrant } from '../../src/oauth/revoke.ts';
import {
  heldBy,
  heldTokens,
  issuer,
  json,
  makePeer,
  makeProvider,
  portsOver,
  script,
  text,
  withEndpoints,
} from './rig.ts';

const probe: Probe = {
  method: 'GET',
  url: `${issuer}/me`,
  token: 'header',
  headers: {},
  needsAnyScope: [],
  accountIdAt: ['/id'],
  accountNameAt: [],
  clientIdAt: [],
  scopeAt: [],
  clientAuth: false,
};

async function ask(changed: Partial<Probe>, answer: WireResponse, changes: Partial<Provider> = {}, role = 'access') {
  const server = script(answer);
  const peer = makePeer({ probes: [{ ...probe, ...changed }], ...changes });
  const result = await probeGrant(peer, { ...heldBy(), role }, portsOver(server.fetch));
  return { result, request: server.requests[0] };
}

describe('a probe', () => {
  test('sends the token as the API wants it', async () => {
    const { request } = await ask({}, json(200, {}), { apiAuth: 'OAuth key="{client_id}", token="{access_token}"' });
    expect(request?.headers.authorization).toBe('OAuth key="the-client", token="access-1"');
  });

  test('by POST has a form, or no body at all', async () => {
    const none = (await ask({ method: 'POST', body: 'none' }, json(200, {}))).request;
    expect([none?.body, none?.headers['content-type']]).toEqual([undefined, undefined]);
    expect((await ask({ method: 'POST' }, json(200, {}))).request?.headers['content-type']).toMatch(/urlencoded/);
  });

  test.each([
    [{ 'x-scopes': 'a, b' }, ['a', 'b']],
    [{ 'x-scopes': '' }, []],
    [{}, null],
  ])('reads the scopes from a header: %j', async (headers, scopes) => {
    const commas = { ...makeProvider().scopes, separator: { ask: ',', answer: ',' } } as const;
    const answer = json(200, {}, headers as Record<string, string>);
    expect((await ask({ scopesHeader: 'x-scopes' }, answer, { scopes: commas })).result).toMatchObject({ scopes });
  });

  test.each([
    [{ end: '2026-12-01T00:00:00.000Z' }, Date.parse('2026-12-01T00:00:00Z')],
    [{ end: null }, null],
    [{}, undefined],
  ])('tells when the token ends: %j', async (body, expiresAt) => {
    const { result } = await ask({ expiresAt: '/end' }, json(200, body));
    expect(result.kind === 'accepted' && result.expiresAt).toBe(expiresAt);
  });

  test('of a role that belongs to the app names no account, and its scopes carry the prefix', async () => {
    const plain = { scopeParam: 'scope', at: '', tokenType: 'bot' };
    const roles = [
      { ...plain, id: 'user', scopePrefix: '', namesAccount: true },
      { ...plain, id: 'bot', scopePrefix: 'bot:', namesAccount: false },
    ];
    const answer = json(200, { id: 7, scope: 'write' });
    const bot = await ask({ scopeAt: ['/scope'] }, answer, { roles }, 'bot');
    expect(bot.result).toMatchObject({ account: { id: null }, scopes: ['bot:write'] });
    const user = await ask({ scopeAt: ['/scope'] }, answer, { roles }, 'user');
    expect(user.result).toMatchObject({ account: { id: '7' }, scopes: ['write'] });
  });

  test('takes the name from the product’s API where it has none itself', async () => {
    const server = script(json(200, { id: 7 }), json(200, { mail: 'ann@acme.example' }));
    const apiProbe = { ...probe, url: `${issuer}/api`, accountIdAt: [], accountNameAt: ['/mail'] };
    const peer = makePeer({ probes: [probe], apiProbe });
    const account = { id: '7', name: 'ann@acme.example' };
    expect(await probeGrant(peer, heldBy(), portsOver(server.fetch))).toMatchObject({ account });
  });
});

describe('a token in a path', () => {
  const url = `${issuer}/tokens/{access_token}?fields=all`;

  test('is sent, and shown nowhere', async () => {
    const lines: string[] = [];
    const server = script(json(503, { error: 'busy', error_description: 'at /tokens/access-1' }));
    const ports = { ...portsOver(server.fetch), trace: (line: string) => void lines.push(line) };
    const answer = await probeGrant(makePeer({ probes: [{ ...probe, url }] }), heldBy(), ports);
    expect(server.requests[0]?.url).toBe(`${issuer}/tokens/access-1?fields=all`);
    expect(lines).toEqual([expect.stringContaining(`GET ${issuer}/tokens/{access_token} 503`)]);
    expect(JSON.stringify([answer, lines])).not.toContain('access-1');
  });

  test('cannot break out of its place', async () => {
    const server = script(json(200, {}));
    const held = heldBy(heldTokens('../../x?y#z'));
    await probeGrant(makePeer({ probes: [{ ...probe, url }] }), held, portsOver(server.fetch));
    expect(server.requests[0]?.url).toBe(`${issuer}/tokens/..%2F..%2Fx%3Fy%23z?fields=all`);
  });
});

const call: RestCall = { method: 'POST', url: `${issuer}/end/{client_id}`, auth: 'token', body: 'none' };
const rest: Revocation = {
  kind: 'rest',
  call,
  steps: ['access'],
  clientAuth: false,
  kills: 'grant',
  group: null,
  proof: 'none',
  finishAt: null,
};

async function revoke(changed: Partial<Revocation>, answers: WireResponse[], secret?: string) {
  const server = script(...answers);
  const peer = makePeer({ revocation: { ...rest, ...changed } }, {}, secret);
  return { result: await revokeGrant(peer, heldBy(), portsOver(server.fetch)), requests: server.requests };
}

describe('revocation by a call of the provider’s own', () => {
  const basic = `Basic ${Buffer.from('the-client:the-client-secret').toString('base64')}`;

  test.each<[Partial<RestCall>, Record<string, unknown>]>([
    [{}, { authorization: 'Bearer access-1', body: undefined, type: undefined }],
    [
      { auth: 'basic', body: { json: { t: '{token}' } } },
      { authorization: basic, body: '{"t":"access-1"}' },
    ],
    [
      { auth: 'client', body: { form: { token: '{token}' } } },
      { authorization: basic, body: 'token=access-1' },
    ],
    [
      { auth: 'none', headers: { 'x-version': '7' } },
      { authorization: undefined, version: '7' },
    ],
    [{ method: 'DELETE' }, { method: 'DELETE', url: `${issuer}/end/the-client` }],
  ])('%j', async (changes, expected) => {
    const { result, requests } = await revoke({ call: { ...call, ...changes } }, [text(204, '')]);
    const { method, url, headers, body } = requests[0] as WireRequest;
    const sent = { method, url, body, authorization: headers.authorization, type: headers['content-type'] };
    expect({ ...sent, version: headers['x-version'] }).toMatchObject(expected);
    expect(result).toEqual({ kind: 'revoked' });
  });

  test('sends each token by itself', async () => {
    const { requests } = await revoke({ steps: ['refresh', 'access'], kills: 'token' }, [json(200, {}), json(200, {})]);
    expect(requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer refresh-1', 'Bearer access-1']);
  });

  test('an error at 200 is none that worked', async () => {
    const { result } = await revoke({}, [json(200, { ok: false, error: 'nope' })]);
    expect(result).toMatchObject({ kind: 'failed' });
  });

  test('is not tried without the secret that it needs', async () => {
    const { result, requests } = await revoke({ needsSecret: true }, [], '');
    expect([result, requests]).toEqual([{ kind: 'unsupported' }, []]);
  });

  test('that nobody promised is not missed', async () => {
    expect((await revoke({ bestEffort: true }, [json(404, {})])).result).toEqual({ kind: 'unsupported' });
    expect((await revoke({}, [json(404, {})])).result).toMatchObject({ kind: 'failed' });
  });
});

describe('the proof', () => {
  const check = { call: { ...call, url: `${issuer}/check`, auth: 'basic' as const }, deadStatus: 404 };

  test.each([
    [404, 'introspected'],
    [200, 'alive'],
    [401, 'unknown'],
    [503, { code: 'provider_unavailable' }],
  ])('a check that answers %d: %s', async (status, end) => {
    const server = script(json(status, {}));
    const peer = makePeer({ revocation: { ...rest, proof: 'check', check } });
    expect({ end: await proveEnd(peer, heldBy(), portsOver(server.fetch)) }).toMatchObject({ end });
    expect(server.requests[0]?.url).toBe(`${issuer}/check`);
  });

  test('introspection is asked as the token endpoint is', async () => {
    const server = script(json(200, { active: false }));
    const introspection = withEndpoints({ introspection: `${issuer}/introspect` });
    const peer = makePeer({ ...introspection, tokenBody: 'json', tokenHeaders: { 'x-version': '7' } });
    const token = heldTokens().access;
    if (token === null) throw new Error('there is a token');
    expect(await introspectToken(peer, token, portsOver(server.fetch))).toBe('inactive');
    expect(server.requests[0]).toMatchObject({
      body: '{"token":"access-1"}',
      headers: { 'content-type': 'application/json', 'x-version': '7' },
    });
  });
});
