// Calls by provider data, as the client proves itself in them and as servers echo them; and what decides when they do not tell.
import { describe, expect, test } from 'vitest';
import { CliError } from '../../src/errors.ts';
import type { WireResponse } from '../../src/model/ports.ts';
import type { Provider, RestCall, Revocation } from '../../src/model/provider.ts';
import { probeGrant } from '../../src/oauth/probe.ts';
import { refreshGrant } from '../../src/oauth/refresh.ts';
import { revokeGrant } from '../../src/oauth/revoke.ts';
import {
  heldBy,
  heldTokens,
  issuer,
  json,
  makePeer,
  makeProvider,
  nowAt,
  portsOver,
  script,
  spendingOf,
  text,
} from './rig.ts';

const call: RestCall = { method: 'DELETE', url: `${issuer}/tokens/{token}`, auth: 'none', body: 'none' };
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

async function revoke(change: Partial<Revocation>, answers: (WireResponse | Error)[], app = {}, tokens = heldTokens()) {
  const server = script(...answers);
  const ports = portsOver(server.fetch);
  const peer = makePeer({ revocation: { ...rest, ...change } }, app);
  return { result: await revokeGrant(peer, heldBy(tokens), ports), server, traced: ports.traced };
}

describe('the client in a call', () => {
  const inJson = { call: { ...call, method: 'POST', auth: 'client', body: { json: { token: '{token}' } } } } as const;

  test.each([
    ['post', { token: 'access-1', client_id: 'the-client', client_secret: 'the-client-secret' }],
    ['none', { token: 'access-1', client_id: 'the-client' }],
    ['basic', { token: 'access-1' }],
  ] as const)('proves itself by %s in a JSON body too', async (clientAuth, body) => {
    const { server } = await revoke(inJson, [text(200, '')], { clientAuth });
    expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual(body);
  });

  test('spells Basic as its server wants it, even where the token endpoint takes a form', async () => {
    const basic = { call: { ...call, auth: 'basic' } } as const;
    const sent = async (clientAuth: 'post' | 'basic-raw') => {
      const { server } = await revoke(basic, [text(204, '')], { clientAuth, clientId: 'a:b' });
      return Buffer.from(server.requests[0]?.headers.authorization?.slice('Basic '.length) ?? '', 'base64').toString();
    };
    expect(await sent('post')).toBe('a%3Ab:the-client-secret');
    expect(await sent('basic-raw')).toBe('a:b:the-client-secret');
  });
});

describe('a server that echoes', () => {
  const basic = Buffer.from('the-client:the-client-secret').toString('base64');
  const echo = { error: 'no', error_description: `access-1 the-client-secret ${basic} refresh-1` };

  test('what a call sent is not repeated, and neither is the address', async () => {
    const { result, traced } = await revoke({ call: { ...call, auth: 'basic' } }, [json(400, echo)]);
    expect(result).toMatchObject({ kind: 'failed', error: { message: expect.stringMatching(/: (\[secret\] ?){4}$/) } });
    expect(traced[0]).toBe(`DELETE ${issuer}/tokens/{token} 400 in 0 ms`);
    expect(JSON.stringify(traced)).not.toContain('access-1');
  });

  test.each([
    ['a redirect', text(302, '', { location: `${issuer}/tokens/access-1/` })],
    ['no answer', new CliError('unreachable', 'id.acme.example cannot be reached')],
  ])('%s: the address is not shown', async (_, answer) => {
    const { result, traced } = await revoke({}, [answer]);
    expect(result.kind).toBe('failed');
    expect(`${JSON.stringify(traced)} ${String(result.kind === 'failed' && result.error)}`).not.toContain('access-1');
  });

  test('an address that is refused is shown as the data has it', async () => {
    const { result, server } = await revoke({ call: { ...call, url: 'http://api.acme.example/tokens/{token}' } }, []);
    const message = expect.stringContaining("'http://api.acme.example/tokens/{token}' is refused");
    expect(result).toMatchObject({ kind: 'failed', error: { message } });
    expect(server.requests).toEqual([]);
  });

  test('what a probe sent is not repeated', async () => {
    const introspection = { ...makeProvider().probes[0], method: 'POST', token: { field: 'token' }, clientAuth: true };
    const peer = makePeer({ probes: [{ ...introspection, needsAnyScope: [] }] as Provider['probes'] });
    const answer = await probeGrant(peer, heldBy(), portsOver(script(json(400, echo)).fetch));
    expect(answer).toMatchObject({ words: '[secret] [secret] [secret] [secret]' });
  });
});

