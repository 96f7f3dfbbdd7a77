// Asking whether a token works: which probe, how it is asked, and what each answer says.
import { describe, expect, test } from 'vitest';
import { CliError } from '../../src/errors.ts';
import type { WireResponse } from '../../src/model/ports.ts';
import type { Probe, Provider } from '../../src/model/provider.ts';
import { probeGrant } from '../../src/oauth/probe.ts';
import { heldBy, heldTokens, issuer, json, makePeer, portsOver, script, text } from './rig.ts';

const base: Probe = {
  method: 'GET',
  url: `${issuer}/userinfo`,
  token: 'header',
  headers: { 'x-version': '2' },
  needsAnyScope: ['openid'],
  accountIdAt: ['/sub', '/data/0/id'],
  accountNameAt: ['/email', '/name'],
  clientIdAt: ['/azp'],
  scopeAt: ['/scope'],
  clientAuth: false,
};
const post: Probe = {
  ...base,
  method: 'POST',
  url: `${issuer}/tokeninfo`,
  token: { field: 'access_token' },
  needsAnyScope: [],
};
const introspection: Probe = {
  ...base,
  method: 'POST',
  url: `${issuer}/introspect`,
  token: { field: 'token' },
  needsAnyScope: [],
  activeAt: '/active',
  clientIdAt: ['/client_id'],
  clientAuth: true,
};

async function probe(answer: WireResponse | Error, rule: Partial<Provider> = { probes: [base] }, granted = ['openid']) {
  const server = script(answer);
  const result = await probeGrant(makePeer(rule), heldBy(heldTokens(), granted), portsOver(server.fetch));
  return { result, server };
}

describe('which, and how', () => {
  test.each([
    [['openid'], `${issuer}/userinfo`],
    [['mail'], `${issuer}/tokeninfo`],
    [[], `${issuer}/tokeninfo`],
  ])('%j granted asks %s', async (granted, url) => {
    const { server } = await probe(json(200, {}), { probes: [base, post] }, granted);
    expect(server.requests.map((request) => request.url)).toEqual([url]);
  });

  test('in the header', async () => {
    const { server } = await probe(json(200, {}));
    expect(server.requests[0]).toMatchObject({
      method: 'GET',
      headers: { authorization: 'Bearer access-1', accept: 'application/json', 'x-version': '2' },
      body: undefined,
    });
  });

  test('in the form, so that it is in no address and no log', async () => {
    const { server } = await probe(json(200, {}), { probes: [post] });
    expect(server.requests[0]).toMatchObject({
      method: 'POST',
      url: `${issuer}/tokeninfo`,
      body: 'access_token=access-1',
    });
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
  });

  test('introspection authenticates the client', async () => {
    const { server } = await probe(json(200, { active: true }), { probes: [introspection] });
    expect(server.form(0).get('token')).toBe('access-1');
    expect(server.requests[0]?.headers.authorization).toMatch(/^Basic /);
  });

  test.each([
    ['no probe fits', { probes: [base] }, ['mail']],
    ['there is none', { probes: [] }, ['openid']],
  ])('nothing to ask: %s', async (_, rule, granted) => {
    const { result, server } = await probe(json(200, {}), rule, granted);
    expect([result.kind, server.requests.length]).toEqual(['nothing_to_ask', 0]);
  });

  test('an address that is refused is not asked', async () => {
    const { result, server } = await probe(json(200, {}), { probes: [{ ...base, url: 'http://api.acme.example/me' }] });
    expect([result.kind, server.requests.length]).toEqual(['transient', 0]);
  });
});

test('what an accepted token tells', async () => {
  const body = { data: [{ id: 42 }], email: '', name: 'Ann\u202e', azp: 'the-client', scope: 'a  b' };
  expect((await probe(json(200, body))).result).toEqual({
    kind: 'accepted',
    account: { id: '42', name: 'Ann' },
    clientId: 'the-client',
    scopes: ['a', 'b'],
    status: 200,
    latencyMs: 0,
  });
  expect((await probe(json(200, {}))).result).toMatchObject({
    account: { id: null, name: null },
    clientId: null,
    scopes: null,
  });
});

test('latency is measured by the clock, failed exchanges included', async () => {
  let at = 1_000;
  const late = async (): Promise<WireResponse> => {
    at += 250;
    throw new CliError('timed_out', 'late');
  };
  const ports = { ...portsOver(late), clock: { now: () => at, sleep: async () => {} } };
  expect(await probeGrant(makePeer({ probes: [base] }), heldBy(heldTokens(), ['openid']), ports)).toMatchObject({
    kind: 'transient',
    status: null,
    latencyMs: 250,
    error: { code: 'timed_out' },
  });
});

