// The loopback sign-in: the request, the callback's door, and the page that says how it ended.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { ListenResponse } from '../../src/model/ports.ts';
import { comeBack, grantIn, signIn } from './loopback-rig.ts';
import { complete, issuer, json } from './rig.ts';

const secretsOf = (headers: ListenResponse['headers']) => JSON.stringify(headers).match(/the-code|state=/);

describe('the whole way', () => {
  test('sign in, come back, be told', async () => {
    const pages: ListenResponse[] = [];
    const { rig, ended } = await signIn(async (at) => {
      const callback = await at.world.visit(at.callback());
      pages.push(callback, await at.world.visit(at.follow(callback)));
    });
    const [callback, result] = pages;
    expect(grantIn(ended).grant.tokens.roles.access?.access?.reveal()).toBe('access-1');
    expect(callback).toMatchObject({ status: 303, body: '' });
    // 128 random bits, and neither code nor state.
    expect(callback?.headers.location).toMatch(/^\/result\/[\w-]{22}$/);
    expect(callback && secretsOf(callback.headers)).toBeNull();
    expect(result?.status).toBe(200);
    expect(result?.body).toContain('<h1>Connected as &#39;acme&#39;</h1>');
    expect(result?.body).toContain('ann@example.com');
    expect(result?.body).not.toMatch(/the-code|access-1/);
    await expect(rig.world.visit(rig.callback())).rejects.toMatchObject({ code: 'unreachable' });
  });

  test('the listener is there before the browser is', async () => {
    const { ended } = await signIn(async (rig) => {
      expect((await rig.world.visit(rig.callback('x=1'))).status).toBe(400);
      return comeBack(rig);
    });
    grantIn(ended);
  });

  test('the address is printed, and what the person does is timed', async () => {
    const { rig, ended } = await signIn(async (at) => {
      await at.ports.clock.sleep(42_000);
      return comeBack(at);
    });
    expect(rig.told).toEqual(['Sign in to Acme in your browser. If no page opens, visit:', rig.world.opened[0]]);
    expect(grantIn(ended).humanMs).toBe(42_000);
  });
});

describe('the authorization request', () => {
  test('carries PKCE, a state of 256 bits and a nonce with openid', async () => {
    const { rig, ended } = await signIn(comeBack, {
      provider: { authorizeParams: { access_type: 'offline' } },
      request: { scopes: ['openid', 'mail'], loginHint: 'ann@example.com', extraParams: { prompt: 'login' } },
    });
    grantIn(ended);
    const { state, nonce, code_challenge, redirect_uri, ...rest } = Object.fromEntries(rig.asked());
    expect(rest).toEqual({
      client_id: 'the-client',
      response_type: 'code',
      scope: 'openid mail',
      login_hint: 'ann@example.com',
      access_type: 'offline',
      prompt: 'login',
      code_challenge_method: 'S256',
    });
    expect(Buffer.from(state ?? '', 'base64url')).toHaveLength(32);
    expect(Buffer.from(nonce ?? '', 'base64url')).toHaveLength(16);
    expect(redirect_uri).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback\/acme$/);
    const form = Object.fromEntries(rig.server.form(0));
    expect(form).toMatchObject({ grant_type: 'authorization_code', code: 'the-code', redirect_uri });
    expect(
      createHash('sha256')
        .update(form.code_verifier ?? '')
        .digest('base64url'),
    ).toBe(code_challenge);
    expect(rig.world.opened[0]).not.toContain(form.code_verifier);
  });

  test('has no PKCE where the data rules it out, no nonce without openid, no empty scope', async () => {
    const { rig } = await signIn(comeBack, { provider: { pkce: 'unsupported' }, request: { scopes: [] } });
    for (const name of ['code_challenge', 'code_challenge_method', 'nonce', 'scope'])
      expect(rig.asked().has(name)).toBe(false);
    expect(rig.server.form(0).has('code_verifier')).toBe(false);
  });

  test.each(['state', 'redirect_uri', 'Code_Challenge', 'client_id', 'response_type', 'request_uri'])(
    '--param %s is refused before anything opens',
    async (name) => {
      const { rig, ended } = await signIn(comeBack, { request: { extraParams: { [name]: 'x' } } });
      expect(ended).toMatchObject({ code: 'invalid_value', message: expect.stringContaining(name) });
      expect([rig.told, rig.world.opened]).toEqual([[], []]);
    },
  );

  test('no browser is sent to an address that is refused', async () => {
    const endpoints = { authorization: 'http://id.acme.example/authorize', token: `${issuer}/token` };
    const { rig, ended } = await signIn(comeBack, {
      provider: {
        endpoints: {
          ...endpoints,
          revocation: null,
          introspection: null,
          userinfo: null,
          deviceAuthorization: null,
          jwks: null,
        },
      },
    });
    expect(ended).toMatchObject({ code: 'bad_response', message: expect.stringContaining('authorization endpoint') });
    expect(rig.world.opened).toEqual([]);
  });
});

describe('the page', () => {
  test('waits for the exchange and the save, and speaks after both', async () => {
    const order: string[] = [];
    const { ended } = await signIn(
      async (rig) => {
        const callback = await rig.world.visit(rig.callback());
        order.push('sent on');
        const page = await rig.world.visit(rig.follow(callback));
        order.push(`page: ${page.status}`);
      },
      {},
      async (grant, timing) => {
        for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve));
        order.push('saved');
        return complete(grant, timing);
      },
    );
    grantIn(ended);
    expect(order).toEqual(['sent on', 'saved', 'page: 200']);
  });

  test.each([
    [
      'the exchange',
      [json(400, { error: 'invalid_grant', error_description: 'Too late.' })],
      'provider_refused',
      'Too late.',
    ],
    [
      'the exchange, for the app',
      [json(401, { error: 'invalid_client' })],
      'app_rejected',
      'client id or the client secret',
    ],
    ['the exchange, in pieces', [{ status: 200, headers: {}, body: '{"access' }], 'bad_response', 'breaks off'],
  ])('says what went wrong at %s', async (_, answers, code, words) => {
    let page: ListenResponse | undefined;
    const { rig, ended } = await signIn(async (at) => (page = await comeBack(at)), { answers });
    expect(ended).toMatchObject({ code });
    expect(page).toMatchObject({ status: 400, body: expect.stringContaining(words) });
    expect(page?.body).toContain('<h1>Acme is not connected</h1>');
    // Whatever happened, the code went out once (RFC 6749 §4.1.2).
    expect(rig.server.requests).toHaveLength(1);
  });

  test('says that saving failed, and the error is handed on as it is', async () => {
    let page: ListenResponse | undefined;
    const failure = new Error('disk <full>');
    const { ended } = await signIn(
      async (rig) => (page = await comeBack(rig)),
      {},
      async () => Promise.reject(failure),
    );
    expect(ended).toBe(failure);
    // An error that is none of ours may say anything, so it is not shown.
    expect(page?.body).toContain('<p>Something went wrong on this machine.</p>');
  });

  test('of a refused consent', async () => {
    let page: ListenResponse | undefined;
    const { rig, ended } = await signIn(async (at) => {
      const query = `error=access_denied&error_description=%3Cb%3Eno&state=${at.asked().get('state')}`;
      const answer = await at.world.visit(at.callback(query));
      expect(answer.status).toBe(303);
      page = await at.world.visit(at.follow(answer));
    });
    expect(ended).toMatchObject({ code: 'consent_denied', hint: 'oauthctl connect acme' });
    expect(page?.body).toContain('<p>Consent was refused at Acme (access_denied: &lt;b&gt;no).</p>');
    expect(rig.server.requests).toEqual([]);
  });
});