test('a probe by the client speaks as the token endpoint wants it', async () => {
  const url = `${issuer}/introspect`;
  const [plain] = makeProvider().probes;
  if (plain === undefined) throw new Error('the plain provider has a probe');
  const probe = {
    ...plain,
    url,
    method: 'POST',
    token: { field: 'token' },
    needsAnyScope: [],
    clientAuth: true,
  } as const;
  const sent = async (clientAuth: boolean) => {
    const server = script(json(200, {}));
    const changes = {
      probes: [{ ...probe, clientAuth }],
      tokenBody: 'json',
      tokenHeaders: { 'x-version': '7' },
    } as const;
    await probeGrant(makePeer(changes), heldBy(), portsOver(server.fetch));
    return server.requests[0];
  };
  expect(await sent(true)).toMatchObject({ body: '{"token":"access-1"}', headers: { 'x-version': '7' } });
  expect((await sent(true))?.headers['content-type']).toBe('application/json');
  expect(await sent(false)).toMatchObject({ body: 'token=access-1' });
  expect((await sent(false))?.headers['x-version']).toBeUndefined();
});

describe('a refusal that does not tell', () => {
  const check = { call: { ...call, method: 'POST', url: `${issuer}/check` }, deadStatus: 404 } as const;
  const lasting = { ...heldTokens(), expiresAt: nowAt + 60_000 };

  test.each([
    // An app whose secret is wrong may be told so as well: what the token itself is told counts.
    [text(404, ''), 'already_dead', ['/check', '/userinfo']],
    [text(200, '{}'), 'failed', ['/check']],
    // The app may not ask: the token itself is tried.
    [text(401, ''), 'already_dead', ['/check', '/userinfo']],
  ])('the check decides: %j', async (answer, kind, asked) => {
    const server = script(text(400, ''), answer, text(401, ''));
    const peer = makePeer({ revocation: { ...rest, proof: 'check', check } });
    const result = await revokeGrant(peer, heldBy(lasting, ['openid']), portsOver(server.fetch));
    expect(result.kind).toBe(kind);
    expect(server.requests.slice(1).map(({ url }) => new URL(url).pathname)).toEqual(asked);
  });

  test.each([
    ['a row of the table', { on: ['revoke'], status: 422, means: 'already_dead', words: 'gone' }, 'already_dead'],
    ['no row', { on: ['probe'], status: 422, means: 'already_dead', words: 'gone' }, 'failed'],
  ] as const)('by %s', async (_, row, kind) => {
    const peer = makePeer({ revocation: rest, answers: [row] });
    const answer = await revokeGrant(peer, heldBy(lasting), portsOver(script(text(422, '')).fetch));
    expect(answer.kind).toBe(kind);
  });

  test('a row at 200 is heeded', async () => {
    const row = { on: ['revoke'], at: '/ok', equals: false, means: 'app_fault', words: 'the app may not' } as const;
    const peer = makePeer({ revocation: rest, answers: [row] });
    const answer = await revokeGrant(peer, heldBy(), portsOver(script(json(200, { ok: false })).fetch));
    expect(answer).toMatchObject({ kind: 'failed', error: { code: 'app_rejected' } });
  });

  test.each([
    [new CliError('unreachable', 'x', { hint: 'try again' }), 'failed'],
    [text(503, ''), 'failed'],
    [text(429, ''), 'failed'],
    [json(401, { error: 'invalid_client' }), 'failed'],
    [json(400, { error: 'unsupported_over_there' }), 'unsupported'],
    [text(403, ''), 'unsupported'],
  ] as const)('%j is %s where nobody promised anything', async (answer, kind) => {
    expect((await revoke({ bestEffort: true }, [answer])).result.kind).toBe(kind);
    expect((await revoke({}, [answer])).result.kind).toBe('failed');
  });
});

describe('extra parameters of a refresh', () => {
  test('are filled, and left out where nothing fills them', async () => {
    const server = script(json(200, { access_token: 'a' }));
    const peer = makePeer({ refreshParams: { scope: '{scope}', app: 'id:{client_id}' } });
    await refreshGrant(peer, spendingOf('refresh-1'), portsOver(server.fetch));
    expect([server.form(0).get('app'), server.form(0).has('scope')]).toEqual(['id:the-client', false]);
  });
});
