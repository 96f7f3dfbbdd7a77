// The sign-in by device code: what is asked, and what is shown.
import { describe, expect, test } from 'vitest';
import { CliError } from '../../src/errors.ts';
import type { Json } from '../../src/model/json.ts';
import type { Provider } from '../../src/model/provider.ts';
import { runDevice } from '../../src/oauth/flows/device.ts';
import { createWorld } from '../support/world.ts';
import { codes, device, error, granted, rule } from './device-rig.ts';
import { complete, flowIn, issuer, json, makePeer, script, text, tokenAnswer, withEndpoints } from './rig.ts';

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

describe('a provider that has it switched off', () => {
  const answers: Provider['answers'] = ['device_flow_disabled', 'unauthorized_client'].map((equals) => ({
    on: ['device'],
    at: '/error',
    equals,
    means: 'app_fault',
    words: 'the device flow is off in the settings of the app',
  }));

  test.each([
    ['device_flow_disabled', 400],
    ['device_flow_disabled', 200],
    ['unauthorized_client', 400],
    ['unauthorized_client', 200],
  ])('%s at %d, in its own words', async (name, status) => {
    const { ended, rig } = await device([], { provider: { answers }, start: error(name, status) });
    expect(ended).toMatchObject({
      code: 'app_rejected',
      message: `Acme refused the device sign-in (${name}): the device flow is off in the settings of the app`,
      hint: 'oauthctl app set acme',
    });
    expect(rig.told).toEqual([]);
  });

  test('says so at the poll too', async () => {
    const { ended } = await device([error('device_flow_disabled', 200)], { provider: { answers } });
    expect(ended).toMatchObject({ code: 'app_rejected', message: expect.stringContaining('is off in the settings') });
  });
});

test('scopes of several roles go into their own parameters', async () => {
  const role = (id: string, scopeParam: string, scopePrefix: string) =>
    ({ id, scopeParam, scopePrefix, at: '', tokenType: id, namesAccount: true }) as const;
  const roles = [role('user', 'user_scope', ''), role('bot', 'scope', 'bot:')];
  const { server } = await device([error('access_denied')], {
    provider: { roles },
    request: { scopes: ['mail', 'bot:post'] },
  });
  expect(Object.fromEntries(server.form(0))).toMatchObject({ user_scope: 'mail', scope: 'post' });
});

test('--param is one of the choices, where there are any', async () => {
  const { ended, server } = await device([], {
    provider: { paramChoices: { prompt: ['consent'] } },
    request: { extraParams: { prompt: 'none' } },
  });
  expect(ended).toMatchObject({ code: 'invalid_value', message: expect.stringContaining('it knows consent') });
  expect(server.requests).toEqual([]);
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
