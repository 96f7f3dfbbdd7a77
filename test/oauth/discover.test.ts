// From an issuer to a complete provider: where metadata is looked for, what is refused in it, what is made of it.
import { describe, expect, test } from 'vitest';
import { CliError } from '../../src/errors.ts';
import type { Json } from '../../src/model/json.ts';
import { parseProvider } from '../../src/model/parse-provider.ts';
import type { WireResponse } from '../../src/model/ports.ts';
import { discoverServer, providerFromMetadata } from '../../src/oauth/discover.ts';
import { json, portsOver, text } from './rig.ts';

const issuer = 'https://id.acme.example/tenant';

function documentOf(of: string, more: Record<string, Json> = {}) {
  const at = of.replace(/\/$/, '');
  return { issuer: of, authorization_endpoint: `${at}/authorize`, token_endpoint: `${at}/token`, ...more };
}

/** A site that knows some addresses. */
function site(pages: Record<string, WireResponse | Error>) {
  const asked: string[] = [];
  const ports = portsOver(async ({ url }) => {
    asked.push(url);
    const page = pages[url] ?? text(404, 'no');
    if (page instanceof Error) throw page;
    return page;
  });
  return { ports, asked };
}

const discover = (of: string, more: Record<string, Json>) =>
  discoverServer(of, site({ [`${of}/.well-known/openid-configuration`]: json(200, documentOf(of, more)) }).ports);

describe('where it is looked for', () => {
  const places = [
    'https://id.acme.example/tenant/.well-known/openid-configuration',
    'https://id.acme.example/.well-known/oauth-authorization-server/tenant',
    'https://id.acme.example/.well-known/openid-configuration/tenant',
    'https://id.acme.example/tenant/.well-known/oauth-authorization-server',
  ];
  test.each(places)('%s', async (place) => {
    const { ports, asked } = site({ [place]: json(200, documentOf(issuer)) });
    expect((await discoverServer(issuer, ports)).endpoints.token).toBe(`${issuer}/token`);
    expect(asked).toEqual(places.slice(0, places.indexOf(place) + 1));
  });

  test('an issuer without a path is looked up in two places, a trailing slash is part of its name', async () => {
    const plain = 'https://id.acme.example';
    for (const name of [plain, `${plain}/`]) {
      const { ports, asked } = site({
        [`${plain}/.well-known/oauth-authorization-server`]: json(200, documentOf(name)),
      });
      expect((await discoverServer(name, ports)).issuer).toBe(name);
      expect(asked).toHaveLength(2);
    }
  });

  test.each([
    'https://id.acme.example/tenant/.well-known/openid-configuration',
    'https://id.acme.example/.well-known/oauth-authorization-server/tenant',
  ])("the document's own address %s is taken for the issuer", async (typed) => {
    const { ports } = site({ [places[0] ?? '']: json(200, documentOf(issuer)) });
    expect((await discoverServer(typed, ports)).issuer).toBe(issuer);
  });

  test('a page of the site and a broken document are passed over', async () => {
    const { ports } = site({
      [places[0] ?? '']: text(200, '<html>Welcome'),
      [places[1] ?? '']: text(200, '{"issuer":'),
      [places[2] ?? '']: json(200, { error: 'not here' }),
      [places[3] ?? '']: json(200, documentOf(issuer)),
    });
    expect((await discoverServer(issuer, ports)).issuer).toBe(issuer);
  });
});

