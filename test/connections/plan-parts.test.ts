// What is decided before a browser opens, by the provider's data alone: tenants, redirects, constraints, and shapes of ids.
import { describe, expect, it, test } from 'vitest';
import { checkRedirectUri, clientIdProblem, clientSecretProblem, kindFor } from '../../src/connections/app-values.ts';
import { chooseRedirect, type Ways } from '../../src/connections/connect-redirect.ts';
import { chooseScopes } from '../../src/connections/connect-scopes.ts';
import { type Intent, refuseConflicts } from '../../src/connections/constraints.ts';
import { finishPage } from '../../src/connections/finish-page.ts';
import { registrationGuide } from '../../src/connections/guide.ts';
import { unusualWord } from '../../src/connections/loopback-word.ts';
import { isPersonal, tenantFor } from '../../src/connections/tenants.ts';
import { anApp } from '../../src/model/kind-words.ts';
import type { Constraint, KindRule, Provider } from '../../src/model/provider.ts';
import { providerForApp } from '../../src/model/provider-for-app.ts';
import { makeProvider } from '../oauth/rig.ts';

const kind: KindRule = {
  id: 'native',
  name: 'native',
  flows: ['loopback', 'paste', 'device', 'fragment'],
  secret: 'optional',
  secretIsPublic: false,
  ownRedirect: false,
};

