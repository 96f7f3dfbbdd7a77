// What comes from outside as a provider: every slip is named by its place, and nothing unknown gets through.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseProvider } from '../../src/model/parse-provider.ts';
import { provider as github } from '../../src/providers/github/dialect.ts';
import { provider as gmail } from '../../src/providers/gmail/dialect.ts';
import { provider as outlook } from '../../src/providers/outlook/dialect.ts';
import { acme, refusal, withMember } from './acme.ts';

describe('what is left out means what the RFCs say', () => {
  test('id, issuer and two endpoints are enough', () => {
    expect(parseProvider(acme)).toMatchObject({
      name: 'acme',
      clientAuth: 'basic',
      redirect: { hosts: ['127.0.0.1'], ports: 'any', path: '/callback/acme', register: 'uri' },
      iss: 'if_present',
      rotation: 'unknown',
      kinds: [{ secret: 'optional', flows: ['loopback', 'paste'] }],
      probes: [],
      revocation: { kind: 'none' },
      device: null,
      apiOrigins: [],
    });
  });

  test('an endpoint brings what it is for', () => {
    const endpoints = {
      ...acme.endpoints,
      revocation: 'https://id.acme.example/revoke',
      introspection: 'https://id.acme.example/introspect',
      userinfo: 'https://id.acme.example/me',
      deviceAuthorization: 'https://id.acme.example/device',
    };
    expect(parseProvider({ ...acme, endpoints })).toMatchObject({
      kinds: [{ flows: ['loopback', 'paste', 'device'] }],
      probes: [
        { url: endpoints.userinfo, needsAnyScope: ['openid'] },
        { url: endpoints.introspection, activeAt: '/active' },
      ],
      revocation: { kind: 'rfc7009', steps: ['refresh', 'access'], proof: 'introspect' },
      device: { uriAt: 'verification_uri' },
    });
  });

  test('one member of a member changes that one only', () => {
    const { redirect, scopes } = parseProvider({ ...acme, redirect: { ports: [8252] }, scopes: { default: ['read'] } });
    expect(redirect).toEqual({ hosts: ['127.0.0.1'], ports: [8252], path: '/callback/acme', register: 'uri' });
    expect(scopes).toMatchObject({ default: ['read'], caseless: false });
  });

  test('a server on this machine may speak http', () => {
    const local = {
      id: 'local',
      issuer: 'http://127.0.0.1:9000',
      endpoints: { authorization: 'http://127.0.0.1:9000/a', token: 'http://[::1]:9000/t' },
      apiOrigins: ['http://127.0.0.1:9000'],
    };
    expect(parseProvider(local).issuer).toBe(local.issuer);
  });
});

test.each([
  ['no object', [], 'the document must be a JSON object'],
  ['no id', { ...acme, id: undefined }, '/id must be text'],
  ['no endpoints', { id: 'acme', issuer: acme.issuer }, '/endpoints is missing'],
  [
    'no token endpoint',
    withMember('/endpoints', { authorization: 'https://a.example' }),
    '/endpoints/token is missing',
  ],
  ['an id in capitals', withMember('/id', 'Acme'), '/id must be a lower-case letter'],
  ['an unknown member', withMember('/probs', []), "/probs is not known here; did you mean 'probes'?"],
  [
    'an unknown member deep down',
    withMember('/redirect/port', 1),
    "/redirect/port is not known here; did you mean 'ports'?",
  ],
  [
    'a member named like a prototype',
    JSON.parse(JSON.stringify(acme).replace('{', '{"__proto__":{},')),
    '/__proto__ is not known',
  ],
  ['a wrong type', withMember('/probesAtOnce', '3'), '/probesAtOnce must be a whole number from 1 to 20'],
  [
    'a word that is none of the choices',
    withMember('/rotation', 'sometimes'),
    "/rotation must be 'always' or 'never' or 'unknown'",
  ],
  [
    'too many entries',
    withMember('/silentFailures', Array(201).fill('x')),
    '/silentFailures must not have more than 200',
  ],
  [
    'a slash in a member name',
    withMember('/authorizeParams', { 'a/b': 'x' }),
    '/authorizeParams/a~1b must be a parameter name',
  ],
])('%s is named by its place', (_, json, message) => {
  expect(refusal(json)).toContain(message);
});

test.each([
  ['plain http', 'http://id.acme.example/token', 'must be https'],
  ['http on a name that begins like this machine', 'http://localhost.example/token', 'must be https'],
  ['http on the address of a neighbour', 'http://192.168.0.1/token', 'must be https'],
  ['a local file', 'file:///etc/passwd', 'must be https'],
  ['script', 'javascript:alert(1)', 'must'],
  ['a password', 'https://user:pw@id.acme.example/', 'must not carry a user or password'],
  ['a fragment', 'https://id.acme.example/#token', 'must have no fragment'],
  ['a backslash before the host ends', 'https://id.acme.example\\@evil.example/', 'must be a URL of printable ASCII'],
  ['letters that look like others', 'https://id.аcme.example/token', 'must be a URL of printable ASCII'],
  ['a scheme in capitals, which would pass for another', 'HTTPS://id.acme.example/token', "must begin with 'https://'"],
  ['no host', 'https:token', "must begin with 'https://'"],
])('an endpoint is refused: %s', (_, url, words) => {
  expect(refusal(withMember('/endpoints/token', url))).toMatch(/^\/endpoints\/token /);
  expect(refusal(withMember('/endpoints/token', url))).toContain(words);
});

