// Kinds of app, tenants and roles: what of them is taken from a file, and what is refused by its place.
import { describe, expect, test } from 'vitest';
import { parseProvider } from '../../src/model/parse-provider.ts';
import { providerForApp } from '../../src/model/provider-for-app.ts';
import { acme, refusal } from './acme.ts';

const api = 'https://api.acme.example';
const withApi = { ...acme, apiOrigins: [api] };
const kind = (more: object) => ({ id: 'a', name: 'A', flows: ['loopback'], secret: 'optional', ...more });
const kinds = (...all: object[]) => ({ ...withApi, kinds: all });

describe('a kind of app', () => {
  const legacy = kind({
    id: 'legacy',
    flows: ['fragment', 'paste'],
    secret: 'never',
    differs: {
      endpoints: { authorization: 'https://id.acme.example/old', token: null },
      authorizeParams: { response_type: 'token', expiration: '1day' },
      paramChoices: { expiration: ['1day', 'never'] },
      paramNames: { client_id: 'key', redirect_uri: 'return_url' },
      printed: { redirect: 'omit', prints: 'token' },
      apiAuth: 'OAuth oauth_consumer_key="{client_id}", oauth_token="{access_token}"',
    },
  });

  test('takes its own members in place of those of the provider', () => {
    const provider = parseProvider(kinds(kind({}), legacy));
    expect(provider.kinds[1]).toMatchObject(legacy);
    expect(providerForApp(provider, 'legacy', null).endpoints.token).toBe(null);
    expect(providerForApp(provider, 'a', null).endpoints.token).toBe(acme.endpoints.token);
  });

  test.each([
    ['an unknown member', { redirects: {} }, "/kinds/0/differs/redirects is not known here; did you mean 'redirect'?"],
    ['a member that is for every kind', { answers: [] }, '/kinds/0/differs/answers is not known here'],
    ['half of a member', { redirect: { ports: 'any' } }, '/kinds/0/differs/redirect/hosts is missing'],
    ['a wrong word in a member', { pkce: 'maybe' }, '/kinds/0/differs/pkce must be'],
    [
      'a probe of its own that sends the token elsewhere',
      { probes: [{ url: 'https://elsewhere.example/me' }] },
      '/kinds/0/differs/probes/0/url sends the token to an origin',
    ],
    [
      'a plain address of its own',
      { endpoints: { ...acme.endpoints, token: 'http://127.0.0.1/t' } },
      '/kinds/0/differs/endpoints/token must be https',
    ],
    ['an API sign-in without the token', { apiAuth: 'Key {client_id}' }, '/kinds/0/differs/apiAuth must have'],
    [
      'a default that is no choice',
      { authorizeParams: { expiration: 'soon' }, paramChoices: { expiration: ['1day'] } },
      '/kinds/0/differs/authorizeParams/expiration is none of',
    ],
    [
      'a name that another parameter has',
      { paramNames: { client_id: 'key', redirect_uri: 'key' } },
      '/kinds/0/differs/paramNames/client_id is the name of another',
    ],
    [
      'a name that would hide a defence',
      { paramNames: { client_id: 'state' } },
      '/kinds/0/differs/paramNames/client_id is a parameter that oauthctl sets itself',
    ],
  ])('is refused: %s', (_, differs, message) => {
    expect(refusal(kinds(kind({ differs })))).toContain(message);
  });

  test('is held to what holds for the provider, with its own members', () => {
    const endpoints = { ...acme.endpoints, revocation: 'https://id.acme.example/revoke' };
    const without = kind({ differs: { endpoints: acme.endpoints } });
    expect(refusal({ ...withApi, endpoints, kinds: [kind({})] })).toBe('accepted');
    expect(refusal({ ...withApi, endpoints, kinds: [without] })).toContain('/revocation/kind needs');
  });

  test('gets a token in the browser only where nothing else is there', () => {
    const withToken = (flows: string[]) =>
      kinds(kind({ flows, differs: { authorizeParams: { response_type: 'token' } } }));
    expect(refusal(withToken(['fragment', 'paste']))).toBe('accepted');
    for (const flows of [['loopback'], ['paste'], ['fragment', 'loopback'], ['fragment', 'device']]) {
      expect(
        refusal({ ...withToken(flows), endpoints: { ...acme.endpoints, deviceAuthorization: `${api}/d` } }),
      ).toContain('/authorizeParams/response_type is for');
    }
  });

  test.each([['loopback'], ['device'], ['paste']])('cannot sign in by %s without a token endpoint', (flow) => {
    const endpoints = { ...acme.endpoints, token: null, deviceAuthorization: 'https://id.acme.example/d' };
    expect(refusal({ ...withApi, endpoints, kinds: [kind({ flows: [flow] })] })).toContain('/kinds/0/flows needs');
  });
});

