// The sign-in by device code: what is asked, what is shown, and every way in which the polling goes on or ends.
import { describe, expect, test } from 'vitest';
import { CliError } from '../../src/errors.ts';
import type { Json } from '../../src/model/json.ts';
import type { WireResponse } from '../../src/model/ports.ts';
import type { DeviceRule, Provider } from '../../src/model/provider.ts';
import { runDevice } from '../../src/oauth/flows/device.ts';
import type { SignInRequest } from '../../src/oauth/flows/request.ts';
import { createWorld } from '../support/world.ts';
import {
  complete,
  flowIn,
  issuer,
  json,
  makePeer,
  makeProvider,
  script,
  text,
  tokenAnswer,
  withEndpoints,
} from './rig.ts';

const rule = makeProvider().device as DeviceRule;
const codes = {
  device_code: 'the-device-code',
  user_code: 'WDJB-MJHT',
  verification_uri: 'https://id.acme.example/device',
  expires_in: 900,
  interval: 5,
};
const error = (name: string, status = 400, more: Record<string, Json> = {}) => json(status, { error: name, ...more });

interface Setting {
  readonly provider?: Partial<Provider>;
  readonly request?: Partial<SignInRequest>;
  readonly start?: WireResponse | Error;
}

async function device(
  polls: readonly (WireResponse | Error)[],
  { provider, request, start = json(200, codes) }: Setting = {},
) {
  const server = script(start, ...polls);
  const world = createWorld({ fetch: server.fetch });
  const rig = flowIn(world);
  const whole = {
    peer: makePeer(provider),
    scopes: ['mail'],
    extraParams: {},
    waitSeconds: 300,
    openBrowser: true,
    ...request,
  };
  const startedAt = world.now();
  const ended = await runDevice(whole, rig.ports, complete).catch((reason: unknown) => reason as Error);
  return { ended, rig, world, server, seconds: (world.now() - startedAt) / 1000 };
}

const granted = { grant: { tokens: { roles: { access: { tokenType: 'Bearer' } } } } };

