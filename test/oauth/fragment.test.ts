// The token in the fragment: the page that hands it over, who may do so, and what comes of it.
import { describe, expect, test } from 'vitest';
import type { ListenResponse } from '../../src/model/ports.ts';
import type { Provider } from '../../src/model/provider.ts';
import { runFragment } from '../../src/oauth/flows/fragment.ts';
import { grantIn, type Setting, type SignIn, signIn } from './loopback-rig.ts';
import { makeProvider, withEndpoints } from './rig.ts';

const provider: Partial<Provider> = {
  ...withEndpoints({ token: null }),
  authorizeParams: { response_type: 'token' },
  redirect: { ...makeProvider().redirect, register: 'origin', stateIn: 'path' },
};
const redirect = { at: 'loopback', host: 'localhost', ports: [8252], path: '/callback/acme' } as const;

const enter = (browse: (rig: SignIn) => Promise<unknown>, setting: Setting = {}) =>
  signIn(browse, { provider, run: runFragment, ...setting, request: { redirect, ...setting.request } });

const place = (rig: SignIn) => rig.asked().get('redirect_uri') ?? '';

/** As the page's script does it; `changes` are headers, `undefined` leaves one out. */
function post(
  rig: SignIn,
  body: unknown = 'token=the-token',
  changes: Record<string, string | undefined> = {},
  url = place(rig),
) {
  const usual = {
    origin: 'http://localhost:8252',
    'sec-fetch-site': 'same-origin',
    'content-type': 'application/json',
  };
  const headers = Object.entries({ ...usual, ...changes }).filter(([, value]) => value !== undefined);
  const text = typeof body === 'string' ? JSON.stringify(body) : String(body);
  return rig.world.visit(url, Object.fromEntries(headers) as Record<string, string>, 'POST', text);
}

describe('the whole way', () => {
  test('the page, the hand-over, the end', async () => {
    const answers: ListenResponse[] = [];
    const { rig, ended } = await enter(async (at) => {
      answers.push(await at.world.visit(place(at)), await post(at));
      answers.push(await at.world.visit(new URL(answers[1]?.body ?? '', place(at)).href));
    });
    const [page, handed, result] = answers;
    expect(page).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
    expect(handed).toMatchObject({ status: 200, body: expect.stringMatching(/^\/result\/[\w-]{22}$/) });
    expect(result?.body).toContain('<h1>Connected as &#39;acme&#39;</h1>');
    expect(JSON.stringify(answers)).not.toContain('the-token');
    const { grant } = grantIn(ended);
    expect(grant).toMatchObject({ granted: ['mail'], account: { id: null, name: null }, refreshIssuedSeconds: null });
    expect(grant.tokens).toMatchObject({ roles: { access: { tokenType: 'Bearer', refresh: null, expiresAt: null } } });
    expect(grant.tokens.roles.access?.access?.reveal()).toBe('the-token');
    // There is nothing to exchange.
    expect(rig.server.requests).toEqual([]);
    expect(rig.told.join()).not.toContain('the-token');
  });

  test('an error in the fragment ends it', async () => {
    let page: ListenResponse | undefined;
    const { ended } = await enter(async (at) => {
      const { body } = await post(at, 'error=access_denied');
      page = await at.world.visit(new URL(body, place(at)).href);
    });
    expect(ended).toMatchObject({ code: 'consent_denied' });
    expect(page?.body).toContain('Consent was refused at Acme');
  });

  test('the save is guarded like any other, since the token lives already', async () => {
    const guarded: string[] = [];
    const { ended } = await enter(post, {
      run: (request, ports, complete) => {
        const guard = <T>(body: () => Promise<T>) => {
          guarded.push('once');
          return body();
        };
        return runFragment(request, { ...ports, guarded: guard }, complete);
      },
    });
    grantIn(ended);
    expect(guarded).toEqual(['once']);
  });
});