describe('what ends it', () => {
  const first = `${issuer}/.well-known/openid-configuration`;
  test.each([
    ['http://id.acme.example', 'invalid_value', 'must be https'],
    ['http://10.0.0.1', 'invalid_value', 'must be https'],
    ['id.acme.example', 'invalid_value', 'not an address'],
    ['https://id.acme.example/?tenant=1', 'invalid_value', 'query'],
    ['https://id.acme.example/#x', 'invalid_value', 'query'],
    ['https://me:secret@id.acme.example', 'invalid_value', 'user name'],
    ['file:///etc/passwd', 'invalid_value', 'must be https'],
  ])('the issuer %s', async (typed, code, words) => {
    const { ports, asked } = site({});
    await expect(discoverServer(typed, ports)).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
    expect(asked).toEqual([]);
  });

  test('another issuer: both are said', async () => {
    const { ports } = site({ [first]: json(200, documentOf('https://evil.example\u202e')) });
    await expect(discoverServer(issuer, ports)).rejects.toMatchObject({
      code: 'issuer_mismatch',
      message: `you gave '${issuer}', but the server calls itself 'https://evil.example'`,
    });
  });

  test('a slash: both are said, and that it counts', async () => {
    const { ports } = site({ [first]: json(200, documentOf(`${issuer}/`)) });
    await expect(discoverServer(issuer, ports)).rejects.toMatchObject({
      code: 'issuer_mismatch',
      message: expect.stringMatching(/tenant', .*tenant\/': only the slash at the end differs, and it counts$/),
      hint: expect.stringContaining(`--issuer ${issuer}/`),
    });
  });

  test.each([
    ['nothing anywhere', {}, 'bad_response', 'HTTP 404'],
    [
      'a redirect',
      { [first]: text(301, '', { location: 'https://www.acme.example/x' }) },
      'bad_response',
      'redirect to https://www.acme.example',
    ],
    ['HTML', { [first]: text(200, '<html>') }, 'bad_response', 'HTML page'],
    ['JSON that breaks off', { [first]: text(200, '{"issuer":"htt') }, 'bad_response', 'breaks off'],
    ['a server in trouble', { [first]: text(503, '') }, 'provider_unavailable', 'HTTP 503'],
    ['too many questions', { [first]: text(429, '') }, 'rate_limited', 'HTTP 429'],
    ['no connection', { [first]: new CliError('unreachable', 'no route') }, 'unreachable', 'no route'],
    [
      'no token endpoint',
      { [first]: json(200, { issuer, authorization_endpoint: `${issuer}/a` }) },
      'grant_unsupported',
      'token_endpoint',
    ],
  ] as const)('%s', async (_, pages, code, words) => {
    const { ports } = site(pages);
    await expect(discoverServer(issuer, ports)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(words),
    });
  });
});

describe('endpoints in it', () => {
  const local = 'http://127.0.0.1:9000';
  test.each([
    [issuer, 'token_endpoint', 'http://id.acme.example/token'],
    [issuer, 'token_endpoint', 'http://127.0.0.1/token'],
    [issuer, 'token_endpoint', 'https://127.0.0.1/token'],
    [issuer, 'token_endpoint', 'https://127.0.0.2/token'],
    [issuer, 'token_endpoint', 'https://0/token'],
    [issuer, 'token_endpoint', 'https://[::ffff:127.0.0.1]/token'],
    [issuer, 'token_endpoint', 'https://LOCALHOST./token'],
    [issuer, 'token_endpoint', 'https://app.localhost/token'],
    [issuer, 'authorization_endpoint', 'javascript:alert(1)'],
    [issuer, 'authorization_endpoint', 'file:///usr/bin/calculator'],
    [issuer, 'jwks_uri', 'http://id.acme.example/keys'],
    [issuer, 'revocation_endpoint', '/revoke'],
    [issuer, 'introspection_endpoint', ['https://id.acme.example/i']],
    [issuer, 'userinfo_endpoint', 'https://me@id.acme.example/userinfo'],
    [local, 'token_endpoint', 'http://evil.example/token'],
    [local, 'token_endpoint', 'https://evil.example/token'],
    [local, 'device_authorization_endpoint', 'https://evil.example/device'],
  ])('%s: %s %j is refused by name', async (of, member, address) => {
    await expect(discover(of, { [member]: address })).rejects.toMatchObject({
      code: 'bad_response',
      message: expect.stringContaining(member),
    });
  });

  test.each([
    [issuer, 'https://tokens.acme.example/token'],
    [issuer, 'https://id.acme.example//oauth//token'],
    [local, 'http://localhost:9001/token'],
  ])('%s: %s is taken as it stands', async (of, address) => {
    expect((await discover(of, { token_endpoint: address, jwks_uri: null })).endpoints).toMatchObject({
      token: address,
      jwks: null,
    });
  });
});