describe('the beginning', () => {
  test('the code is asked for, shown and polled with', async () => {
    const { ended, rig, server, seconds, world } = await device([error('authorization_pending'), tokenAnswer]);
    expect(ended).toMatchObject({ ...granted, humanMs: 10_000 });
    expect(rig.told).toEqual([
      'To sign in to Acme, visit https://id.acme.example/device',
      'and enter the code WDJB-MJHT',
    ]);
    expect(server.requests.map(({ url }) => url)).toEqual([`${issuer}/device`, `${issuer}/token`, `${issuer}/token`]);
    expect(Object.fromEntries(server.form(0))).toEqual({ client_id: 'the-client', scope: 'mail' });
    expect(Object.fromEntries(server.form(2))).toEqual({
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: 'the-device-code',
    });
    expect(server.requests[2]?.headers.authorization).toMatch(/^Basic /);
    expect([seconds, world.opened]).toEqual([10, []]);
  });

  test('an app that may keep no secret here shows none', async () => {
    const { server } = await device([tokenAnswer], { provider: { device: { ...rule, secretAtPoll: false } } });
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined]);
    expect(server.form(1).get('client_id')).toBe('the-client');
  });

  test.each([
    [
      'by its own name',
      { uriAt: 'verification_url' },
      { verification_uri: undefined, verification_url: 'https://id.acme.example/d' },
    ],
    ['with the code in it', {}, { verification_uri_complete: 'https://id.acme.example/d' }],
  ])('the address comes %s', async (_, change, members) => {
    const start = json(200, JSON.parse(JSON.stringify({ ...codes, ...members })) as Json);
    const { rig } = await device([tokenAnswer], { provider: { device: { ...rule, ...change } }, start });
    expect(rig.told[0]).toContain('visit https://id.acme.example/d');
  });

  test.each([
    ['a file', { verification_uri: 'file:///etc/passwd' }],
    ['a script', { verification_uri: 'javascript:alert(1)' }],
    ['plain http', { verification_uri: 'http://id.acme.example/device' }],
    ['loopback under a public issuer', { verification_uri: 'http://127.0.0.1/device' }],
    ['a bad complete one beside a good one', { verification_uri_complete: 'file:///x' }],
    [
      'a bad one beside a good complete one',
      { verification_uri: 'file:///x', verification_uri_complete: 'https://id.acme.example/' },
    ],
  ])('%s is nothing to visit', async (_, members) => {
    const { ended, rig, server } = await device([tokenAnswer], { start: json(200, { ...codes, ...members }) });
    expect(ended).toMatchObject({ code: 'bad_response', message: expect.stringContaining('the address to visit') });
    expect([rig.told, server.requests.length]).toEqual([[], 1]);
  });

  test('http on loopback is something to visit under a loopback issuer', async () => {
    const local = 'http://127.0.0.1:9000';
    const provider = {
      issuer: local,
      ...withEndpoints({ deviceAuthorization: `${local}/device`, token: `${local}/token` }),
    };
    const start = json(200, { ...codes, verification_uri: `${local}/visit` });
    expect((await device([tokenAnswer], { provider, start })).rig.told[0]).toContain(`${local}/visit`);
  });

  test('foreign text is shown without its escapes', async () => {
    const start = json(200, { ...codes, user_code: `\u001b[2JAB\u202eCD${'x'.repeat(300)}` });
    expect((await device([tokenAnswer], { start })).rig.told[1]).toMatch(/^and enter the code \[2JABCDx{57}$/);
  });

  test.each([
    ['the provider has none', { device: null }, ['mail'], 'offers no sign-in by device code'],
    ['it has no address', withEndpoints({ deviceAuthorization: null }), ['mail'], 'offers no sign-in by device code'],
    ['another kind of app is wanted', { device: { ...rule, kind: 'tv' } }, ['mail'], "'tv' app"],
    [
      'a scope is not granted so',
      { device: { ...rule, scopes: ['openid'] } },
      ['openid', 'mail'],
      'does not grant mail',
    ],
  ])('%s', async (_, provider, scopes, words) => {
    const { ended, server } = await device([], { provider, request: { scopes } });
    expect(ended).toMatchObject({ code: 'grant_unsupported', message: expect.stringContaining(words) });
    expect(server.requests).toEqual([]);
  });

  test.each([
    [error('invalid_client', 401), 'app_rejected'],
    [error('invalid_scope'), 'scope_missing'],
    [text(503, ''), 'provider_unavailable'],
    [text(200, '<html>'), 'bad_response'],
    [json(200, { user_code: 'X' }), 'bad_response'],
    [new CliError('unreachable', 'x'), 'unreachable'],
  ])('%j ends it as %s', async (start, code) => {
    expect((await device([], { start })).ended).toMatchObject({ code });
  });
});

