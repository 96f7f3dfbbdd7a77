// What reads the provider's answers: a whole HTTP answer as text goes through the real exchange of every flow.

import type { WireResponse } from '../../src/model/ports.ts';
import type { Provider } from '../../src/model/provider.ts';
import { providerForApp } from '../../src/model/provider-for-app.ts';
import { Secret } from '../../src/model/secret.ts';
import { rolesOf } from '../../src/model/token-roles.ts';
import { readWire } from '../../src/oauth/answer.ts';
import { discoverServer } from '../../src/oauth/discover.ts';
import { exchangeCode } from '../../src/oauth/exchange.ts';
import { checkIdToken } from '../../src/oauth/identity.ts';
import { probeGrant } from '../../src/oauth/probe.ts';
import { providerFromMetadata } from '../../src/oauth/provider-from-metadata.ts';
import { refreshGrant } from '../../src/oauth/refresh.ts';
import { revokeGrant } from '../../src/oauth/revoke.ts';
import { shippedProviders } from '../../src/providers/generated-index.ts';
import { heldTokens, makePeer, makeProvider, nowAt, portsOver, withEndpoints } from '../oauth/rig.ts';
import { claimsOf, createSigner } from '../oauth/signed-tokens.ts';
import type { Hear, Target } from './harness.ts';
import { planted } from './inputs.ts';

