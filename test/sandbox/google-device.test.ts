// The device flow, with Google's own spellings and statuses.
import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { createRig, driveFile, emailLong, type Form, get, json, post, type Rig, tokenUrl } from './rig.ts';

const deviceUrl = 'https://oauth2.googleapis.com/device/code';
const pageUrl = 'https://www.google.com/device';

interface DeviceAnswer {
  readonly device_code: string;
  readonly user_code: string;
}

const tv = (rig: Rig) => ({
  client_id: rig.app.clients.tv?.clientId,
  client_secret: rig.app.clients.tv?.clientSecret?.reveal(),
});

const start = (rig: Rig, change: Form = {}) =>
  post(rig, deviceUrl, { client_id: tv(rig).client_id, scope: `openid email ${driveFile}`, ...change });

async function started(rig: Rig): Promise<DeviceAnswer> {
  return json<DeviceAnswer>(await start(rig));
}

function poll(rig: Rig, device_code: string, change: Form = {}, sandbox: Sandbox = rig.sandbox) {
  const grant_type = 'urn:ietf:params:oauth:grant-type:device_code';
  return post({ sandbox }, tokenUrl, { grant_type, device_code, ...tv(rig), ...change });
}

const answerPage = (rig: Rig, form: Form) => post(rig, pageUrl, { account: 'ada@example.com', ...form });

test('the start spells the address verification_url', async () => {
  const answer = json(await start(await createRig()));
  expect(answer).toEqual({
    device_code: expect.stringMatching(/Sandbox/),
    user_code: expect.stringMatching(/^[B-DF-HJ-NP-TV-XZ]{4}-[B-DF-HJ-NP-TV-XZ]{4}$/),
    expires_in: 1800,
    interval: 5,
    verification_url: pageUrl,
  });
});

test('pending is 428 and too fast is 403, until the person has allowed it', async () => {
  const rig = await createRig();
  const { device_code, user_code } = await started(rig);
  const pending = await poll(rig, device_code);
  expect([pending.status, json(pending)]).toEqual([
    428,
    { error: 'authorization_pending', error_description: 'Precondition Required' },
  ]);
  rig.advance(4);
  const fast = await poll(rig, device_code);
  expect([fast.status, json(fast).error]).toEqual([403, 'slow_down']);
  expect(await rig.violations()).toEqual(['polled_too_fast']);
  await rig.sandbox.control(['forget-violations']);

  expect((await get(rig, `${pageUrl}?user_code=${user_code}`)).body).toContain(user_code);
  const typed = user_code.toLowerCase().replace('-', ' ');
  expect((await post(rig, pageUrl, { user_code: typed })).says).toContain('wants access');
  expect((await answerPage(rig, { user_code, answer: 'allow', scope: driveFile })).status).toBe(200);
  rig.advance(5);
  const tokens = await poll(rig, device_code);
  expect(tokens.status).toBe(200);
  expect(json<{ scope: string }>(tokens).scope.split(' ').sort()).toEqual([driveFile, emailLong, 'openid'].sort());
  expect(json(tokens)).toHaveProperty('refresh_token');
  expect(await rig.violations()).toEqual([]);

  rig.advance(5);
  expect(json(await poll(rig, device_code))).toMatchObject({ error: 'invalid_grant' });
  expect(await rig.violations()).toEqual(['code_replayed']);
});

test('Cancel is access_denied at 403', async () => {
  const rig = await createRig();
  const { device_code, user_code } = await started(rig);
  await answerPage(rig, { user_code, answer: 'cancel' });
  const answer = await poll(rig, device_code);
  expect([answer.status, json(answer).error]).toEqual([403, 'access_denied']);
});

test('a wrong code is told on the page, and another account can be chosen', async () => {
  const rig = await createRig();
  const { user_code } = await started(rig);
  expect((await post(rig, pageUrl, { user_code: 'XXXX-XXXX' })).status).toBe(400);
  expect((await answerPage(rig, { user_code, answer: 'switch' })).says).toBe('Choose an account');
});

test('a code is over after half an hour', async () => {
  const rig = await createRig();
  const { device_code, user_code } = await started(rig);
  rig.advance(1800);
  expect((await answerPage(rig, { user_code, answer: 'allow' })).status).toBe(400);
  expect(json(await poll(rig, device_code))).toMatchObject({ error: 'invalid_grant' });
  await rig.sandbox.control(['device-expired']);
  expect(json(await poll(rig, device_code))).toMatchObject({ error: 'expired_token' });
});

test('with nobody there, the second poll finds it answered', async () => {
  const rig = await createRig();
  const auto = rig.another('auto');
  const { device_code } = await started(rig);
  expect((await poll(rig, device_code, {}, auto)).status).toBe(428);
  rig.advance(5);
  expect((await poll(rig, device_code, {}, auto)).status).toBe(200);
});

describe('refused', () => {
  test.each([
    ['a Gmail scope', { scope: 'openid https://www.googleapis.com/auth/gmail.readonly' }, 400, 'invalid_scope'],
    ['a wide Drive scope', { scope: 'https://www.googleapis.com/auth/drive' }, 400, 'invalid_scope'],
    ['no scope', { scope: undefined }, 400, 'invalid_request'],
    ['an unknown client', { client_id: 'nobody' }, 401, 'invalid_client'],
  ])('%s at the start', async (_, change, status, error) => {
    const rig = await createRig();
    const answer = await start(rig, change);
    expect([answer.status, json(answer).error]).toEqual([status, error]);
    expect(await rig.violations()).toEqual(error === 'invalid_client' ? [] : ['device_scope']);
  });

  test('a client that is no TV', async () => {
    const rig = await createRig();
    const answer = await start(rig, { client_id: rig.app.clientId });
    expect([answer.status, json(answer).error]).toEqual([401, 'invalid_client']);
    expect(await rig.violations()).toEqual(['device_client']);
  });

  test.each([
    ['without the secret', { client_secret: undefined }, 400, 'invalid_request', ['secret_missing']],
    ['with a made-up code', { device_code: 'x' }, 400, 'invalid_grant', ['device_code']],
  ])('a poll %s', async (_, change, status, error, violations) => {
    const rig = await createRig();
    const { device_code } = await started(rig);
    const answer = await poll(rig, device_code, change);
    expect([answer.status, json(answer).error]).toEqual([status, error]);
    expect(await rig.violations()).toEqual(violations);
  });

  test('over the quota, under another name', async () => {
    const answer = await start(await createRig(['device-quota']));
    expect([answer.status, json(answer)]).toEqual([403, { error_code: 'rate_limit_exceeded' }]);
  });
});