test('the page: its one script, reaching nobody but this listener, and words for those without', async () => {
  const pages: ListenResponse[] = [];
  await enter(async (rig) => {
    pages.push(await rig.world.visit(place(rig)), await rig.world.visit(place(rig)));
    await post(rig);
  });
  const [page, again] = pages;
  const policy = page?.headers['content-security-policy'] ?? '';
  const [, nonce = ''] = /script-src 'nonce-([\w-]{22})'/.exec(policy) ?? [];
  expect(policy.split('; ').sort()).toEqual([
    "base-uri 'none'",
    "connect-src 'self'",
    "default-src 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
  ]);
  expect(again?.headers['content-security-policy']).not.toContain(nonce);
  expect(page?.body.match(/<script[^>]*>/g)).toEqual([`<script nonce="${nonce}">`]);
  expect(page?.body).not.toMatch(/<link|<img|<iframe|<form|\son\w+=|style=|https?:|url\(|@import/i);
  expect(page?.body).toMatch(/<noscript>[\s\S]*paste it in the terminal[\s\S]*<\/noscript>/);
  expect(page?.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
  // Out of the address bar before anything is sent.
  expect(page?.body).toMatch(/location\.hash[\s\S]*history\.replaceState[\s\S]*fetch\(/);
});

describe('the door', () => {
  /** What a visit is answered while the sign-in waits, which must go on. */
  const during = async (visit: (rig: SignIn) => Promise<ListenResponse>) => {
    let answer: ListenResponse | undefined;
    const { ended } = await enter(async (rig) => {
      answer = await visit(rig);
      return post(rig);
    });
    expect(grantIn(ended).grant.tokens.roles.access?.access?.reveal()).toBe('the-token');
    return answer as ListenResponse;
  };

  test.each([
    ['another Host', { host: 'evil.example:8252' }, 403],
    ['the other spelling of the host', { host: '127.0.0.1:8252' }, 403],
    ['another Origin', { origin: 'https://evil.example' }, 403],
    ['another port', { origin: 'http://localhost:1' }, 403],
    ['an Origin that hides', { origin: 'null' }, 403],
    ['no Origin', { origin: undefined }, 403],
    ['another site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a neighbour', { 'sec-fetch-site': 'same-site' }, 403],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['a text', { 'content-type': 'text/plain' }, 415],
    ['no type', { 'content-type': undefined }, 415],
  ])('%s is refused', async (_, headers, status) => {
    expect((await during((rig) => post(rig, 'token=stolen', headers))).status).toBe(status);
  });

  test('a browser without Fetch Metadata is taken', async () => {
    const { ended } = await enter((rig) => post(rig, 'token=the-token', { 'sec-fetch-site': undefined }));
    grantIn(ended);
  });

  test.each([
    ['too long', `token=${'x'.repeat(16 * 1024)}`, 413],
    ['no JSON', { toString: () => '{' }, 400],
    ['no text', { toString: () => '{"token":"x"}' }, 400],
    ['nothing', '', 400],
    ['no token', 'code=x', 400],
    ['two tokens', 'token=a&token=b', 400],
  ])('%s is refused', async (_, body, status) => {
    expect((await during((rig) => post(rig, body))).status).toBe(status);
  });

  test.each([
    ['the path without its end', (at: string) => at.slice(0, at.lastIndexOf('/')), 405],
    ['another end', (at: string) => `${at.slice(0, -1)}!`, 405],
    ['a slash more', (at: string) => `${at}/`, 405],
    ['the result', () => 'http://localhost:8252/result/x', 405],
  ])('%s is no place to post to', async (_, url, status) => {
    const answer = await during((rig) => post(rig, 'token=stolen', {}, url(place(rig))));
    expect([answer.status, answer.headers.allow]).toEqual([status, 'GET, HEAD']);
  });

  test('a GET changes nothing, whatever it carries, and HEAD neither', async () => {
    expect((await during((rig) => rig.world.visit(`${place(rig)}?token=stolen`))).status).toBe(200);
    expect(await during((rig) => rig.world.visit(place(rig), {}, 'HEAD'))).toMatchObject({ status: 200, body: '' });
    expect((await during((rig) => rig.world.visit(place(rig), {}, 'PUT'))).headers.allow).toBe('GET, HEAD, POST');
  });

  test('the path without its end shows no page', async () => {
    expect((await during((rig) => rig.world.visit('http://localhost:8252/callback/acme'))).status).toBe(404);
  });

  test('one answer only', async () => {
    const bodies: string[] = [];
    const { ended } = await enter(async (rig) => {
      bodies.push((await post(rig)).body, (await post(rig, 'token=second')).body);
    });
    expect(bodies[0]).toBe(bodies[1]);
    expect(grantIn(ended).grant.tokens.roles.access?.access?.reveal()).toBe('the-token');
  });

  test('too many that are none end it', async () => {
    const { ended } = await enter(async (rig) => {
      for (let count = 0; count < 20; count++) await post(rig, '');
    });
    expect(ended).toMatchObject({ code: 'state_mismatch' });
  });
});

describe('pasted at the terminal', () => {
  const terminal = true;

  test('the address with its fragment', async () => {
    const { rig, ended } = await enter(async (at) => at.world.paste(`${place(at)}#token=the-token`), { terminal });
    expect(grantIn(ended).grant.tokens.roles.access?.access?.reveal()).toBe('the-token');
    expect(rig.said).toEqual(['Waiting for the browser. The address at the end may also be pasted here.']);
  });

  test.each([
    ['without an address', () => '#token=stolen'],
    ['at the path without its end', () => 'http://localhost:8252/callback/acme#token=stolen'],
    ['bare', () => 'stolen'],
  ])('%s it is not taken', async (_, line) => {
    const { rig, ended } = await enter(
      async (at) => {
        at.world.paste(line());
        at.world.paste(`${place(at)}#token=the-token`);
      },
      { terminal },
    );
    expect(grantIn(ended).grant.tokens.roles.access?.access?.reveal()).toBe('the-token');
    expect(rig.told.at(-1)).toBe(
      'That is not the end of this sign-in: its address is not the one of this sign-in. Paste the whole address, with everything after the "#".',
    );
    expect(rig.told.join()).not.toContain('stolen');
  });
});

test('nobody comes: the exact origin to allow is the first cause', async () => {
  const { ended } = await enter(async () => {}, { provider: { ...provider, silentFailures: ['the key is wrong'] } });
  expect((ended as Error).message).toBe(
    'nobody came back from Acme within 5 minutes; likely causes: (1) http://localhost:8252 is not among the allowed origins of this app at Acme; (2) the key is wrong',
  );
});

test('no port free: the origins to allow are named, without any path', async () => {
  const request = { redirect: { ...redirect, ports: [8252, 8253] } };
  const { ended } = await enter(async () => {}, { request, takenPorts: [8252, 8253] });
  expect(ended).toMatchObject({
    code: 'port_unavailable',
    message: expect.stringContaining('(http://localhost:8252, http://localhost:8253)'),
    hint: 'allow an origin with another port for your app at Acme, then oauthctl connect acme --port PORT',
  });
});