/** As the Fetch port gives it: the first line the status, then headers, an empty line, the body. */
function toResponse(text: string): WireResponse {
  const end = text.indexOf('\n\n');
  const [status = '', ...lines] = text.slice(0, end === -1 ? text.length : end).split('\n');
  const headers = lines.flatMap((line) => {
    const colon = line.indexOf(':');
    // Node refuses other names and values.
    const fits = /^[\w-]+$/.test(line.slice(0, colon)) && /^[\t\x20-\x7e\x80-\xff]*$/.test(line.slice(colon + 1));
    return colon > 0 && fits ? [[line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const] : [];
  });
  const number = /^[1-9]\d\d$/.test(status) ? Number(status) : 200;
  return { status: number, headers: Object.fromEntries(headers), body: end === -1 ? '' : text.slice(end + 2) };
}

const answer = (status: number, body: unknown, headers: readonly string[] = []) =>
  [status, 'content-type: application/json', ...headers, '', JSON.stringify(body)].join('\n');

const tokens = {
  access_token: planted,
  refresh_token: planted,
  token_type: 'Bearer',
  expires_in: 3600,
  refresh_token_expires_in: 604_800,
  scope: 'openid email',
  id_token: 'e30.e30.e30',
};

const refusals = [
  answer(400, { error: 'invalid_grant', error_description: `the token ${planted} is used up` }),
  answer(401, { error: 'invalid_client' }, ['www-authenticate: Bearer realm="x", error="invalid_token"']),
  answer(403, { error: { code: 403, status: 'PERMISSION_DENIED', message: planted, errors: [{ reason: 'x' }] } }),
  answer(429, {}, ['retry-after: Wed, 25 Nov 2026 10:05:00 GMT', 'date: Wed, 25 Nov 2026 10:00:00 GMT']),
  answer(503, {}, ['retry-after: 120']),
  '200\ncontent-type: application/x-www-form-urlencoded\n\nerror=bad_refresh_token&error_description=a+b&error_uri=https%3A%2F%2Fx',
  `502\ncontent-type: text/html\n\n<html><body>${planted}</body></html>`,
  '302\nlocation: https://elsewhere.example/\n\n',
  `200\ncontent-type: application/json\n\n{"access_token":"${planted}","refr`,
];

const seedsOf = (provider: Provider) => [
  ...refusals,
  answer(200, { ...tokens, ok: true, authed_user: { ...tokens, id: 'U1' }, team: { id: 'T1', name: 'Acme' } }),
  answer(200, { ok: false, error: 'token_expired' }),
  answer(200, { sub: '1', email: 'ann@acme.example', user: { emailAddress: 'a', permissionId: '1' } }),
  ...provider.answers.map((rule) => answer(rule.status ?? 400, { error: rule.equals ?? 'x' })),
];

/** The four exchanges, one after the other with the same answer: each must bear any. */
function exchanges(id: string, provider: Provider): Target {
  const peer = { ...makePeer({}, { clientId: 'the-client' }, planted), provider };
  const [{ id: role } = { id: 'access' }] = rolesOf(provider);
  const granted = Object.keys(provider.scopes.known);
  const held = { role, tokens: heldTokens(planted, planted), granted };
  const attempt = {
    state: 'the-state',
    stateIn: 'query',
    gives: 'code',
    verifier: new Secret(planted),
    nonce: null,
    redirectUri: 'http://127.0.0.1:4000/cb',
    scopes: ['openid'],
  } as const;
  return {
    name: `answers of ${id}`,
    seeds: seedsOf(provider),
    async feed(input, hear) {
      const ports = { ...portsOver(async () => toResponse(input)), trace: hear };
      const spending = { role, refreshToken: new Secret(planted), asked: ['openid'], accountId: '1', flow: null };
      hearAll(await refreshGrant(peer, spending, ports), hear);
      hearAll(await probeGrant(peer, held, ports), hear);
      hearAll(await revokeGrant(peer, held, ports), hear);
      await exchangeCode(peer, attempt, new Secret(planted), ports, new AbortController().signal);
    },
  };
}

/** Words that end up before people. */
function hearAll(outcome: object, hear: Hear): void {
  for (const value of Object.values(outcome)) {
    if (typeof value === 'string') hear(value);
    if (value instanceof Error) hear(value.message);
  }
}

const issuer = 'https://id.acme.example';
const metadata = {
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  revocation_endpoint: `${issuer}/revoke`,
  userinfo_endpoint: `${issuer}/userinfo`,
  jwks_uri: `${issuer}/keys`,
  token_endpoint_auth_methods_supported: ['none', 'client_secret_basic'],
  code_challenge_methods_supported: ['S256'],
  authorization_response_iss_parameter_supported: true,
  service_documentation: 'https://docs.acme.example/',
};

const discovery: Target = {
  name: 'server metadata',
  holdsNoSecret: true,
  seeds: [answer(200, metadata), answer(200, { issuer: `${issuer}/` }), ...refusals],
  async feed(input, hear) {
    const found = await discoverServer(issuer, { ...portsOver(async () => toResponse(input)), trace: hear });
    providerFromMetadata('acme', found, { scopes: ['openid'], apiOrigins: [] });
  },
};

async function identity(): Promise<readonly Target[]> {
  const signer = await createSigner();
  const provider = makeProvider(withEndpoints({ jwks: `${issuer}/keys` }));
  const peer = { ...makePeer(), provider };
  const wire = readWire({ status: 200, headers: {}, body: '' }, { url: new URL(issuer), sentAt: nowAt, secrets: [] });
  const check = { nonce: 'the-nonce', answer: wire, signature: true };
  const token = await signer.sign(claimsOf({}));
  const keys = answer(200, signer.keys);
  const judge = (idToken: string, jwks: string, hear: Hear) =>
    checkIdToken(peer, new Secret(idToken), check, { ...portsOver(async () => toResponse(jwks)), trace: hear });
  return [
    { name: 'keys (JWKS)', seeds: [keys, ...refusals], feed: (input, hear) => judge(token, input, hear) },
    { name: 'id_token', seeds: [token, 'e30.e30.e30'], feed: (input, hear) => judge(input, keys, hear) },
    {
      name: 'id_token claims',
      seeds: [JSON.stringify(claimsOf({})), JSON.stringify(claimsOf({ nonce: 'x', aud: ['a', 'b'] }))],
      feed: async (input, hear) => {
        const part = (text: string) => Buffer.from(text).toString('base64url');
        await judge(`${token.split('.')[0]}.${part(input)}.${part('signature')}`, keys, hear);
      },
    },
  ];
}

export async function wireTargets(): Promise<readonly Target[]> {
  const entries = await Promise.all(
    Object.entries(shippedProviders).map(async ([id, load]) => {
      const { provider } = await load();
      return exchanges(id, providerForApp(provider, provider.kinds[0]?.id ?? '', null));
    }),
  );
  return [...entries, exchanges('a plain server', makeProvider()), discovery, ...(await identity())];
}
