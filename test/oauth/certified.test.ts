// Every exchange of this room against the certified oidc-provider, over real sockets.
import { beforeEach, describe, expect, test } from 'vitest';
import type { Json } from '../../src/model/json.ts';
import { parseProvider } from '../../src/model/parse-provider.ts';
import type { Fetch } from '../../src/model/ports.ts';
import type { Provider } from '../../src/model/provider.ts';
import { Secret } from '../../src/model/secret.ts';
import { authorizationUrl, createAttempt } from '../../src/oauth/attempt.ts';
import { discoverServer, providerFromMetadata } from '../../src/oauth/discover.ts';
import { exchangeCode } from '../../src/oauth/exchange.ts';
import { runDevice } from '../../src/oauth/flows/device.ts';
import { runLoopback } from '../../src/oauth/flows/loopback.ts';
import type { Peer } from '../../src/oauth/peer.ts';
import { probeGrant } from '../../src/oauth/probe.ts';
import { introspectToken } from '../../src/oauth/prove-end.ts';
import { refreshGrant } from '../../src/oauth/refresh.ts';
import { revokeGrant } from '../../src/oauth/revoke.ts';
import { realFetch } from '../support/real-fetch.ts';
import { createWorld } from '../support/world.ts';
import { type CertifiedServer, clientSecret, clients, signInAt, startCertifiedServer } from './certified-server.ts';
import { complete, flowIn, heldBy, makePeer, portsOver, spendingOf } from './rig.ts';

const wire = realFetch();
const scopes = ['openid', 'offline_access', 'email'];

let server: CertifiedServer;
let provider: Provider;

beforeEach(async () => {
  server = await startCertifiedServer();
  const metadata = await discoverServer(server.issuer, realPorts());
  provider = parseProvider(
    JSON.parse(JSON.stringify(providerFromMetadata('acme', metadata, { scopes, apiOrigins: [] }))),
  );
});

const realPorts = (fetch: Fetch = wire) => portsOver(fetch, Date.now());

function peerOf(client: keyof typeof clients = 'closed', changes: Partial<Provider> = {}): Peer {
  const clientAuth = client === 'open' ? 'none' : client === 'posted' ? 'post' : 'basic';
  const peer = makePeer({}, { clientId: clients[client], clientAuth }, client === 'open' ? '' : clientSecret);
  return { ...peer, provider: { ...provider, ...changes } };
}

interface Visitor {
  /** What the browser makes of the address that it was given. */
  readonly browse?: (url: string) => Promise<string>;
  readonly fetch?: Fetch;
}

async function signIn(peer: Peer, { browse = signInAt, fetch = wire }: Visitor = {}) {
  const world = createWorld({ now: new Date().toISOString(), fetch });
  const statuses: number[] = [];
  world.browser = async (url) => {
    const answer = await world.visit(await browse(url));
    statuses.push(answer.status);
    if (answer.headers.location === undefined) return;
    const page = await world.visit(
      new URL(answer.headers.location, new URL(url).searchParams.get('redirect_uri') ?? '').href,
    );
    statuses.push(page.status);
  };
  const request = {
    peer,
    scopes,
    redirect: { at: 'loopback', host: '127.0.0.1', ports: 'any', path: '/callback/acme' },
    extraParams: {},
    waitSeconds: 60,
    openBrowser: true,
  } as const;
  const ended = await runLoopback(request, flowIn(world).ports, complete).catch((error: unknown) => error as Error);
  await world.browsed();
  return { ended, statuses };
}

async function grantOf(peer: Peer) {
  const { ended } = await signIn(peer);
  if (ended instanceof Error) throw ended;
  const { access } = ended.grant.tokens.roles;
  if (access?.access == null || access.refresh === null) throw new Error('no tokens');
  return { ...ended.grant, access, accessToken: access.access, refreshToken: access.refresh };
}

test('discovery makes a provider of it', () => {
  expect(provider).toMatchObject({ issuer: server.issuer, iss: 'required', pkce: 'supported', clientAuth: 'basic' });
  expect(provider.probes.map(({ url }) => new URL(url).pathname)).toEqual(['/me', '/token/introspection']);
  expect(provider.device).not.toBeNull();
});

