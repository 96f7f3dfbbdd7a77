// One refresh: the request, what is granted, what is refused, and what may have become of the token.
import { describe, expect, test } from 'vitest';
import { CliError } from '../../src/errors.ts';
import type { Json } from '../../src/model/json.ts';
import type { WireResponse } from '../../src/model/ports.ts';
import { Secret } from '../../src/model/secret.ts';
import { refreshGrant } from '../../src/oauth/refresh.ts';
import { issuer, json, makePeer, nowAt, portsOver, script, spendingOf, text, withEndpoints } from './rig.ts';

const good = { access_token: 'access-2', token_type: 'Bearer', expires_in: 3600 };
const spent = new Secret('refresh-1');

async function refresh(answer: WireResponse | Error, peer = makePeer(), scopes: readonly string[] = ['a', 'b']) {
  const server = script(answer);
  const result = await refreshGrant(peer, spendingOf(spent, scopes), portsOver(server.fetch));
  // Never two requests for one call, whatever came.
  expect(server.requests.length).toBeLessThanOrEqual(1);
  return { result, server };
}

const grantedBy = async (body: Json) => {
  const { result } = await refresh(json(200, body));
  if (result.kind !== 'granted') throw new Error(JSON.stringify(result));
  return result;
};

describe('the request', () => {
  test('is one form post with the token, nothing besides', async () => {
    const { server } = await refresh(json(200, good), makePeer({}, { clientAuth: 'none' }));
    expect(server.requests[0]).toMatchObject({ method: 'POST', url: `${issuer}/token`, timeoutMs: 8_000 });
    expect(server.requests[0]?.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
    expect(Object.fromEntries(server.form(0))).toEqual({
      client_id: 'the-client',
      grant_type: 'refresh_token',
      refresh_token: 'refresh-1',
    });
  });

  test('names the resource of the grant (RFC 8707)', async () => {
    const { server } = await refresh(json(200, good), { ...makePeer(), resource: 'https://api.acme.example/' });
    expect(server.form(0).get('resource')).toBe('https://api.acme.example/');
  });

  const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const odd = 'se:cr+et %/é-_.~';
  test.each([
    ['basic', basic('cl%3Aient', 'se%3Acr%2Bet%20%25%2F%C3%A9-_.~'), null, null],
    ['basic-raw', basic('cl:ient', odd), null, null],
    ['post', undefined, 'cl:ient', odd],
    ['none', undefined, 'cl:ient', null],
  ] as const)('authenticates by %s', async (clientAuth, header, id, secret) => {
    const { server } = await refresh(json(200, good), makePeer({}, { clientAuth, clientId: 'cl:ient' }, odd));
    expect(server.requests[0]?.headers.authorization).toBe(header);
    expect([server.form(0).get('client_id'), server.form(0).get('client_secret')]).toEqual([id, secret]);
  });

  test('without a secret the id alone is sent, whatever the data says', async () => {
    const { server } = await refresh(json(200, good), makePeer({}, { clientAuth: 'basic' }, ''));
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
    expect(server.form(0).get('client_id')).toBe('the-client');
    expect(server.form(0).has('client_secret')).toBe(false);
  });

  test('leaves it to the wire to say which program asks', async () => {
    const { server } = await refresh(json(200, good));
    expect(Object.keys(server.requests[0]?.headers ?? {}).sort()).toEqual(['accept', 'authorization', 'content-type']);
  });

  test('leaves for no address that is refused, and says that nothing was spent', async () => {
    const peer = makePeer(withEndpoints({ token: 'http://id.acme.example/token' }));
    const { result, server } = await refresh(json(200, good), peer);
    expect(server.requests).toEqual([]);
    expect(result).toMatchObject({ kind: 'transient', spent: 'no', error: { code: 'bad_response' } });
  });

  test('is traced without a secret', async () => {
    const ports = portsOver(script(json(200, good)).fetch);
    await refreshGrant(makePeer(), spendingOf(spent), ports);
    expect(ports.traced).toEqual(['POST https://id.acme.example/token 200 in 0 ms']);
  });
});

describe('what is granted', () => {
  test('the plain answer', async () => {
    const { tokens, ...rest } = await grantedBy({ ...good, refresh_token: 'refresh-2', scope: 'a b' });
    expect([tokens.access?.reveal(), tokens.refresh?.reveal()]).toEqual(['access-2', 'refresh-2']);
    expect(tokens).toMatchObject({ tokenType: 'Bearer', expiresAt: nowAt + 3_600_000, issuedSeconds: 3600 });
    expect(rest).toEqual({ kind: 'granted', idToken: null, granted: ['a', 'b'], refreshIssuedSeconds: null });
  });

  test.each([
    ['absent', undefined],
    ['null', null],
    ['empty', ''],
    ['a number', 7],
    ['an object', {}],
  ])('refresh_token %s: the old one stays good', async (_, refresh_token) => {
    const { tokens } = await grantedBy({ ...good, ...(refresh_token === undefined ? {} : { refresh_token }) });
    expect(tokens.refresh).toBeNull();
  });

  test('an id_token that is none costs nobody the tokens beside it', async () => {
    const { tokens, idToken } = await grantedBy({ ...good, refresh_token: 'refresh-2', id_token: 'h\u00e4.b.c\u001b' });
    expect([tokens.refresh?.reveal(), idToken]).toEqual(['refresh-2', null]);
  });

  test.each([{ error_code: '0' }, { error: 'none' }, { error: {} }])(
    'beside %j: a success with an access token is one, or a rotated token would be lost',
    async (odd) => {
      const { tokens } = await grantedBy({ ...good, refresh_token: 'refresh-2', ...odd });
      expect([tokens.access?.reveal(), tokens.refresh?.reveal()]).toEqual(['access-2', 'refresh-2']);
    },
  );

  test.each([
    ['3600', 3600],
    ['3599.9', 3599],
    [59.9, 59],
    [null, null],
    [0, null],
    ['0', null],
    [-1, null],
    ['', null],
    ['soon', null],
    [1e300, null],
    [{}, null],
    [true, null],
  ])('expires_in %j is %j seconds', async (expires_in, seconds) => {
    const { tokens } = await grantedBy({ ...good, expires_in });
    expect([tokens.issuedSeconds, tokens.expiresAt]).toEqual([
      seconds,
      seconds === null ? null : nowAt + seconds * 1000,
    ]);
  });

  test('without expires_in the provider data says how long', async () => {
    const lifetimes = { ...makePeer().provider.lifetimes, accessSeconds: 600 };
    const { result } = await refresh(json(200, { access_token: 'a' }), makePeer({ lifetimes }));
    expect(result).toMatchObject({ tokens: { issuedSeconds: 600, expiresAt: nowAt + 600_000 } });
  });

  test.each([
    ['a b', ['a', 'b']],
    [' a  b ', ['a', 'b']],
    [
      ['a', 'b', 7],
      ['a', 'b'],
    ],
    ['', null],
    [null, null],
    [7, null],
    [[], null],
  ])('scope %j is %j', async (scope, granted) => {
    expect((await grantedBy({ ...good, scope })).granted).toEqual(granted);
  });

  test('scopes by another separator, folded to how they were asked', async () => {
    const scopes = { ...makePeer().provider.scopes, separator: { ask: ' ', answer: ',' }, caseless: true } as const;
    const { result } = await refresh(json(200, { ...good, scope: 'A, c' }), makePeer({ scopes }));
    expect(result).toMatchObject({ granted: ['a', 'c'] });
  });

  test.each([
    ['Bearer', 'Bearer'],
    ['bearer', 'bearer'],
    ['BEARER', 'BEARER'],
    [undefined, 'Bearer'],
    [null, 'Bearer'],
    ['user', 'Bearer'],
    [7, 'Bearer'],
  ])('token_type %j is kept as %j', async (token_type, kept) => {
    const { tokens } = await grantedBy({ access_token: 'a', ...(token_type === undefined ? {} : { token_type }) });
    expect(tokens.tokenType).toBe(kept);
  });

  test.each([
    [{ refresh_token_expires_in: 604_799 }, 604_799],
    [{ refresh_token_expires_in: '604799' }, 604_799],
    [{ refresh_expires_in: 1800 }, 1800],
    [{ refresh_expires_in: 0 }, null],
  ])('%j', async (members, seconds) => {
    expect((await grantedBy({ ...good, ...members })).refreshIssuedSeconds).toBe(seconds);
  });

  test.each([
    ['a form', text(200, 'access_token=access-2&scope=a%20b&token_type=bearer&expires_in=60')],
    [
      'a form that names its type',
      text(200, 'access_token=access-2', { 'content-type': 'application/x-www-form-urlencoded' }),
    ],
    ['a byte order mark', text(200, `\uFEFF${JSON.stringify(good)}`)],
    ['another content type', text(200, JSON.stringify(good), { 'content-type': 'text/plain' })],
    ['201', json(201, good)],
    ['members nobody knows', json(200, { ...good, error: false, foo: { bar: [1] } })],
  ])('%s is taken', async (_, answer) => {
    const { result } = await refresh(answer);
    expect(result.kind === 'granted' && result.tokens.access?.reveal()).toBe('access-2');
  });
});

describe('what is refused', () => {
  test.each([
    ['invalid_grant', json(400, { error: 'invalid_grant', error_description: 'Gone.' }), 'grant_dead', 'Gone.'],
    [
      'an error at 200',
      json(200, { error: 'invalid_grant' }),
      'grant_dead',
      'the grant is expired, revoked or used up',
    ],
    ['an error in a form at 200', text(200, 'error=invalid_client'), 'app_fault', undefined],
    ['an error beside tokens', json(200, { ...good, error: 'invalid_grant' }), 'grant_dead', undefined],
    ['an unreadable 4xx', text(400, '<html>'), 'unknown', 'id.acme.example answered HTTP 400 with an HTML page'],
    ['an empty 400', text(400, ''), 'unknown', undefined],
    ['a name that no RFC knows', json(403, { error: 'invalid_code' }), 'unknown', undefined],
  ])('%s', async (_, answer, means, words) => {
    const { result } = await refresh(answer);
    expect(result).toMatchObject({ kind: 'refused', means, status: answer.status, ...(words && { words }) });
  });
});

describe('what may have become of the token', () => {
  const failure = (code: 'unreachable' | 'timed_out' | 'bad_response', sent: boolean) =>
    new CliError(code, 'the wire failed', { cause: { sent } });
  test.each([
    ['the connection was refused', failure('unreachable', false), 'no', 'unreachable'],
    ['no connection in time', failure('timed_out', false), 'no', 'timed_out'],
    ['no answer in time', failure('timed_out', true), 'unknown', 'timed_out'],
    ['the connection was reset', failure('unreachable', true), 'unknown', 'unreachable'],
    ['an answer without end', failure('bad_response', true), 'unknown', 'bad_response'],
    ['an error that does not tell', new CliError('unreachable', 'x'), 'unknown', 'unreachable'],
    ['a redirect', text(302, '', { location: `${issuer}/login` }), 'unknown', 'bad_response'],
    ['429', text(429, '', { 'retry-after': '30' }), 'no', 'rate_limited'],
    ['temporarily_unavailable at 400', json(400, { error: 'temporarily_unavailable' }), 'no', 'provider_unavailable'],
    ['408', text(408, ''), 'unknown', 'provider_unavailable'],
    ['500', text(500, 'oops'), 'unknown', 'provider_unavailable'],
    ['503 with a readable error', json(503, { error: 'invalid_grant' }), 'unknown', 'provider_unavailable'],
    ['HTML at 200', text(200, '<!doctype html>'), 'unknown', 'bad_response'],
    ['JSON that breaks off', text(200, '{"access_token":"access-2","refre'), 'unknown', 'bad_response'],
    ['an error that breaks off', text(400, '{"error":"inva'), 'unknown', 'bad_response'],
    ['nothing at 200', text(200, ''), 'unknown', 'bad_response'],
    ['JSON that is no object', text(200, '["access-2"]'), 'unknown', 'bad_response'],
    ['no access token', json(200, { token_type: 'bearer' }), 'unknown', 'bad_response'],
    ['an empty access token', json(200, { ...good, access_token: '' }), 'unknown', 'bad_response'],
    ['an access token that is none', json(200, { ...good, access_token: { a: 1 } }), 'unknown', 'bad_response'],
    ['a line break in a token', json(200, { ...good, access_token: 'a\r\nX: y' }), 'unknown', 'bad_response'],
    [
      'a control character in a refresh token',
      json(200, { ...good, refresh_token: 'a\u0000' }),
      'unknown',
      'bad_response',
    ],
    ['a token beyond ASCII', json(200, { ...good, access_token: 'ä' }), 'unknown', 'bad_response'],
    ['an unasked DPoP token', json(200, { ...good, token_type: 'DPoP' }), 'unknown', 'bad_response'],
    ['an unasked MAC token', json(200, { ...good, token_type: 'mac' }), 'unknown', 'bad_response'],
  ])('%s: %4$s', async (_, answer, fate, code) => {
    const { result } = await refresh(answer);
    expect(result).toMatchObject({ kind: 'transient', spent: fate, error: { code } });
  });

  test('Retry-After is handed on', async () => {
    const { result } = await refresh(text(429, '', { 'retry-after': '30' }));
    expect(result).toMatchObject({ error: { retryAfterSeconds: 30, hint: 'try again in 30 seconds' } });
  });

  test('the words name the server and what it did, never the token', async () => {
    const { result } = await refresh(text(200, '<html>refresh-1'));
    if (result.kind !== 'transient') throw new Error(result.kind);
    expect(result.error.message).toBe('Acme broke the protocol: id.acme.example answered HTTP 200 with an HTML page');
  });
});
