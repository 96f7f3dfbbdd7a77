// What provider data can change about the token endpoint: body, headers, several tokens in one answer, accounts, reasons, pauses.
import { describe, expect, test } from 'vitest';
import type { WireResponse } from '../../src/model/ports.ts';
import type { Provider, TokenRole } from '../../src/model/provider.ts';
import { Secret } from '../../src/model/secret.ts';
import type { Attempt } from '../../src/oauth/attempt.ts';
import { exchangeCode } from '../../src/oauth/exchange.ts';
import { type RefreshRequest, refreshGrant } from '../../src/oauth/refresh.ts';
import { json, makePeer, makeProvider, nowAt, portsOver, script, spendingOf, text, withEndpoints } from './rig.ts';

const tokens = { access_token: 'a', token_type: 'bearer', expires_in: 60, refresh_token: 'r' };
const roles: readonly TokenRole[] = [
  { id: 'user', scopeParam: 'user_scope', scopePrefix: '', at: '/authed', tokenType: 'user', namesAccount: true },
  { id: 'bot', scopeParam: 'scope', scopePrefix: 'bot:', at: '', tokenType: 'bot', namesAccount: false },
];
const commas: Provider['scopes'] = { ...makeProvider().scopes, separator: { ask: ',', answer: ',' } };

const attempt: Attempt = {
  state: 's',
  stateIn: 'query',
  gives: 'code',
  verifier: new Secret('the-verifier'),
  nonce: null,
  redirectUri: 'http://localhost:8252/cb',
  scopes: ['read', 'bot:write'],
};

async function exchange(changes: Partial<Provider>, answer: WireResponse, tried: Partial<Attempt> = {}) {
  const server = script(answer);
  const peer = makePeer(changes);
  const asked = { ...attempt, ...tried };
  const ports = portsOver(server.fetch);
  const grant = await exchangeCode(peer, asked, new Secret('the-code'), ports, new AbortController().signal);
  return { grant, server };
}

async function refresh(changes: Partial<Provider>, answer: WireResponse, request: Partial<RefreshRequest> = {}) {
  const server = script(answer);
  const asked = { ...spendingOf('refresh-1'), ...request };
  const result = await refreshGrant(makePeer(changes), asked, portsOver(server.fetch));
  return { result, server };
}

describe('the request', () => {
  test('is JSON, with the headers that are wanted', async () => {
    const { server } = await exchange({ tokenBody: 'json', tokenHeaders: { 'x-version': '7' } }, json(200, tokens));
    const [request] = server.requests;
    expect(request?.headers).toMatchObject({ 'content-type': 'application/json', 'x-version': '7' });
    expect(JSON.parse(request?.body ?? '')).toEqual({
      grant_type: 'authorization_code',
      code: 'the-code',
      redirect_uri: 'http://localhost:8252/cb',
      code_verifier: 'the-verifier',
    });
  });

  test('leaves redirect_uri out where the authorization request did', async () => {
    const { server } = await exchange({}, json(200, tokens), { redirectUri: null });
    expect(server.form(0).has('redirect_uri')).toBe(false);
  });

  test('of a refresh carries what the provider wants, filled with the role’s own scopes', async () => {
    const changes = { roles, scopes: commas, refreshParams: { scope: '{scope}', mode: 'x' } };
    const { server } = await refresh(changes, json(200, { ...tokens, token_type: 'bot' }), {
      role: 'bot',
      asked: ['read', 'bot:write', 'bot:post'],
    });
    expect(server.form(0).get('scope')).toBe('write,post');
    expect(server.form(0).get('mode')).toBe('x');
  });

  test.each([
    ['device', false, null],
    ['loopback', false, 'Basic'],
    ['device', undefined, 'Basic'],
  ] as const)('of a refresh by %s with secretAtRefresh %s authenticates by %s', async (flow, at, scheme) => {
    const plain = makeProvider().device;
    if (plain === null) throw new Error('the plain provider has a device rule');
    const device = at === undefined ? plain : { ...plain, secretAtRefresh: at };
    const { server } = await refresh({ device }, json(200, tokens), { flow });
    expect(server.requests[0]?.headers.authorization?.split(' ')[0] ?? null).toBe(scheme);
  });

  test('is not made where there is no endpoint', async () => {
    const { result, server } = await refresh(withEndpoints({ token: null }), json(200, tokens));
    expect(result).toMatchObject({ kind: 'transient', spent: 'no', error: { code: 'grant_unsupported' } });
    expect(server.requests).toEqual([]);
  });
});