test.each([
  ['right-to-left override', 'Acme\u202Egmail'],
  ['isolate', 'Acme\u2066'],
  ['terminal escape', 'Acme\u001B[31m'],
  ['line feed', 'Acme\nGmail'],
  ['zero-width joiner', 'Ac\u200Dme'],
  ['half a surrogate pair', 'Acme\uD800'],
  ['line separator', 'Acme\u2028'],
])('a name may not deceive: %s', (_, name) => {
  expect(refusal({ ...acme, name })).toBe('/name must not hold control characters or invisible marks');
  expect(refusal(withMember('/silentFailures', [name]))).toContain('/silentFailures/0 must not hold');
});

test('the name of an unknown member is shown without what could deceive', () => {
  expect(refusal({ ...acme, '\u202Eevil\u001B': 1 })).toBe('/?evil? is not known here');
});

describe('members that contradict each other', () => {
  const probe = { url: 'https://elsewhere.example/me' };
  const revocation = 'https://id.acme.example/revoke';
  const endpoints = { ...acme.endpoints, revocation };
  test.each([
    [
      'a loopback endpoint under an https issuer',
      withMember('/endpoints/token', 'http://127.0.0.1/t'),
      '/endpoints/token must be https',
    ],
    [
      'a probe on this machine under an https issuer',
      withMember('/probes', [{ url: 'http://127.0.0.1/p' }]),
      '/probes/0/url must be https',
    ],
    [
      'a probe that sends the token elsewhere',
      withMember('/probes', [probe]),
      '/probes/0/url sends the token to an origin',
    ],
    [
      'an API probe that sends the token elsewhere',
      withMember('/apiProbe', probe),
      '/apiProbe/url sends the token to an origin',
    ],
    [
      'a kind twice',
      { ...acme, kinds: [1, 2].map(() => ({ id: 'a', name: 'A', flows: ['paste'], secret: 'never' })) },
      '/kinds/1/id is there twice',
    ],
    [
      'a kind by device without a device rule',
      { ...acme, kinds: [{ id: 'a', name: 'A', flows: ['device'], secret: 'never' }] },
      '/kinds/0/flows needs /device',
    ],
    [
      'a constraint on no kind',
      { ...acme, constraints: [{ kind: 'tv', words: 'w', hint: 'h' }] },
      '/constraints/0/kind names a kind',
    ],
    [
      'revocation without its endpoint',
      withMember('/revocation/kind', 'rfc7009'),
      '/revocation/kind needs /endpoints/revocation',
    ],
    [
      'a group that is not described',
      { ...acme, endpoints, revocation: { kills: 'group' } },
      '/revocation/group must be there',
    ],
    [
      'proof by an introspection that is not there',
      { ...acme, endpoints, revocation: { proof: 'introspect' } },
      '/revocation/proof needs',
    ],
    [
      'an answer that fits everything',
      { ...acme, answers: [{ on: ['token'], means: 'grant_dead', words: 'w' }] },
      '/answers/0 must state',
    ],
    [
      'a value without its place',
      { ...acme, answers: [{ on: ['token'], status: 400, equals: 'x', means: 'transient', words: 'w' }] },
      '/answers/0/equals needs',
    ],
    [
      'an API origin with a path',
      { ...acme, apiOrigins: ['https://api.acme.example/v1'] },
      "must be an origin, such as 'https://api.acme.example'",
    ],
    ['an issuer with a query', withMember('/issuer', 'https://id.acme.example/?x=1'), '/issuer must have no query'],
  ])('%s', (_, json, message) => {
    expect(refusal(json)).toContain(message);
  });
});

test.each(['state', 'redirect_uri', 'client_id', 'code_challenge', 'scope', 'response_type'])(
  "the protocol's own parameter %s cannot be set from data",
  (name) => {
    expect(refusal({ ...acme, authorizeParams: { [name]: 'x' } })).toContain('oauthctl sets itself');
  },
);

test.each(['authorization', 'host', 'cookie'])('the header %s cannot be set from data', (name) => {
  const probes = [{ url: 'https://id.acme.example/me', headers: { [name]: 'x' } }];
  expect(refusal({ ...acme, probes })).toContain('oauthctl sets itself');
});

test('every member of a whole provider is read: none is dropped, none is invented', () => {
  expect(parseProvider(JSON.parse(JSON.stringify(gmail)))).toEqual(gmail);
});

test.each([gmail, outlook, github])(
  '$id: whatever stands in place of a member, the answer is a provider or a refusal',
  (provider) => {
    const places = placesOf(JSON.parse(JSON.stringify(provider)));
    expect(places.length).toBeGreaterThan(300);
    const junk = fc.oneof(fc.jsonValue(), fc.constantFrom(undefined, Number.NaN, 1e308, -1, '', '\u202E', '{tenant}'));
    fc.assert(
      fc.property(fc.constantFrom(...places), junk, (place, value) => {
        const json = JSON.parse(JSON.stringify(provider));
        put(json, place, value);
        refusal(json);
      }),
      { numRuns: 500, seed: 1 },
    );
  },
);

function placesOf(node: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof node !== 'object' || node === null) return [path];
  return [path, ...Object.entries(node).flatMap(([key, child]) => placesOf(child, [...path, key]))];
}

function put(json: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const parent = path.slice(0, -1).reduce((node, key) => node[key] as Record<string, unknown>, json);
  const last = path.at(-1);
  if (last !== undefined) parent[last] = value;
}