test.each([
  ['response_mode', 'query', 'accepted'],
  ['response_mode', 'form_post', 'oauthctl sets itself'],
  ['response_mode', 'fragment', 'oauthctl sets itself'],
  ['response_type', 'code token', 'oauthctl sets itself'],
  ['STATE', 'x', 'oauthctl sets itself'],
])("of the protocol's own parameters, %s may say %s: %s", (name, value, answer) => {
  expect(refusal({ ...acme, authorizeParams: { [name]: value } })).toContain(answer);
});

describe('tenants', () => {
  const endpoints = {
    authorization: 'https://id.acme.example/{tenant}/a',
    token: 'https://id.acme.example/{tenant}/t',
  };
  const tenant = {
    default: 'common',
    words: ['common', 'staff'],
    refused: [],
    issuer: { template: 'https://id.acme.example/{tenant}/v2', claim: 'tid' },
    claimOf: { staff: { not: '0' } },
  };
  const tenanted = { ...acme, endpoints, tenant };

  test('fill the addresses', () => {
    const provider = parseProvider(tenanted);
    expect(providerForApp(provider, null, 'acme-inc').endpoints.token).toBe('https://id.acme.example/acme-inc/t');
  });

  test.each([
    ['an address without a rule', { tenant: undefined }, '/tenant must be an object'],
    ['a rule without an address', { endpoints: acme.endpoints }, '/tenant needs {tenant}'],
    [
      'a default that is refused',
      { tenant: { ...tenant, refused: [{ tenant: 'common', says: 's' }] } },
      '/tenant/default is refused',
    ],
    [
      'a claim of no word',
      { tenant: { ...tenant, claimOf: { other: { is: '0' } } } },
      '/tenant/claimOf/other is not one of',
    ],
    ['a claim that says nothing', { tenant: { ...tenant, claimOf: { staff: {} } } }, '/tenant/claimOf/staff must say'],
    [
      'an issuer that fits every tenant',
      { tenant: { ...tenant, issuer: { ...tenant.issuer, template: acme.issuer } } },
      '/tenant/issuer/template must have',
    ],
    [
      'a word that is no part of an address',
      { tenant: { ...tenant, default: '../x' } },
      '/tenant/default must be a word',
    ],
  ])('are refused: %s', (_, change, message) => {
    expect(refusal({ ...tenanted, ...change })).toContain(message);
  });

  test('are no part of an address where nobody said so', () => {
    expect(refusal({ ...acme, endpoints })).toContain('/tenant must be there');
  });
});

describe('roles', () => {
  const user = {
    id: 'user',
    scopeParam: 'user_scope',
    scopePrefix: '',
    at: '/user',
    tokenType: 'user',
    namesAccount: true,
  };
  const bot = { id: 'bot', scopeParam: 'scope', scopePrefix: 'bot:', at: '', tokenType: 'bot', namesAccount: false };

  test('have one primary, the first', () => {
    expect(parseProvider({ ...acme, roles: [user, bot] }).roles).toEqual([user, bot]);
    expect(refusal({ ...acme, roles: [bot, user] })).toContain('/roles/0/scopePrefix must be empty for the first role');
    expect(refusal({ ...acme, roles: [user, { ...bot, scopePrefix: '' }] })).toContain(
      '/roles/1/scopePrefix must be empty',
    );
  });

  test.each([['id'], ['scopeParam'], ['tokenType']] as const)('are told apart by %s', (member) => {
    expect(refusal({ ...acme, roles: [user, { ...bot, [member]: user[member] }] })).toBe(
      `/roles/1/${member} is there twice`,
    );
  });

  test('can be named by a constraint', () => {
    const constraint = (scopeOfRole: string) => ({
      ...acme,
      roles: [user, bot],
      constraints: [{ scopeOfRole, words: 'w', hint: 'h' }],
    });
    expect(refusal(constraint('bot'))).toBe('accepted');
    expect(refusal(constraint('robot'))).toContain('/constraints/0/scopeOfRole names a role');
  });
});
