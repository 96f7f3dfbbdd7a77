// Servers that misbehave, over real sockets and the real Fetch port: what the program makes of each, and what they never get.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { plainProvider } from '../../src/model/plain-provider.ts';
import { Secret } from '../../src/model/secret.ts';
import { createAttempt } from '../../src/oauth/attempt.ts';
import { discoverServer } from '../../src/oauth/discover.ts';
import { exchangeCode } from '../../src/oauth/exchange.ts';
import type { Peer } from '../../src/oauth/peer.ts';
import { probeGrant } from '../../src/oauth/probe.ts';
import { refreshGrant } from '../../src/oauth/refresh.ts';
import { revokeGrant } from '../../src/oauth/revoke.ts';
import { realFetch } from '../support/real-fetch.ts';
import { heldBy, heldTokens, makePeer, portsOver, spendingOf } from './rig.ts';

type Behaviour = (response: ServerResponse, request: IncomingMessage) => void;

let origin: string;
let behave: Behaviour;
const seen: { method: string | undefined; url: string | undefined; body: string }[] = [];

beforeEach(async () => {
  seen.length = 0;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      seen.push({ method: request.method, url: request.url, body });
      behave(response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
});

const ports = (waitMs = 5_000) => ({
  ...portsOver(realFetch(), Date.now()),
  waitMs,
});

function peer(): Peer {
  const endpoints = {
    authorization: `${origin}/authorize`,
    token: `${origin}/token`,
    revocation: `${origin}/revoke`,
    introspection: null,
    userinfo: `${origin}/userinfo`,
    deviceAuthorization: null,
    jwks: `${origin}/keys`,
  };
  return { ...makePeer(), provider: plainProvider({ id: 'acme', name: 'Acme', issuer: origin, endpoints }) };
}

const answer =
  (status: number, body: string, headers: Record<string, string> = { 'content-type': 'application/json' }): Behaviour =>
  (response) =>
    response.writeHead(status, headers).end(body);

const good = '{"access_token":"access-2","token_type":"bearer","refresh_token":"refresh-2"}';

describe('at the token endpoint', () => {
  const refresh = (waitMs?: number) =>
    refreshGrant(peer(), spendingOf('refresh-1', ['openid'], 'ann-1'), ports(waitMs));

  test.each([
    ['an error at 200', answer(200, '{"error":"invalid_grant"}'), { kind: 'refused', means: 'grant_dead' }],
    [
      'an error in a form',
      answer(200, 'error=invalid_grant', { 'content-type': 'application/x-www-form-urlencoded' }),
      { kind: 'refused', means: 'grant_dead' },
    ],
    [
      'tokens in a form',
      answer(200, 'access_token=access-2&token_type=bearer', { 'content-type': 'application/x-www-form-urlencoded' }),
      { kind: 'granted' },
    ],
    [
      'HTML',
      answer(200, '<!doctype html><title>Sign in', { 'content-type': 'text/html' }),
      { kind: 'transient', spent: 'unknown', error: { code: 'bad_response' } },
    ],
    [
      'truncated JSON',
      answer(200, good.slice(0, 40)),
      { kind: 'transient', spent: 'unknown', error: { code: 'bad_response' } },
    ],
    [
      'a body shorter than it said',
      (response) => response.writeHead(200, { 'content-length': '500' }).end(good),
      { kind: 'transient', spent: 'unknown', error: { code: 'unreachable' } },
    ],
    [
      '10 MB',
      answer(200, `{"access_token":"${'a'.repeat(10_000_000)}"}`),
      { kind: 'transient', spent: 'unknown', error: { code: 'bad_response' } },
    ],
    [
      'a connection that is cut',
      (response) => response.destroy(),
      { kind: 'transient', spent: 'unknown', error: { code: 'unreachable' } },
    ],
    ['missing fields', answer(200, '{}'), { kind: 'transient', spent: 'unknown', error: { code: 'bad_response' } }],
    [
      'a 500 with a stack',
      answer(500, 'Error: at line 1', { 'content-type': 'text/plain' }),
      { kind: 'transient', spent: 'unknown', error: { code: 'provider_unavailable' } },
    ],
    ['401 with nothing', answer(401, '', {}), { kind: 'refused', means: 'unknown' }],
  ] as [string, Behaviour, object][])('%s', async (_, behaviour, outcome) => {
    behave = behaviour;
    expect(await refresh()).toMatchObject(outcome);
    expect(seen).toHaveLength(1);
  });

  test('an answer that never ends', async () => {
    behave = (response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{"access');
    expect(await refresh(300)).toMatchObject({ kind: 'transient', spent: 'unknown', error: { code: 'timed_out' } });
  });

  test('nobody there: nothing was spent', async () => {
    const gone = peer();
    const endpoints = { ...gone.provider.endpoints, token: 'http://127.0.0.1:1/token' };
    const answered = refreshGrant({ ...gone, provider: { ...gone.provider, endpoints } }, spendingOf('r'), ports());
    expect(await answered).toMatchObject({ kind: 'transient', spent: 'no', error: { code: 'unreachable' } });
  });

  test('another sub', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = { iss: origin, aud: 'the-client', sub: 'eve', iat: 1, exp: 9_999_999_999 };
    const idToken = `${part({ alg: 'RS256' })}.${part(claims)}.AAAA`;
    behave = answer(200, good.replace('}', `,"id_token":"${idToken}"}`));
    expect(await refresh()).toMatchObject({ kind: 'refused', means: 'unknown', words: expect.stringContaining('eve') });
  });

  test.each([301, 302, 303, 307, 308])('a redirect by %d is never followed, not even to itself', async (status) => {
    behave = (response, request) =>
      request.url === '/token'
        ? response.writeHead(status, { location: `${origin}/elsewhere` }).end()
        : response.end(good);
    const refreshed = await refresh();
    const told = { code: 'bad_response', message: expect.stringContaining(`HTTP ${status}, a redirect to ${origin}`) };
    expect(refreshed).toMatchObject({ kind: 'transient', spent: 'unknown', error: told });
    const random = { bytes: (count: number) => new Uint8Array(count) };
    const request = { peer: peer(), scopes: [], extraParams: {}, waitSeconds: 1, openBrowser: false };
    const attempt = createAttempt(request, 'http://127.0.0.1:4000/callback/acme', random);
    await expect(
      exchangeCode(peer(), attempt, new Secret('the-code'), ports(), new AbortController().signal),
    ).rejects.toMatchObject(told);
    expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual(['POST /token', 'POST /token']);
  });
});

describe('elsewhere', () => {
  const redirecting: Behaviour = (response, request) =>
    request.url?.startsWith('/elsewhere') === true
      ? response.end('{"sub":"ann-1"}')
      : response.writeHead(307, { location: '/elsewhere' }).end();

  test('redirects from userinfo and revocation are never followed', async () => {
    behave = redirecting;
    expect(await probeGrant(peer(), heldBy(heldTokens(), ['openid']), ports())).toMatchObject({
      kind: 'transient',
      status: 307,
    });
    expect(await revokeGrant(peer(), heldBy({ ...heldTokens(), access: null }), ports())).toMatchObject({
      kind: 'failed',
    });
    expect(seen.map(({ url }) => url)).toEqual(['/userinfo', '/revoke']);
  });

  test.each([
    ['token_endpoint', 'http://evil.example/token'],
    ['token_endpoint', 'https://evil.example/token'],
    ['authorization_endpoint', 'file:///etc/passwd'],
    ['jwks_uri', 'https://evil.example/keys'],
    ['token_endpoint', undefined],
    ['issuer', 'https://evil.example'],
  ])('metadata with %s %s is refused', async (member, value) => {
    const document = {
      issuer: origin,
      authorization_endpoint: `${origin}/authorize`,
      token_endpoint: `${origin}/token`,
      [member]: value,
    };
    behave = answer(200, JSON.stringify(document));
    await expect(discoverServer(origin, ports())).rejects.toMatchObject({
      exit: 5,
      message: expect.stringContaining(value === undefined || member !== 'issuer' ? member : value),
    });
  });

  test('metadata that redirects is not followed', async () => {
    behave = redirecting;
    await expect(discoverServer(origin, ports())).rejects.toMatchObject({
      code: 'bad_response',
      message: expect.stringContaining('a redirect'),
    });
    expect(seen.every(({ url }) => url?.startsWith('/.well-known/'))).toBe(true);
  });
});
