// Templates, calls that carry a token, and other small members: what of them is taken from a file, and what is refused.
import { describe, expect, test } from 'vitest';
import { parseProvider } from '../../src/model/parse-provider.ts';
import { acme, refusal, withMember } from './acme.ts';

const api = 'https://api.acme.example';
const withApi = { ...acme, apiOrigins: [api] };

describe('templates', () => {
  const probe = (more: object) => ({ ...withApi, probes: [{ url: `${api}/me`, ...more }] });

  test.each([
    ['the client id in a path', { url: `${api}/apps/{client_id}` }],
    ['the token in a path', { url: `${api}/tokens/{token}/x` }],
    ['the token in a query', { url: `${api}/me?key={access_token}` }],
    ['the client id in a header', { headers: { 'x-app': '{client_id}' } }],
    ['an account of two parts', { accountIdAt: ['{/team/id}:{/user/id}', '/id'] }],
  ])('may stand in a probe: %s', (_, more) => {
    expect(refusal(probe(more))).toBe('accepted');
  });

  test.each([
    [
      'in the host',
      { url: 'https://{access_token}.acme.example/me' },
      '/probes/0/url must have no template in its host',
    ],
    [
      'in the host behind a colon',
      { url: 'https://api.acme.example:{token}/me' },
      '/probes/0/url must have no template in its host',
    ],
    ['an unknown name', { url: `${api}/{code}` }, '/probes/0/url must not have the template {code}'],
    ['the tenant', { url: `${api}/{tenant}` }, '/probes/0/url must not have the template {tenant}'],
    ['a brace alone', { url: `${api}/{token` }, '/probes/0/url has a brace'],
    ['an unknown name in a header', { headers: { 'x-app': '{state}' } }, '/probes/0/headers/x-app must not have'],
    ['an account of no pointer', { accountIdAt: ['id'] }, '/probes/0/accountIdAt/0 must be a JSON pointer'],
    ['an account with a name in braces', { accountIdAt: ['{id}'] }, '/probes/0/accountIdAt/0 must be a JSON pointer'],
    ['an account with a brace alone', { accountIdAt: ['{/id}}'] }, '/probes/0/accountIdAt/0 has a brace'],
    ['a scope list of two parts', { scopeAt: ['{/a}{/b}'] }, '/probes/0/scopeAt/0 must be a JSON pointer'],
    ['a field in a GET', { token: { field: 't' } }, "/probes/0/token in a field needs the method 'POST'"],
    [
      'a field without a body',
      { method: 'POST', token: { field: 't' }, body: 'none' },
      '/probes/0/body leaves the field out',
    ],
  ])('are refused: %s', (_, more, message) => {
    expect(refusal(probe(more))).toContain(message);
  });

  test.each([
    [
      'a token in an endpoint',
      withMember('/endpoints/token', 'https://id.acme.example/{access_token}'),
      '/endpoints/token must not',
    ],
    [
      'anything in an API origin',
      { ...acme, apiOrigins: ['https://{tenant}.acme.example'] },
      '/apiOrigins/0 must have no template',
    ],
    [
      'anything in a page',
      { ...acme, docsUrl: 'https://acme.example/{client_id}' },
      '/docsUrl must not have the template',
    ],
    ['a token in a refresh', { ...acme, refreshParams: { x: '{access_token}' } }, '/refreshParams/x must not have'],
    [
      'the grant type of a refresh',
      { ...acme, refreshParams: { grant_type: 'x' } },
      '/refreshParams/grant_type is a parameter',
    ],
    [
      'the token of a refresh',
      { ...acme, refreshParams: { refresh_token: 'x' } },
      '/refreshParams/refresh_token is a parameter',
    ],
  ])('are refused outside of calls: %s', (_, json, message) => {
    expect(refusal(json)).toContain(message);
  });

  test('a refresh may name the scopes again', () => {
    expect(parseProvider({ ...acme, refreshParams: { scope: '{scope}' } }).refreshParams).toEqual({ scope: '{scope}' });
  });
});

describe('revocation by a call', () => {
  const call = {
    method: 'DELETE',
    url: `${api}/grants/{client_id}`,
    auth: 'basic',
    body: { json: { access_token: '{token}' } },
  };
  const rest = { kind: 'rest', steps: ['access'], clientAuth: false, needsSecret: true, kills: 'grant', call };
  const revoked = (more: object) => ({ ...withApi, revocation: { ...rest, ...more } });

  test('is read as it stands', () => {
    const check = { call: { ...call, method: 'POST' }, deadStatus: 404 };
    expect(parseProvider(revoked({ proof: 'check', check })).revocation).toMatchObject({ ...rest, check });
  });

  test.each([
    ['no call', { call: undefined, kind: 'rest' }, '/revocation/call must be an object'],
    ['a call for nothing', { kind: 'none' }, "/revocation/call must be there when /revocation/kind is 'rest'"],
    ['no token to send', { steps: [] }, '/revocation/steps must name a token'],
    [
      'a call elsewhere',
      { call: { ...call, url: 'https://elsewhere.example/' } },
      '/revocation/call/url sends the token',
    ],
    ['a secret that need not be there', { needsSecret: undefined }, '/revocation/needsSecret must be true'],
    ['a body in a GET', { call: { ...call, method: 'GET' } }, "/revocation/call/body must be 'none' in a GET"],
    ['a proof by a call that is not there', { proof: 'check' }, '/revocation/check must be there'],
    ['a check that proves nothing', { check: { call, deadStatus: 404 } }, '/revocation/check must be there'],
    [
      'a check elsewhere',
      { proof: 'check', check: { call: { ...call, url: 'https://elsewhere.example/' }, deadStatus: 404 } },
      '/revocation/check/call/url sends the token',
    ],
    ['an effort without a page to finish at', { bestEffort: true }, '/revocation/finishAt must be there'],
    [
      'a page of other accounts alone',
      { finishAtFor: [{ accountIdStarts: 'x', url: 'https://a.example' }] },
      '/revocation/finishAt must',
    ],
  ])('is refused: %s', (_, more, message) => {
    expect(refusal(revoked(more))).toContain(message);
  });

  test('without its call is refused by its place', () => {
    const { call: _, ...without } = rest;
    expect(refusal({ ...withApi, revocation: without })).toContain('/revocation/call must be there');
  });
});

test.each([
  ['a client id that may be anything', { clientIdShape: { example: 'x' } }, "/clientIdShape must state 'form'"],
  ['a form that is none', { clientIdShape: { form: '^a+$', example: 'x' } }, "/clientIdShape/form must be 'digits'"],
  [
    'something that everything is',
    { lookalikes: [{ of: 'client_id', words: 'w' }] },
    "/lookalikes/0 must state 'form'",
  ],
  [
    'a code that is no number',
    { reasonCodes: { at: '/c', prefix: 'E', words: { x: 'w' } } },
    '/reasonCodes/words/x must be a number',
  ],
  ['a flag that says nothing', { oldAccessDies: false }, '/oldAccessDies must be true or left out'],
  [
    'a pause of two kinds',
    { answers: [{ on: ['token'], text: 'no', means: 'transient', words: 'w', retryAfter: { at: '/a', seconds: 1 } }] },
    '/answers/0/retryAfter/seconds is not known here',
  ],
  [
    'others than nothing',
    { constraints: [{ besidesOtherThan: [], words: 'w', hint: 'h' }] },
    "/constraints/0/besidesOtherThan needs 'anyScope'",
  ],
])('%s is refused', (_, more, message) => {
  expect(refusal({ ...acme, ...more })).toContain(message);
});
