// The authorization request, as each provider wants it: every test fails when the knob that it names is ignored.
import { describe, expect, test } from 'vitest';
import type { Provider, TokenRole } from '../../src/model/provider.ts';
import { authorizationUrl, createAttempt } from '../../src/oauth/attempt.ts';
import { makePeer, makeProvider, portsOver, withEndpoints } from './rig.ts';

const { random } = portsOver(async () => Promise.reject(new Error('nothing is fetched')));
const uri = 'http://localhost:8252/callback/acme';

interface Asked {
  readonly scopes?: readonly string[];
  readonly extraParams?: Readonly<Record<string, string>>;
  readonly loginHint?: string;
  readonly redirectUri?: string | null;
  readonly printed?: boolean;
}

async function ask(provider: Partial<Provider>, asked: Asked = {}) {
  const { scopes = [], extraParams = {}, loginHint, redirectUri = uri, printed = false } = asked;
  const request = { peer: makePeer(provider), scopes, extraParams, loginHint, waitSeconds: 1, openBrowser: false };
  const attempt = createAttempt(request, redirectUri, random, printed);
  return { attempt, sent: new URL(await authorizationUrl(request, attempt)).searchParams };
}

const role = (id: string, scopeParam: string, scopePrefix: string): TokenRole => ({
  id,
  scopeParam,
  scopePrefix,
  at: '',
  tokenType: id,
  namesAccount: true,
});

const byPath = { ...makeProvider().redirect, stateIn: 'path' } as const;
const tokenOnly: Partial<Provider> = { ...withEndpoints({ token: null }), redirect: byPath };

describe('scopes', () => {
  const roles = [role('user', 'user_scope', ''), role('bot', 'scope', 'bot:')];
  const scopes = { ...makeProvider().scopes, separator: { ask: ',', answer: ',' } } as const;

  test('of each role are bare in its own parameter', async () => {
    const { sent } = await ask(
      { roles, scopes },
      { scopes: ['chat:write', 'bot:chat:write', 'users:read', 'bot:im:read'] },
    );
    expect(sent.get('user_scope')).toBe('chat:write,users:read');
    expect(sent.get('scope')).toBe('chat:write,im:read');
  });

  test('a role that is asked for nothing sends nothing', async () => {
    const { sent } = await ask({ roles, scopes }, { scopes: ['chat:write'] });
    expect([sent.get('user_scope'), sent.has('scope')]).toEqual(['chat:write', false]);
  });
});

test('parameters go by the names of the provider', async () => {
  const paramNames = { client_id: 'key', redirect_uri: 'return_url', login_hint: 'login' };
  const { sent } = await ask({ paramNames }, { loginHint: 'ann' });
  expect(Object.fromEntries(sent)).toMatchObject({ key: 'the-client', return_url: uri, login: 'ann' });
  for (const name of Object.keys(paramNames)) expect(sent.has(name)).toBe(false);
});

test('the data may set response_type and response_mode', async () => {
  const authorizeParams = { response_type: 'token', response_mode: 'query', callback_method: 'fragment' };
  const { sent } = await ask({ authorizeParams });
  expect(Object.fromEntries(sent)).toMatchObject(authorizeParams);
  expect((await ask({})).sent.get('response_type')).toBe('code');
});

describe('--param', () => {
  const paramChoices = { expiration: ['1day', 'never'] };
  const roles = [role('user', 'user_scope', '')];

  test.each(['response_type', 'response_mode', 'Client_Id', 'key', 'return_url', 'user_scope', 'scope'])(
    '%s is set by us, whatever the provider calls it',
    async (name) => {
      const provider = { roles, paramNames: { client_id: 'key', redirect_uri: 'return_url' } };
      await expect(ask(provider, { extraParams: { [name]: 'x' } })).rejects.toMatchObject({
        code: 'invalid_value',
        message: `--param ${name} is set by oauthctl itself`,
      });
    },
  );

  test('is one of the choices, where there are any', async () => {
    const provider = { paramChoices, authorizeParams: { expiration: '1day', name: 'oauthctl' } };
    const { sent } = await ask(provider, { extraParams: { expiration: 'never', name: 'mine' } });
    expect([sent.get('expiration'), sent.get('name')]).toEqual(['never', 'mine']);
    await expect(ask(provider, { extraParams: { expiration: '2days' } })).rejects.toMatchObject({
      code: 'invalid_value',
      message: "--param expiration: Acme knows no '2days'; it knows 1day, never",
    });
  });

  test('a name that every object has is no choice', async () => {
    expect((await ask({ paramChoices }, { extraParams: { constructor: 'x' } })).sent.get('constructor')).toBe('x');
  });
});

