// The sandbox on loopback: addresses, Host check, control URL, faults handed on; and the Fetch port through it.
import { describe, expect, test } from 'vitest';
import type { ListenOptions, ListenResponse, WireRequest } from '../../src/model/ports.ts';
import { fetchThrough } from '../../src/sandbox/fetch-through.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { type ServeDeps, type ServedSandbox, serveSandbox } from '../../src/sandbox/serve.ts';
import { authorizationUrl, connect, createRig, encodeForm, get, gmailReadonly, type Rig, tokenUrl } from './rig.ts';

interface Served {
  readonly rig: Rig;
  readonly served: ServedSandbox;
  readonly ask: (
    target: string,
    request?: Partial<{ method: string; headers: Record<string, string>; body: string }>,
  ) => Promise<ListenResponse>;
}

async function serve(surface: ServeDeps['surface'] = 'everything', switches: readonly string[] = []): Promise<Served> {
  const rig = await createRig(switches);
  const opened: ListenOptions[] = [];
  const served = await serveSandbox({
    sandbox: rig.sandbox,
    random: { bytes: (count) => new Uint8Array(count).fill(7) },
    port: 0,
    surface,
    listen: async (options) => {
      opened.push(options);
      return { port: 8123, close: async () => {} };
    },
  });
  expect(opened.map(({ host, port }) => ({ host, port }))).toEqual([{ host: '127.0.0.1', port: 0 }]);
  return {
    rig,
    served,
    ask: (target, { method = 'GET', headers = {}, body = '' } = {}) =>
      (opened[0] as ListenOptions).handle({ method, target, headers: { host: '127.0.0.1:8123', ...headers }, body }),
  };
}

const form = { 'content-type': 'application/x-www-form-urlencoded' };

describe('addresses', () => {
  test('a page is where its host and path say, and its form leads there too', async () => {
    const { rig, served, ask } = await serve();
    const address = served.pageAddress(authorizationUrl(rig));
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:8123\/accounts\.google\.com\/o\/oauth2\/v2\/auth\?client_id=/);
    const page = await ask(address.slice(served.origin.length));
    expect(page.status).toBe(200);
    const action = /action="([^"]+)"/.exec(page.body)?.[1] ?? '';
    expect(action).toBe('/accounts.google.com/signin/oauth/consent');
    const request = new URL(authorizationUrl(rig)).search.slice(1);
    const body = `${encodeForm({ request, account: 'ada@example.com', answer: 'allow' })}&scope=${gmailReadonly}`;
    const decision = await ask(action, { method: 'POST', headers: form, body });
    expect([decision.status, decision.headers.location]).toEqual([303, expect.stringContaining('code=4/0ASandbox')]);
  });

  test('programs reach every host', async () => {
    const { ask } = await serve();
    expect((await ask('/accounts.google.com/.well-known/openid-configuration')).status).toBe(200);
    expect((await ask('/oauth2.googleapis.com/token', { method: 'POST', headers: form })).status).toBe(400);
  });

  test('of an in-process sandbox only the pages are served', async () => {
    const { rig, ask, served } = await serve('pages');
    expect((await ask(served.pageAddress(authorizationUrl(rig)).slice(served.origin.length))).status).toBe(200);
    expect((await ask('/www.google.com/device')).status).toBe(200);
    for (const target of [
      '/',
      '/control',
      '/accounts.google.com/.well-known/openid-configuration',
      '/oauth2.googleapis.com/token',
    ])
      expect((await ask(target, { method: target === '/control' ? 'POST' : 'GET' })).status).toBe(404);
    expect(await rig.violations()).toEqual([]);
  });

  test.each(['localhost:8123', '127.0.0.1:8124', 'evil.example:8123', undefined])(
    'a Host of %s is refused',
    async (host) => {
      const { ask } = await serve();
      expect((await ask('/', { headers: { host: host as string } })).status).toBe(421);
    },
  );

  test('what browsers ask for by themselves is nobody’s slip; a wrong path of a host is', async () => {
    const { rig, ask } = await serve();
    const consent = '/accounts.google.com/signin/oauth/consent';
    for (const target of ['/favicon.ico', '/robots', '//', '/a b.c/x', consent])
      expect((await ask(target)).status).toBe(404);
    expect(await rig.violations()).toEqual([]);
    expect((await ask('/www.googleapis.com/oauth2/v4/token', { method: 'POST' })).status).toBe(404);
    expect(await rig.violations()).toEqual(['unknown_path']);
  });

  test('latency is waited for, and faults are handed to the socket', async () => {
    const { rig, ask } = await serve('everything', ['latency=700', 'truncate']);
    const answer = await ask('/www.googleapis.com/oauth2/v3/certs');
    expect([rig.slept, answer.fault]).toEqual([[700], 'truncate']);
  });
});

