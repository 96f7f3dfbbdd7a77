// GitHub's device flow: errors at 200, a new interval at slow_down, and no secret, at the refresh later neither.
import { describe, expect, test } from 'vitest';
import { kinds, poll, refresh, said, startDevice, type Tokens, works } from './github-client.ts';
import { clientOf, createRig, type Form, get, json, post, type Rig } from './rig.ts';

interface Device {
  readonly device_code: string;
  readonly user_code: string;
}

const start = async (rig: Rig, change: Form = {}) => json<Device>(await startDevice(rig, 'oauth-app', change));

describe('with nobody at the browser', () => {
  test.each(kinds)('%s: pending, then tokens, all without a secret', async (kind) => {
    const rig = await createRig();
    const auto = { ...rig, sandbox: rig.another('auto') };
    const device = json<Device>(await startDevice(auto, kind));
    expect(device).toEqual({
      device_code: expect.any(String),
      user_code: expect.stringMatching(/^[B-Z]{4}-[B-Z]{4}$/),
      verification_uri: 'https://github.com/login/device',
      expires_in: 900,
      interval: 5,
    });
    const pending = await poll(auto, kind, device.device_code);
    expect([pending.status, json(pending).error]).toEqual([200, 'authorization_pending']);
    rig.advance(5);
    const tokens = json<Tokens>(await poll(auto, kind, device.device_code));
    expect(tokens).toMatchObject({
      scope: kind === 'oauth-app' ? 'repo' : '',
      token_type: 'bearer',
      expires_in: 28_800,
    });
    const next = json<Tokens>(await refresh(auto, kind, tokens.refresh_token, { client_secret: undefined }));
    expect([await works(auto, tokens.access_token), await works(auto, next.access_token)]).toEqual([false, true]);
    const { secret } = clientOf(rig, 'github', kind);
    expect(await said(refresh(auto, kind, next.refresh_token, { client_secret: secret }))).toBe('ok');
    expect(await rig.violations()).toEqual([]);
    for (const text of [device.device_code, device.user_code, tokens.access_token])
      expect(rig.stateText()).not.toContain(text);
  });

  test('a no', async () => {
    const rig = await createRig(['consent-denied']);
    const auto = { ...rig, sandbox: rig.another('auto') };
    const { device_code } = await start(auto);
    await poll(auto, 'oauth-app', device_code);
    rig.advance(5);
    expect(await said(poll(auto, 'oauth-app', device_code))).toBe('access_denied');
  });
});

describe('polling', () => {
  test('too fast: slow_down says the new interval, and it holds', async () => {
    const rig = await createRig();
    const { device_code } = await start(rig);
    const errors = async (seconds: number) => {
      rig.advance(seconds);
      const { error, interval } = json(await poll(rig, 'oauth-app', device_code));
      return [error, interval];
    };
    expect(await errors(0)).toEqual(['authorization_pending', undefined]);
    expect(await errors(4)).toEqual(['slow_down', 10]);
    expect(await errors(9)).toEqual(['slow_down', 15]);
    expect(await errors(15)).toEqual(['authorization_pending', undefined]);
    expect(await rig.violations()).toEqual(['polled_too_fast', 'polled_too_fast']);
  });

  test('after 900 s the code is over, under either name', async () => {
    const rig = await createRig();
    const { device_code } = await start(rig);
    rig.advance(900);
    expect(await said(poll(rig, 'oauth-app', device_code))).toBe('expired_token');
    await rig.sandbox.control(['github-device-expired']);
    expect(await said(poll(rig, 'oauth-app', device_code))).toBe('token_expired');
    expect(await rig.violations()).toEqual([]);
  });

  test.each<[string, Form, string, string]>([
    ['an unknown code', { device_code: 'x' }, 'incorrect_device_code', 'device_code'],
    ['no client', { client_id: undefined }, 'incorrect_client_credentials', 'client_id_missing'],
    ['another grant type', { grant_type: 'device_code' }, 'unsupported_grant_type', 'grant_type'],
  ])('%s', async (_, change, error, violation) => {
    const rig = await createRig();
    const { device_code } = await start(rig);
    expect(await said(poll(rig, 'oauth-app', device_code, change))).toBe(error);
    expect(await rig.violations()).toEqual([violation]);
  });

  test('by another client, and with a secret that is not needed', async () => {
    const rig = await createRig();
    const { device_code } = await start(rig);
    expect(await said(poll(rig, 'github-app', device_code))).toBe('incorrect_device_code');
    const { secret } = clientOf(rig, 'github', 'oauth-app');
    expect(await said(poll(rig, 'oauth-app', device_code, { client_secret: secret }))).toBe('authorization_pending');
    expect(await rig.violations()).toEqual(['code_of_another', 'secret_unwanted']);
  });
});

describe('the start', () => {
  test.each(['device_flow_disabled', 'unauthorized_client'])('switched off in the app: %s', async (name) => {
    const rig = await createRig([`github-device=${name}`]);
    const answer = await startDevice(rig, 'oauth-app');
    expect([answer.status, json(answer).error]).toEqual([200, name]);
  });

  test('an unknown client, and scopes with commas', async () => {
    const rig = await createRig();
    expect(await said(startDevice(rig, 'oauth-app', { client_id: 'x' }))).toBe('incorrect_client_credentials');
    expect(await said(startDevice(rig, 'oauth-app', { scope: 'repo,gist' }))).toBe('invalid_scope');
    expect(await rig.violations()).toEqual(['scope']);
  });
});

test('a person types the code', async () => {
  const rig = await createRig();
  const { device_code, user_code } = await start(rig, { scope: 'repo gist' });
  expect((await get(rig, 'https://github.com/login/device')).body).toContain('Enter the code');
  const form = { user_code: user_code.toLowerCase(), account: 'grace@example.com', answer: 'allow', scope: 'gist' };
  expect((await post(rig, 'https://github.com/login/device', form)).body).toContain('connected');
  expect(json(await poll(rig, 'oauth-app', device_code))).toMatchObject({ scope: 'gist' });
  expect(await said(poll(rig, 'oauth-app', device_code))).toBe('incorrect_device_code');
  expect(await rig.violations()).toEqual(['code_replayed']);
});