describe('what binds the answer', () => {
  test('the state, as a rule', async () => {
    const { sent, attempt } = await ask({});
    expect([sent.get('state'), sent.get('redirect_uri'), attempt.stateIn]).toEqual([attempt.state, uri, 'query']);
  });

  test('256 bits at the end of the path, where there is no state', async () => {
    const { sent, attempt } = await ask({ redirect: byPath });
    expect(sent.has('state')).toBe(false);
    expect(sent.get('redirect_uri')).toBe(`${uri}/${attempt.state}`);
    expect(attempt.redirectUri).toBe(`${uri}/${attempt.state}`);
    expect(Buffer.from(attempt.state, 'base64url')).toHaveLength(32);
  });

  test.each([
    ['http://localhost:8252', 'http://localhost:8252/STATE'],
    ['http://localhost:8252/', 'http://localhost:8252/STATE'],
    ['https://me.example/cb?a=1', 'https://me.example/cb/STATE?a=1'],
  ])('%s becomes %s', async (redirectUri, expected) => {
    const { attempt } = await ask({ redirect: byPath }, { redirectUri });
    expect(attempt.redirectUri).toBe(expected.replace('STATE', attempt.state));
  });
});

describe('PKCE', () => {
  const challenged = async (provider: Partial<Provider>, asked: Asked = {}) =>
    (await ask(provider, asked)).sent.has('code_challenge');

  test.each(['required', 'supported'] as const)('is used where it is %s', async (pkce) => {
    expect(await challenged({ pkce })).toBe(true);
  });

  test('is not used where it is unsupported', async () => {
    expect(await challenged({ pkce: 'unsupported' })).toBe(false);
  });

  test('is not used where no code comes', async () => {
    expect(await challenged({ ...tokenOnly, pkce: 'supported' })).toBe(false);
    const printed = { redirect: 'omit', prints: 'token' } as const;
    expect(await challenged({ printed }, { printed: true, redirectUri: null })).toBe(false);
  });
});

describe('where the page prints the end', () => {
  test.each([
    [null, false],
    ['urn:ietf:wg:oauth:2.0:oob', true],
  ])('redirect URI %s', async (redirectUri, isSent) => {
    const { sent, attempt } = await ask(
      { printed: { redirect: 'omit', prints: 'code' } },
      { redirectUri, printed: true },
    );
    expect(sent.has('redirect_uri')).toBe(isSent);
    expect([sent.get('redirect_uri'), attempt.redirectUri]).toEqual([redirectUri, redirectUri]);
    expect([attempt.stateIn, attempt.gives, sent.get('state')]).toEqual(['printed', 'code', attempt.state]);
  });

  test('a provider without state is sent none there either', async () => {
    const provider = { ...tokenOnly, printed: { redirect: 'omit', prints: 'token' } } as const;
    const { sent, attempt } = await ask(provider, { redirectUri: null, printed: true });
    expect([sent.has('state'), sent.has('redirect_uri'), attempt.gives]).toEqual([false, false, 'token']);
  });

  test('what speaks of a redirect is left out, there and nowhere else', async () => {
    const provider = {
      authorizeParams: { method: 'fragment', name: 'x' },
      printed: { redirect: 'omit', prints: 'code', leavesOut: ['method'] },
    } as const;
    const { sent } = await ask(provider, { redirectUri: null, printed: true });
    expect([sent.has('method'), sent.get('name')]).toEqual([false, 'x']);
    expect((await ask(provider)).sent.get('method')).toBe('fragment');
  });
});

test.each(['http://localhost:8252', 'http://localhost:8252/', 'http://127.0.0.1:8252/callback/acme/'])(
  'the redirect URI is sent byte for byte: %s',
  async (redirectUri) => {
    expect((await ask({}, { redirectUri })).sent.get('redirect_uri')).toBe(redirectUri);
  },
);