describe('the control URL', () => {
  const bearer = (served: ServedSandbox) => ({ authorization: `Bearer ${served.control.token.reveal()}` });

  test('sets switches one a line, and answers with what holds', async () => {
    const { served, ask, rig } = await serve();
    await get(rig, tokenUrl);
    expect(served.control.url).toBe('http://127.0.0.1:8123/control');
    const answer = await ask('/control', { method: 'POST', headers: bearer(served), body: 'testing\nlatency=5@token' });
    expect([answer.status, JSON.parse(answer.body)]).toEqual([
      200,
      {
        switches: ['testing=announced', 'latency=5@token'],
        violations: [expect.objectContaining({ code: 'wrong_method' })],
      },
    ]);
  });

  test('says what is wrong with a line', async () => {
    const { served, ask } = await serve();
    const answer = await ask('/control', { method: 'POST', headers: bearer(served), body: 'latncy' });
    expect([answer.status, JSON.parse(answer.body).error]).toEqual([400, expect.stringContaining("'latency'")]);
  });

  test('wants POST, the token, and its own Host', async () => {
    const { served, ask, rig } = await serve();
    const body = 'testing';
    expect((await ask('/control', { headers: bearer(served), body })).status).toBe(405);
    expect((await ask('/control', { method: 'POST', body })).status).toBe(401);
    const wrong = { authorization: 'Bearer wrong' };
    expect((await ask('/control', { method: 'POST', headers: wrong, body })).status).toBe(401);
    const host = { ...bearer(served), host: 'evil.example' };
    expect((await ask('/control', { method: 'POST', headers: host, body })).status).toBe(421);
    expect((await rig.sandbox.control([])).switches).toEqual([]);
  });
});

test('the index shows apps, switches, violations and addresses, and never the control token', async () => {
  const { rig, served, ask } = await serve('everything', ['testing']);
  await get(rig, tokenUrl);
  const { status, body } = await ask('/');
  expect(status).toBe(200);
  for (const text of [
    rig.app.clientId,
    rig.app.clientSecret?.reveal(),
    'testing=announced',
    'http-429[=SECONDS]',
    '/oauth2.googleapis.com/revoke',
    'GET https://oauth2.googleapis.com/token',
  ])
    expect(body).toContain(text);
  expect(body).not.toContain(served.control.token.reveal());
});

describe('the Fetch port', () => {
  const request = (url: string, more: Partial<WireRequest> = {}): WireRequest => ({
    method: 'GET',
    url,
    headers: {},
    timeoutMs: 8000,
    ...more,
  });
  const certs = request('https://www.googleapis.com/oauth2/v3/certs');

  test('the client keeps the real addresses', async () => {
    const rig = await createRig();
    const { access_token } = await connect(rig);
    const headers = { authorization: `Bearer ${access_token}` };
    const answer = await fetchThrough(rig.sandbox)(
      request('https://openidconnect.googleapis.com/v1/userinfo', { headers }),
    );
    expect([answer.status, JSON.parse(answer.body).email]).toEqual([200, 'ada@example.com']);
    expect(Object.keys(answer).sort()).toEqual(['body', 'headers', 'status']);
  });

  test('every request names its program, as over the network', async () => {
    const rig = await createRig(['github-user-agent']);
    const user = request('https://api.github.com/user', { headers: { authorization: 'Bearer nothing' } });
    expect((await fetchThrough(rig.sandbox)(user)).status).toBe(401);
    const nameless = request(user.url, { headers: { ...user.headers, 'user-agent': '' } });
    expect((await fetchThrough(rig.sandbox)(nameless)).status).toBe(403);
  });

  test('an unknown host or path is a 404', async () => {
    const rig = await createRig();
    for (const url of [
      'https://example.com/',
      'https://accounts.google.com/nothing',
      'http://oauth2.googleapis.com/token',
    ])
      expect((await fetchThrough(rig.sandbox)(request(url))).status).toBe(404);
    expect(await rig.violations()).toEqual(['unknown_host', 'unknown_path', 'plain_http']);
  });

  test.each([
    ['connection-reset', 'unreachable'],
    ['truncate', 'unreachable'],
    ['latency=8000', 'timed_out'],
  ])('%s is %s', async (line, code) => {
    const rig = await createRig([line]);
    await expect(fetchThrough(rig.sandbox)(certs)).rejects.toMatchObject({ code, cause: { sent: true } });
    expect(rig.slept).toEqual(line.startsWith('latency') ? [8000] : []);
  });

  test('an answer that is late but in time is waited for', async () => {
    const rig = await createRig(['latency=7999']);
    expect((await fetchThrough(rig.sandbox)(certs)).status).toBe(200);
    expect(rig.slept).toEqual([7999]);
  });

  test('a request that was called off is not sent', async () => {
    const rig = await createRig();
    const wrong = request('https://example.com/', { signal: AbortSignal.abort() });
    await expect(fetchThrough(rig.sandbox)(wrong)).rejects.toMatchObject({ code: 'cancelled' });
    expect(await rig.violations()).toEqual([]);
  });

  test('a body over 1 MiB is refused', async () => {
    const huge: Pick<Sandbox, 'answer' | 'clock'> = {
      clock: (await createRig()).sandbox.clock,
      answer: async () => ({ status: 200, headers: {}, body: 'x'.repeat(1024 * 1024 + 1), delayMs: 0 }),
    };
    await expect(fetchThrough(huge as Sandbox)(certs)).rejects.toMatchObject({ code: 'bad_response' });
  });
});