describe('the tenant', () => {
  const provider = makeProvider({
    issuer: 'https://id.acme.example/{tenant}',
    endpoints: {
      authorization: 'https://id.acme.example/{tenant}/authorize',
      token: 'https://id.acme.example/{tenant}/token',
      revocation: null,
      introspection: null,
      userinfo: null,
      deviceAuthorization: null,
      jwks: null,
    },
    tenant: {
      default: 'everybody',
      words: ['everybody', 'people'],
      refused: [{ tenant: 'people', says: 'people have none of this' }],
      issuer: { template: 'https://id.acme.example/{tid}', claim: 'tid' },
      claimOf: { people: { is: 'home' }, everybody: {} },
    },
  });

  test.each([
    [undefined, 'everybody'],
    [null, 'everybody'],
    ['Contoso.example', 'contoso.example'],
    ['72f988bf-86f1-41af-91ab-2d7cd011db47', '72f988bf-86f1-41af-91ab-2d7cd011db47'],
  ])('%s is %s', (asked, tenant) => {
    expect(tenantFor(provider, asked)).toBe(tenant);
  });

  test.each(['../common', 'a/b', 'a b', '', 'a?b', '-a'])('%j is none', (asked) => {
    expect(() => tenantFor(provider, asked)).toThrow(expect.objectContaining({ code: 'invalid_value' }));
  });

  it('is refused with the reason, and where there are none', () => {
    expect(() => tenantFor(provider, 'people')).toThrow(/people have none of this/);
    expect(() => tenantFor(makeProvider(), 'contoso.example')).toThrow(/has no tenants/);
    expect(tenantFor(makeProvider(), undefined)).toBeNull();
  });

  it('stands in every address, and one that is a directory of its own has no organisation’s rules', () => {
    const met = providerForApp(provider, null, 'contoso.example');
    expect(met.issuer).toBe('https://id.acme.example/contoso.example');
    expect(met.endpoints.token).toBe('https://id.acme.example/contoso.example/token');
    expect(providerForApp(provider, null, null).issuer).toBe('https://id.acme.example/everybody');
    expect(['people', 'home', 'everybody', 'contoso.example'].map((asked) => isPersonal(provider, asked))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('the redirect', () => {
  const ways = (changes: Partial<Provider> = {}, own: string | null = null, port?: number): Ways => ({
    provider: makeProvider(changes),
    kind,
    own,
    request: { flow: 'auto', openBrowser: true, port },
    scopes: [],
  });
  const localhost = {
    hosts: ['localhost', '127.0.0.1'],
    ports: 'registered',
    path: '/callback/acme',
    register: 'uri',
  } as const;

  it('is the provider’s host, path and ports; a port that is asked for takes their place', () => {
    const chosen = { at: 'loopback', host: 'localhost', path: '/callback/acme' };
    expect(chooseRedirect(ways({ redirect: localhost }), 'loopback')).toEqual({ ...chosen, ports: [8252, 8253, 8254] });
    expect(chooseRedirect(ways({ redirect: localhost }, null, 9000), 'loopback')).toEqual({ ...chosen, ports: [9000] });
  });

  test.each([
    ['http://127.0.0.1:9000/cb/', { host: '127.0.0.1', ports: [9000], path: '/cb/' }],
    ['http://localhost', { host: 'localhost', ports: [8252, 8253, 8254], path: '' }],
    ['http://localhost/', { host: 'localhost', ports: [8252, 8253, 8254], path: '/' }],
  ])('%s is kept byte for byte', (own, expected) => {
    expect(chooseRedirect(ways({ redirect: localhost }, own), 'loopback')).toEqual({ at: 'loopback', ...expected });
  });

  it('spells this machine as the provider can have it registered; another word than the guide’s is warned of', () => {
    const { redirect } = makeProvider();
    const own = 'http://127.0.0.1:8252/callback/acme';
    const usual = { redirect: { ...redirect, hosts: ['localhost'], register: 'uri' } } as const;
    const only = { redirect: { ...usual.redirect, onlyHosts: true } } as const;
    expect(() => chooseRedirect(ways(only, own), 'loopback')).toThrow(
      expect.objectContaining({ code: 'invalid_value', hint: 'oauthctl provider guide acme' }),
    );
    expect(() => checkRedirectUri(makeProvider(only), kind, own)).toThrow(/'localhost' only/);
    expect(() => checkRedirectUri(makeProvider(usual), kind, own)).not.toThrow();
    expect(chooseRedirect(ways(only, 'http://localhost:8252/'), 'loopback').at).toBe('loopback');
    const chosen = chooseRedirect(ways(usual, own), 'loopback');
    expect(unusualWord(makeProvider(usual), chosen)).toContain("the guide has 'localhost'");
    expect(unusualWord(makeProvider({ redirect: { ...usual.redirect, register: 'none' } }), chosen)).toBeUndefined();
    expect(unusualWord(makeProvider({ redirect: localhost }), chosen)).toBeUndefined();
  });

  it('is left out, or asks for a code to be shown, where the provider prints it', () => {
    const omits = ways({ printed: { redirect: 'omit', prints: 'code' } });
    expect(chooseRedirect(omits, 'paste')).toEqual({ at: 'printed', uri: null });
    expect(chooseRedirect(omits, 'loopback').at).toBe('loopback');
    const oob = 'urn:ietf:wg:oauth:2.0:oob';
    const prints = { printed: { redirect: oob, prints: 'code' } } as const;
    expect(chooseRedirect(ways(prints, oob), 'paste')).toEqual({ at: 'printed', uri: oob });
    expect(chooseRedirect(ways(prints), 'paste').at).toBe('loopback');
    expect(() => chooseRedirect(ways({}, oob), 'paste')).toThrow(/no redirect URI/);
  });

  it('is spelled in the guide with every port, and the other spelling of this machine is told', () => {
    const { redirectUris, redirectSays } = registrationGuide(makeProvider({ redirect: localhost }));
    expect(redirectUris).toEqual([8252, 8253, 8254].map((port) => `http://localhost:${port}/callback/acme`));
    expect(redirectSays).toContain("If the form refuses 'localhost', write 127.0.0.1");
    const origins = registrationGuide(makeProvider({ redirect: { ...localhost, register: 'origin' } }));
    expect(origins.redirectUris).toEqual([8252, 8253, 8254].map((port) => `http://localhost:${port}`));
  });
});

describe('constraints', () => {
  const loopback = { at: 'loopback', host: 'localhost', ports: 'any', path: '/' } as const;
  const refuses = (rule: Partial<Constraint>, changes: Partial<Intent> = {}) => {
    const constraint = { words: 'no', hint: 'otherwise', ...rule };
    const roles = [
      { id: 'user', scopeParam: 'u', scopePrefix: '', at: '/u', tokenType: 'user', namesAccount: true },
      { id: 'bot', scopeParam: 'b', scopePrefix: 'bot:', at: '', tokenType: 'bot', namesAccount: false },
    ];
    const provider = makeProvider({ constraints: [constraint], roles });
    const plain = { kind, flow: 'loopback', scopes: ['all'], redirect: loopback, hasSecret: false } as const;
    try {
      refuseConflicts({ provider, ...plain, ...changes });
      return false;
    } catch {
      return true;
    }
  };

  test.each<[Partial<Constraint>, Partial<Intent>, Partial<Intent>]>([
    [{ flow: 'device' }, { flow: 'device' }, { flow: 'paste' }],
    [{ kind: 'native' }, {}, { kind: { ...kind, id: 'other' } }],
    [{ anyScope: ['all'] }, {}, { scopes: ['some'] }],
    [{ scopeOfRole: 'bot' }, { scopes: ['all', 'bot:write'] }, { scopes: ['all'] }],
    [{ anyScope: ['all'], besidesOtherThan: ['openid'] }, { scopes: ['all', 'x'] }, { scopes: ['all', 'openid'] }],
    [{ redirect: 'loopback' }, {}, { redirect: { at: 'own', uri: 'https://me.example' }, flow: 'paste' }],
    [{ redirect: 'loopback' }, { flow: 'paste' }, { flow: 'device' }],
    [{ secret: 'absent' }, {}, { hasSecret: true }],
    [{ secret: 'present' }, { hasSecret: true }, {}],
  ])('%j', (rule, broken, kept) => {
    expect([refuses(rule, broken), refuses(rule, kept)]).toEqual([true, false]);
  });
});

describe('ids and secrets', () => {
  const shaped = (clientIdShape: Provider['clientIdShape']) => makeProvider({ clientIdShape });

  test.each([
    [{ form: 'uuid', example: 'x' }, '72f988bf-86f1-41af-91ab-2d7cd011db47', 'not-a-uuid'],
    [{ form: 'hex32', example: 'x' }, 'a'.repeat(16) + '0'.repeat(16), 'a1b2'],
    [{ form: 'hex40', example: 'x' }, 'a1'.repeat(20), 'a1'.repeat(19)],
    [{ form: 'digits', example: 'x' }, '1206', '12O6'],
    [{ startsWith: ['Iv1.', 'Ov'], example: 'x' }, 'Ov23abc', 'Xv23abc'],
    [{ endsWith: '.acme', example: 'x' }, 'me.acme', 'me.acne'],
  ] as const)('%j', (shape, good, bad) => {
    expect(clientIdProblem(shaped(shape), good)).toBeUndefined();
    expect(clientIdProblem(shaped(shape), bad)).toContain('as in x');
  });

  it('something else that was pasted is named', () => {
    const provider = makeProvider({
      lookalikes: [
        { of: 'client_id', form: 'digits', words: 'is the App ID' },
        { of: 'client_secret', form: 'uuid', words: 'is the Secret ID, not its Value' },
        { of: 'client_secret', startsWith: 'xoxb-', words: 'is a token' },
      ],
    });
    expect(clientIdProblem(provider, '123456')).toBe('is the App ID');
    expect(clientSecretProblem(provider, '72f988bf-86f1-41af-91ab-2d7cd011db47')).toBe(
      'is the Secret ID, not its Value',
    );
    expect(clientSecretProblem(provider, 'xoxb-1-2')).toBe('is a token');
    expect(clientSecretProblem(provider, 'a-real~secret')).toBeUndefined();
  });

  it('a secret tells the kind', () => {
    const kinds = [
      { ...kind, id: 'public', secret: 'never' as const },
      { ...kind, id: 'confidential', secret: 'always' as const },
    ];
    const provider = makeProvider({ kinds });
    expect([kindFor(provider, false).id, kindFor(provider, true).id]).toEqual(['public', 'confidential']);
  });
});

it('a kind of app is named with the article that it takes', () => {
  expect(['Desktop', 'OAuth 2.0', 'Internal'].map((name) => anApp({ name }))).toEqual([
    'a Desktop app',
    'an OAuth 2.0 app',
    'an Internal app',
  ]);
});

it('scopes that are always asked for come beside whatever is asked', () => {
  const rules = { ...makeProvider().scopes, default: ['a'], always: ['offline'] };
  expect(chooseScopes([], rules)).toEqual(['a', 'offline']);
  expect(chooseScopes(['b', '+c'], rules)).toEqual(['b', 'c', 'offline']);
});

it('where to finish by hand depends on the account and the app', () => {
  const { revocation } = makeProvider();
  const provider = makeProvider({
    revocation: {
      ...revocation,
      finishAt: 'https://acme.example/apps/{client_id}',
      finishAtFor: [{ accountIdStarts: 'home:', url: 'https://home.acme.example/apps' }],
    },
  });
  expect(finishPage(provider, { clientId: 'a b', accountId: 'work:1' })).toBe('https://acme.example/apps/a%20b');
  expect(finishPage(provider, { clientId: 'a b', accountId: 'home:1' })).toBe('https://home.acme.example/apps');
  expect(finishPage(provider, null)).toBeNull();
});