describe('the provider that is made of it', () => {
  const everything = {
    revocation_endpoint: `${issuer}/revoke`,
    introspection_endpoint: `${issuer}/introspect`,
    userinfo_endpoint: `${issuer}/userinfo`,
    device_authorization_endpoint: `${issuer}/device`,
    jwks_uri: `${issuer}/keys`,
    authorization_response_iss_parameter_supported: true,
    code_challenge_methods_supported: ['plain', 'S256'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    service_documentation: 'https://docs.acme.example',
  };
  const make = async (members: Record<string, Json>, scopes: string[] = []) =>
    providerFromMetadata('acme', await discover(issuer, members), { scopes, apiOrigins: ['https://api.acme.example'] });

  test('a server that says everything', async () => {
    const provider = await make(everything, ['openid', 'offline_access', 'mail']);
    expect(provider).toMatchObject({
      issuer,
      iss: 'required',
      pkce: 'supported',
      clientAuth: 'basic',
      docsUrl: 'https://docs.acme.example',
      authorizeParams: { prompt: 'consent' },
      revocation: { kind: 'rfc7009', steps: ['refresh', 'access'], kills: 'token', proof: 'probe' },
      apiOrigins: ['https://api.acme.example'],
    });
    expect(provider.scopes.default).toEqual(['openid', 'offline_access', 'mail']);
    expect(provider.probes.map(({ url }) => url)).toEqual([`${issuer}/userinfo`, `${issuer}/introspect`]);
    expect(provider.kinds[0]?.flows).toEqual(['loopback', 'paste', 'device']);
    expect(JSON.stringify(provider.guide)).toContain('http://127.0.0.1/callback/acme');
  });

  test('a server that says nothing', async () => {
    const provider = await make({});
    expect(provider).toMatchObject({
      iss: 'if_present',
      pkce: 'supported',
      clientAuth: 'basic',
      docsUrl: null,
      authorizeParams: {},
      probes: [],
      device: null,
      revocation: { kind: 'none', proof: 'none' },
      lifetimes: { accessSeconds: null, refreshIdleSeconds: null, refreshAbsoluteSeconds: null, shortGrant: null },
    });
    expect(provider.kinds[0]).toMatchObject({ flows: ['loopback', 'paste'], secret: 'optional' });
  });

  test('both survive the parser of stored providers', async () => {
    for (const provider of [await make({}), await make(everything, ['openid'])])
      expect(parseProvider(JSON.parse(JSON.stringify(provider)))).toEqual(provider);
  });

  test.each([
    ['without openid introspection proves the end', everything, [], { revocation: { proof: 'introspect' } }],
    ['posted secrets', { token_endpoint_auth_methods_supported: ['client_secret_post'] }, [], { clientAuth: 'post' }],
    [
      'no secrets',
      { token_endpoint_auth_methods_supported: ['none'] },
      [],
      { clientAuth: 'none', kinds: [{ secret: 'never' }] },
    ],
    ['plain PKCE only', { code_challenge_methods_supported: ['plain'] }, [], { pkce: 'unsupported' }],
    ['documentation that is no https address', { service_documentation: 'javascript:x' }, [], { docsUrl: null }],
    [
      'iss announced in another type',
      { authorization_response_iss_parameter_supported: 'true' },
      [],
      { iss: 'if_present' },
    ],
  ])('%s', async (_, members, scopes, facts) => {
    expect(await make(members, scopes)).toMatchObject(facts);
  });

  test('client authentication that we do not have is refused', async () => {
    await expect(make({ token_endpoint_auth_methods_supported: ['private_key_jwt'] })).rejects.toMatchObject({
      code: 'grant_unsupported',
      message: expect.stringContaining('private_key_jwt'),
    });
  });
});