describe('sign in', () => {
  test.each(Object.keys(clients) as (keyof typeof clients)[])('with the %s client', async (client) => {
    const { ended, statuses } = await signIn(peerOf(client));
    expect(ended).toMatchObject({
      grant: {
        // The server keeps the e-mail address for userinfo (OpenID Connect Core §5.4).
        account: { id: 'ann', name: null },
        granted: scopes,
        tokens: { roles: { access: { issuedSeconds: 600 } } },
      },
    });
    expect(statuses).toEqual([303, 200]);
    // Once, whatever else happened.
    expect(server.asked.filter((line) => line === 'POST /token')).toHaveLength(1);
    expect(server.asked).toContain('GET /jwks');
  });

  test('refused by the person', async () => {
    const { ended } = await signIn(peerOf(), { browse: (url) => signInAt(url, 'cancel') });
    expect(ended).toMatchObject({ code: 'consent_denied' });
    expect(server.asked).not.toContain('POST /token');
  });

  test('a wrong secret', async () => {
    const { ended } = await signIn({ ...peerOf(), clientSecret: new Secret('wrong') });
    expect(ended).toMatchObject({ code: 'app_rejected', hint: 'oauthctl app set acme' });
  });

  test('its iss is checked', async () => {
    const { ended, statuses } = await signIn(peerOf('closed', { issuer: `${server.issuer}/other` }));
    expect(ended).toMatchObject({ code: 'issuer_mismatch', message: expect.stringContaining(`'${server.issuer}'`) });
    expect(statuses).toEqual([303, 400]);
    expect(server.asked).not.toContain('POST /token');
  });

  test('a state that is not ours is answered 400, and nothing is exchanged', async () => {
    const browse = async (url: string) => (await signInAt(url)).replace(/state=[^&]+/, 'state=other');
    const { ended, statuses } = await signIn(peerOf(), { browse });
    expect([(ended as { code?: string }).code, ...statuses]).toEqual(['timed_out', 400]);
    expect(server.asked).not.toContain('POST /token');
  });

  test('a code that was used is refused by the server, and said to be the code', async () => {
    const peer = peerOf();
    const ports = { ...realPorts(), random: createWorld().system.random };
    const request = { peer, scopes, extraParams: {}, waitSeconds: 1, openBrowser: false };
    const attempt = createAttempt(request, 'http://127.0.0.1:4000/callback/acme', ports.random);
    const code = new URL(await signInAt(await authorizationUrl(request, attempt))).searchParams.get('code') ?? '';
    const { signal } = new AbortController();
    const exchange = () => exchangeCode(peer, attempt, new Secret(code), ports, signal);
    expect((await exchange()).account.id).toBe('ann');
    await expect(exchange()).rejects.toMatchObject({
      code: 'provider_refused',
      message: expect.stringContaining("refused the sign-in's code (invalid_grant)"),
    });
  });
});

describe('the id_token on its way', () => {
  /** The wire with the token endpoint's answer rewritten. */
  const rewriting =
    (rewrite: (idToken: string) => string): Fetch =>
    async (request) => {
      const response = await wire(request);
      if (new URL(request.url).pathname !== '/token') return response;
      const body = JSON.parse(response.body) as { readonly id_token: string };
      return { ...response, body: JSON.stringify({ ...body, id_token: rewrite(body.id_token) }) };
    };
  const claims = (idToken: string, changes: Record<string, Json>) => {
    const [header, payload = '', signature] = idToken.split('.');
    const held = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
    return [header, Buffer.from(JSON.stringify({ ...held, ...changes })).toString('base64url'), signature].join('.');
  };
  test.each([
    ['another subject', (token: string) => claims(token, { sub: 'eve' }), 'signature'],
    ['another audience', (token: string) => claims(token, { aud: 'other' }), '"aud"'],
    ['another issuer', (token: string) => claims(token, { iss: 'https://evil.example' }), '"iss"'],
    ['no signature', (token: string) => token.replace(/[^.]+$/, 'AAAA'), 'signature'],
  ])('%s is found out', async (_, rewrite, words) => {
    const { ended } = await signIn(peerOf(), { fetch: rewriting(rewrite) });
    expect(ended).toMatchObject({ code: 'bad_response', message: expect.stringContaining(words) });
  });
});