describe('several tokens', () => {
  const user = { access_token: 'ua', token_type: 'user', scope: 'read', refresh_token: 'ur', expires_in: 50 };
  const bot = { access_token: 'ba', token_type: 'bot', scope: 'write' };

  test('are read each from its own place', async () => {
    const { grant } = await exchange({ roles, scopes: commas }, json(200, { ok: true, ...bot, authed: user }));
    expect(Object.keys(grant.tokens.roles)).toEqual(['user', 'bot']);
    expect(grant.tokens.roles.user).toMatchObject({ tokenType: 'Bearer', issuedSeconds: 50 });
    expect(grant.tokens.roles.user?.access?.reveal()).toBe('ua');
    expect(grant.tokens.roles.bot).toMatchObject({ expiresAt: null, refresh: null });
    expect(grant.granted).toEqual(['read', 'bot:write']);
  });

  test('one alone is enough, wherever it is', async () => {
    const { grant } = await exchange({ roles, scopes: commas }, json(200, { ok: true, authed: user }));
    expect(Object.keys(grant.tokens.roles)).toEqual(['user']);
    expect(grant.granted).toEqual(['read']);
  });

  test('a refreshed one stands at the top, and must be the one that was sent', async () => {
    const changes = { roles, scopes: commas };
    const asked = { role: 'user', asked: ['read', 'bot:write'] };
    const { result } = await refresh(changes, json(200, { ...tokens, token_type: 'user', scope: 'read' }), asked);
    expect(result).toMatchObject({ kind: 'granted', granted: ['read'] });
    const other = await refresh(changes, json(200, { ...tokens, token_type: 'bot' }), asked);
    expect(other.result).toMatchObject({ kind: 'refused', means: 'unknown' });
  });
});

describe('the account', () => {
  const account = { idClaims: [], nameClaims: [], idAt: ['{/org/id}:{/me/id}', '/me/id'], nameAt: ['/me/name'] };

  test.each([
    [
      { org: { id: 7 }, me: { id: 'x', name: 'Ann' } },
      { id: '7:x', name: 'Ann' },
    ],
    [
      { org: null, me: { id: 'x' } },
      { id: 'x', name: null },
    ],
    [{}, { id: null, name: null }],
  ])('%j is %j', async (members, expected) => {
    expect((await exchange({ account }, json(200, { ...tokens, ...members }))).grant.account).toEqual(expected);
  });
});

test.each([
  [true, []],
  [undefined, ['read', 'bot:write']],
] as const)('an empty scope, where emptyMeansNone is %s', async (emptyMeansNone, granted) => {
  const scopes = { ...makeProvider().scopes, ...(emptyMeansNone ? { emptyMeansNone } : {}) };
  expect((await exchange({ scopes }, json(200, { ...tokens, scope: '' }))).grant.granted).toEqual(granted);
});

describe('a refusal', () => {
  const rule = { on: ['token' as const], means: 'rate_limited' as const, words: 'slow down' };

  test('in plain text is known by the whole of it', async () => {
    const answers = [{ on: ['token' as const], text: 'invalid key', means: 'app_fault' as const, words: 'the key' }];
    expect((await refresh({ answers }, text(401, ' Invalid Key\n'))).result).toMatchObject({ means: 'app_fault' });
    expect((await refresh({ answers }, text(401, 'invalid key!'))).result).toMatchObject({ means: 'unknown' });
  });

  test.each([
    [{ epochIn: 'x-reset' }, { 'x-reset': String(nowAt / 1000 + 40) }, {}, 40],
    [{ at: '/wait/s' }, {}, { wait: { s: 9 } }, 9],
    [{ seconds: 10 }, {}, {}, 10],
    [{ seconds: 10 }, { 'retry-after': '3' }, {}, 3],
  ])('says how long to wait: %j', async (retryAfter, headers, body, seconds) => {
    const answers = [{ ...rule, status: 403, retryAfter }];
    const { result } = await refresh({ answers }, json(403, body, headers as Record<string, string>));
    expect(result).toMatchObject({ kind: 'transient', error: { retryAfterSeconds: seconds } });
  });

  const reasonCodes = { at: '/error_codes', prefix: 'ABC', words: { '70008': 'it was idle for too long' } };
  const described = 'ABC70008: The token has expired.\r\nTrace ID: 1\r\nTimestamp: 2';

  test.each([
    [{ error: 'invalid_grant', error_codes: [1, 70008] }, 'it was idle for too long'],
    [{ error: 'invalid_grant', error_description: described }, 'it was idle for too long'],
    [{ error: 'invalid_grant', error_description: described.replace('70008', '1') }, 'ABC1: The token has expired.'],
  ])('is explained by its number, and judged by its name: %j', async (body, words) => {
    expect((await refresh({ reasonCodes }, json(400, body))).result).toMatchObject({ means: 'grant_dead', words });
  });
});