describe('what an answer says', () => {
  const challenge = (error: string) => ({ 'www-authenticate': `Bearer error="${error}"` });
  test.each([
    ['401', text(401, ''), { kind: 'rejected', status: 401 }],
    ['invalid_token at 400', json(400, { error: 'invalid_token' }), { kind: 'rejected' }],
    ['an error at 200', json(200, { error: 'invalid_token' }), { kind: 'rejected', status: 200 }],
    ['insufficient_scope', text(403, '', challenge('insufficient_scope')), { kind: 'refused', means: 'scope_missing' }],
    ['a 403 that nobody can read', text(403, '<html>'), { kind: 'refused', means: 'app_fault' }],
    ['404', text(404, ''), { kind: 'refused', means: 'app_fault' }],
    ['a redirect', text(302, '', { location: 'https://evil.example' }), { kind: 'transient', status: 302 }],
    [
      'a redirect with JSON in it',
      { ...json(302, { sub: 'ann-1' }), headers: { location: 'https://evil.example' } },
      { kind: 'transient' },
    ],
    ['429', text(429, '', { 'retry-after': '7' }), { kind: 'transient', error: { retryAfterSeconds: 7 } }],
    ['503', text(503, '<html>'), { kind: 'transient', status: 503, error: { code: 'provider_unavailable' } }],
    ['HTML at 200', text(200, '<html>Sign in to the Wi-Fi'), { kind: 'transient', error: { code: 'bad_response' } }],
    ['JSON that breaks off', text(200, '{"sub":"an'), { kind: 'transient', error: { code: 'bad_response' } }],
    ['no network', new CliError('unreachable', 'x'), { kind: 'transient', status: null }],
  ])('%s', async (_, answer, outcome) => {
    expect((await probe(answer)).result).toMatchObject(outcome);
  });

  test.each([
    ['active', json(200, { active: true, sub: 'ann-1', client_id: 'c' }), { kind: 'accepted', clientId: 'c' }],
    ['inactive', json(200, { active: false }), { kind: 'rejected' }],
    ['neither', json(200, { sub: 'ann-1' }), { kind: 'rejected' }],
    ['a client that is refused', json(401, { error: 'invalid_client' }), { kind: 'refused', means: 'app_fault' }],
    ['a client that may not ask', json(403, { error: 'access_denied' }), { kind: 'nothing_to_ask' }],
    ['401 without a word', text(401, ''), { kind: 'nothing_to_ask' }],
    ['500', text(500, ''), { kind: 'transient' }],
  ])('introspection: %s', async (_, answer, outcome) => {
    expect((await probe(answer, { probes: [introspection] })).result).toMatchObject(outcome);
  });

  test("a row of the provider's is heeded at 200 too", async () => {
    const row = { on: ['probe'], at: '/ok', equals: false, means: 'already_dead', words: 'gone' } as const;
    const rule = { probes: [base], answers: [row] };
    expect((await probe(json(200, { ok: false }), rule)).result).toMatchObject({ kind: 'rejected', words: 'gone' });
    expect((await probe(json(200, { ok: true }), rule)).result).toMatchObject({ kind: 'accepted' });
  });

  test('a token that is echoed is not repeated', async () => {
    const answer = json(401, { error: 'invalid_token', error_description: 'access-1 is unknown' });
    expect((await probe(answer)).result).toMatchObject({ words: '[secret] is unknown' });
  });
});

describe("the product's own API", () => {
  const api: Probe = { ...base, url: `${issuer}/api`, needsAnyScope: ['mail'] };
  const rule = { probes: [base], apiProbe: api };
  const ask = async (granted: string[], ...answers: WireResponse[]) => {
    const server = script(...answers);
    const result = await probeGrant(makePeer(rule), heldBy(heldTokens(), granted), portsOver(server.fetch));
    return { result, urls: server.requests.map(({ url }) => url) };
  };

  test('is asked after the token was accepted, and the token says whose it is', async () => {
    const { result, urls } = await ask(['openid', 'mail'], json(200, { sub: 'ann-1' }), json(200, { sub: 'other' }));
    expect(result).toMatchObject({ kind: 'accepted', account: { id: 'ann-1' } });
    expect(urls).toEqual([`${issuer}/userinfo`, `${issuer}/api`]);
  });

  test('has the last word', async () => {
    const { result } = await ask(['openid', 'mail'], json(200, { sub: 'ann-1' }), text(503, ''));
    expect(result).toMatchObject({ kind: 'transient', status: 503 });
  });

  test('is left alone without its scopes, and when the token is dead', async () => {
    expect((await ask(['openid'], json(200, {}))).urls).toHaveLength(1);
    expect((await ask(['openid', 'mail'], text(401, ''))).urls).toHaveLength(1);
  });
});