describe('refresh', () => {
  test('rotates, and a token used twice ends the family', async () => {
    const peer = peerOf();
    const { refreshToken } = await grantOf(peer);
    const first = await refreshGrant(peer, spendingOf(refreshToken, scopes, 'ann'), realPorts());
    if (first.kind !== 'granted' || first.tokens.refresh === null) throw new Error(JSON.stringify(first));
    expect(first.granted).toEqual(scopes);
    expect(first.idToken).not.toBeNull();
    expect(first.tokens.refresh.reveal()).not.toBe(refreshToken.reveal());
    const dead = { kind: 'refused', means: 'grant_dead', error: 'invalid_grant', status: 400 };
    expect(await refreshGrant(peer, spendingOf(refreshToken, scopes), realPorts())).toMatchObject(dead);
    expect(await refreshGrant(peer, spendingOf(first.tokens.refresh, scopes), realPorts())).toMatchObject(dead);
  });

  test('by another app is refused, and kills nothing', async () => {
    const { refreshToken } = await grantOf(peerOf('closed'));
    expect(await refreshGrant(peerOf('posted'), spendingOf(refreshToken, scopes), realPorts())).toMatchObject({
      kind: 'refused',
    });
    expect(
      await refreshGrant(
        { ...peerOf(), clientSecret: new Secret('wrong') },
        spendingOf(refreshToken, scopes),
        realPorts(),
      ),
    ).toMatchObject({
      kind: 'refused',
      means: 'app_fault',
    });
    expect(await refreshGrant(peerOf('closed'), spendingOf(refreshToken, scopes), realPorts())).toMatchObject({
      kind: 'granted',
    });
  });
});

describe('status and the end', () => {
  test('userinfo tells whose it is, introspection the rest; both tell when it is over', async () => {
    const peer = peerOf();
    const grant = await grantOf(peer);
    const byUserinfo = await probeGrant(peer, heldBy(grant.access, grant.granted), realPorts());
    expect(byUserinfo).toMatchObject({
      kind: 'accepted',
      status: 200,
      account: { id: 'ann', name: 'ann@example.com' },
    });
    const byIntrospection = await probeGrant(peer, heldBy(grant.access, []), realPorts());
    expect(byIntrospection).toMatchObject({
      kind: 'accepted',
      clientId: clients.closed,
      account: { id: 'ann' },
      scopes,
    });
    expect(await introspectToken(peer, grant.accessToken, realPorts())).toBe('active');

    expect(await revokeGrant(peer, heldBy(grant.access, grant.granted), realPorts())).toEqual({ kind: 'revoked' });
    expect(await introspectToken(peer, grant.accessToken, realPorts())).toBe('inactive');
    expect(await probeGrant(peer, heldBy(grant.access, grant.granted), realPorts())).toMatchObject({
      kind: 'rejected',
      status: 401,
    });
    expect(await probeGrant(peer, heldBy(grant.access, []), realPorts())).toMatchObject({ kind: 'rejected' });
    expect(await refreshGrant(peer, spendingOf(grant.refreshToken, scopes), realPorts())).toMatchObject({
      means: 'grant_dead',
    });
    // This server answers 200 for a token that is dead already.
    expect(await revokeGrant(peer, heldBy(grant.access, grant.granted), realPorts())).toEqual({ kind: 'revoked' });
  });

  test('a wrong secret ends nothing', async () => {
    const grant = await grantOf(peerOf());
    const wrong = { ...peerOf(), clientSecret: new Secret('wrong') };
    expect(await revokeGrant(wrong, heldBy(grant.access), realPorts())).toMatchObject({
      kind: 'failed',
      error: { code: 'app_rejected' },
    });
    expect(await introspectToken(wrong, grant.accessToken, realPorts())).toBe('unknown');
    expect(await introspectToken(peerOf(), grant.accessToken, realPorts())).toBe('active');
  });
});

describe('by device code', () => {
  test.each(['consent', 'cancel'] as const)('%s', async (choice) => {
    const world = createWorld({ now: new Date().toISOString(), fetch: wire });
    const rig = flowIn(world);
    const visits: Promise<unknown>[] = [];
    const tell = (line: string) => {
      const url = /visit (http:\S+)/.exec(line)?.[1];
      if (url !== undefined) visits.push(world.hold(() => signInAt(url, choice)));
    };
    const request = {
      peer: peerOf(),
      scopes,
      extraParams: { prompt: 'consent' },
      waitSeconds: 300,
      openBrowser: false,
    };
    const ended = await runDevice(request, { ...rig.ports, tell }, complete).catch((error: unknown) => error);
    await Promise.all(visits);
    expect(ended).toMatchObject(
      choice === 'consent' ? { grant: { account: { id: 'ann', name: null } } } : { code: 'consent_denied' },
    );
  });
});
