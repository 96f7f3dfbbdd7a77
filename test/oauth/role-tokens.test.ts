// Several tokens of one grant where the answer is not quite as the data says: no role's token is taken for another's.
import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/model/json.ts';
import type { Probe, TokenRole } from '../../src/model/provider.ts';
import { Secret } from '../../src/model/secret.ts';
import type { Attempt } from '../../src/oauth/attempt.ts';
import { exchangeCode } from '../../src/oauth/exchange.ts';
import { probeGrant } from '../../src/oauth/probe.ts';
import { refreshGrant } from '../../src/oauth/refresh.ts';
import { heldTokens, issuer, json, makePeer, portsOver, script, spendingOf } from './rig.ts';

const roles: readonly TokenRole[] = [
  { id: 'user', scopeParam: 'user_scope', scopePrefix: '', at: '/authed', tokenType: 'User', namesAccount: true },
  { id: 'bot', scopeParam: 'scope', scopePrefix: 'bot:', at: '', tokenType: 'bot', namesAccount: false },
];
const peer = makePeer({ roles });
const asked = ['read', 'bot:write', 'bot:post'];
const attempt: Attempt = {
  state: 's',
  stateIn: 'query',
  gives: 'code',
  verifier: null,
  nonce: null,
  redirectUri: 'http://localhost:8252/cb',
  scopes: asked,
};

const exchange = (body: Json) =>
  exchangeCode(
    peer,
    attempt,
    new Secret('the-code'),
    portsOver(script(json(200, body)).fetch),
    new AbortController().signal,
  );

describe('an exchange', () => {
  test('whose only token is of a type that belongs elsewhere gives no grant', async () => {
    const answer = exchange({ access_token: 'ua', token_type: 'user' });
    await expect(answer).rejects.toMatchObject({ code: 'bad_response' });
  });

  test('that says nothing of scopes gives each token those that were asked for it, and none to a token that did not come', async () => {
    const bot = { access_token: 'ba', token_type: 'Bot' };
    expect((await exchange({ ...bot, authed: { access_token: 'ua' } })).granted).toEqual(asked);
    expect((await exchange(bot)).granted).toEqual(['bot:write', 'bot:post']);
  });

  test('with a broken token in one place is broken', async () => {
    const answer = exchange({ access_token: 'ba', authed: { access_token: 'u\na' } });
    await expect(answer).rejects.toMatchObject({ code: 'bad_response' });
  });

  test('counts the life of the first token that came', async () => {
    const bot = { access_token: 'ba', refresh_token_expires_in: 7 };
    expect((await exchange(bot)).refreshIssuedSeconds).toBe(7);
    const both = { ...bot, authed: { access_token: 'ua', refresh_token_expires_in: 9 } };
    expect((await exchange(both)).refreshIssuedSeconds).toBe(9);
  });
});

test.each([
  [undefined, { kind: 'granted' }],
  ['bearer', { kind: 'granted' }],
  ['Bot', { kind: 'granted', granted: ['bot:write'] }],
  ['USER', { kind: 'refused', means: 'unknown' }],
])("a refreshed bot's token of type %s", async (token_type, outcome) => {
  const body = { access_token: 'ba', scope: 'write', ...(token_type === undefined ? {} : { token_type }) };
  const request = { ...spendingOf('refresh-1', asked), role: 'bot' };
  expect(await refreshGrant(peer, request, portsOver(script(json(200, body)).fetch))).toMatchObject(outcome);
});

test.each([
  ['user', `${issuer}/plain`],
  ['bot', `${issuer}/writers`],
])("what another role was granted does not choose the %s's probe", async (role, url) => {
  const probe: Probe = {
    method: 'GET',
    url: `${issuer}/writers`,
    token: 'header',
    headers: {},
    needsAnyScope: ['write'],
    accountIdAt: [],
    accountNameAt: [],
    clientIdAt: [],
    scopeAt: [],
    clientAuth: false,
  };
  const probes = [probe, { ...probe, url: `${issuer}/plain`, needsAnyScope: [] }];
  const server = script(json(200, {}));
  await probeGrant(
    makePeer({ roles, probes }),
    { role, tokens: heldTokens(), granted: asked },
    portsOver(server.fetch),
  );
  expect(server.requests.map((request) => request.url)).toEqual([url]);
});