describe('the polling', () => {
  test.each([
    ['no interval is five seconds', { interval: undefined }, [tokenAnswer], 5],
    ['an interval of nothing is five seconds', { interval: 0 }, [tokenAnswer], 5],
    ['an interval as a text', { interval: '7' }, [tokenAnswer], 7],
    ['slow_down adds five seconds for good', {}, [error('slow_down'), error('authorization_pending'), tokenAnswer], 25],
    ['slow_down with a new interval', {}, [error('slow_down', 400, { interval: 12 }), tokenAnswer], 17],
    ['slow_down with a shorter one', {}, [error('slow_down', 400, { interval: 1 }), tokenAnswer], 15],
    ['pending at another status', {}, [error('authorization_pending', 428), tokenAnswer], 10],
    ['pending at 200', {}, [error('authorization_pending', 200), tokenAnswer], 10],
    ['a lost connection slows down', {}, [new CliError('unreachable', 'x'), tokenAnswer], 15],
    ['a server in trouble slows down', {}, [text(503, ''), tokenAnswer], 15],
    ['Retry-After is heeded', {}, [text(429, '', { 'retry-after': '40' }), tokenAnswer], 45],
  ])('%s', async (_, members, polls, expected) => {
    const start = json(200, JSON.parse(JSON.stringify({ ...codes, ...members })) as Json);
    const { ended, seconds } = await device(polls, { start });
    expect(ended).toMatchObject(granted);
    expect(seconds).toBe(expected);
  });

  test("the provider's own spellings", async () => {
    const own = {
      ...rule,
      pending: ['still_waiting'],
      slowDown: ['too_fast'],
      declined: ['no_thanks'],
      expired: ['too_late'],
    };
    const provider = { device: own };
    expect((await device([error('still_waiting'), error('too_fast'), tokenAnswer], { provider })).seconds).toBe(20);
    expect((await device([error('no_thanks')], { provider })).ended).toMatchObject({ code: 'consent_denied' });
    expect((await device([error('too_late')], { provider })).ended).toMatchObject({ code: 'timed_out' });
    expect((await device([error('authorization_pending')], { provider })).ended).toMatchObject({
      code: 'provider_refused',
    });
  });

  test.each([
    ['access_denied', error('access_denied', 403), 'consent_denied'],
    ['expired_token', error('expired_token'), 'timed_out'],
    ['invalid_client', error('invalid_client', 401), 'app_rejected'],
    ['an unreadable 4xx', text(400, ''), 'provider_refused'],
    ['HTML at 200', text(200, '<html>'), 'bad_response'],
  ])('%s ends it', async (_, poll, code) => {
    const { ended, server } = await device([poll]);
    expect(ended).toMatchObject({ code });
    expect(server.requests).toHaveLength(2);
  });

  test.each([
    ['the life of the code', { expires_in: 20 }, 300, 20],
    ['the patience of the person', { expires_in: 900 }, 12, 12],
    ['a life that is not said', { expires_in: undefined }, 3600, 900],
    ['a life as a text', { expires_in: '30' }, 300, 30],
  ])('is bounded by %s', async (_, members, waitSeconds, expected) => {
    const start = json(200, JSON.parse(JSON.stringify({ ...codes, ...members })) as Json);
    const { ended, seconds } = await device([error('authorization_pending')], { start, request: { waitSeconds } });
    expect(ended).toMatchObject({ code: 'timed_out', hint: 'oauthctl connect acme --device' });
    expect(seconds).toBe(expected);
  });

  test('is interrupted at once', async () => {
    const server = script(json(200, codes), error('authorization_pending'));
    const world = createWorld({ fetch: server.fetch });
    const rig = flowIn(world);
    const tell = (line: string) => (line.includes('enter the code') ? rig.interrupt() : undefined);
    const request = { peer: makePeer(), scopes: [], extraParams: {}, waitSeconds: 300, openBrowser: true };
    await expect(runDevice(request, { ...rig.ports, tell }, complete)).rejects.toMatchObject({ code: 'cancelled' });
    expect(server.requests).toHaveLength(1);
  });
});

test('a grant that came is checked and saved as one: its check can fail, and a signal must not lose it', async () => {
  const idToken = json(200, { access_token: 'access-1', refresh_token: 'refresh-1', id_token: 'broken' });
  const world = createWorld({ fetch: script(json(200, codes), idToken).fetch });
  const rig = flowIn(world);
  const guarded: unknown[] = [];
  const ports = {
    ...rig.ports,
    guarded: <T>(body: () => Promise<T>) =>
      body().catch((reason: unknown) => {
        guarded.push(reason);
        throw reason;
      }),
  };
  const request = { peer: makePeer(), scopes: ['openid'], extraParams: {}, waitSeconds: 300, openBrowser: true };
  await expect(runDevice(request, ports, complete)).rejects.toMatchObject({ code: 'bad_response' });
  expect(guarded).toMatchObject([{ code: 'bad_response' }]);
});

test('--param may not say what is ours', async () => {
  const { ended, server } = await device([], { request: { extraParams: { client_id: 'x' } } });
  expect(ended).toMatchObject({ code: 'invalid_value' });
  expect(server.requests).toEqual([]);
});
