// Microsoft's device flow.
import { describe, expect, test } from 'vitest';
import type { SandboxResponse } from '../../src/sandbox/sandbox.ts';
import { ask, loginUrl, publicId, refusal, scope, type Tokens } from './microsoft-client.ts';
import { claimsOf, clientOf, createRig, type Form, get, json, post, type Rig } from './rig.ts';

interface Started {
  readonly device_code: string;
  readonly user_code: string;
}

function start(rig: Rig, { tenant = 'common', ...change }: Form = {}): Promise<SandboxResponse> {
  return post(rig, loginUrl(tenant, 'devicecode'), { client_id: publicId(rig), scope, ...change });
}

function poll(rig: Rig, { device_code }: Started, change: Form = {}): Promise<SandboxResponse> {
  return ask(rig, { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code, ...change });
}

/** A sandbox where somebody says yes, or no, after the first poll. */
async function started(switches: readonly string[] = [], change: Form = {}) {
  const created = await createRig(switches);
  const rig = { ...created, sandbox: created.another('auto') };
  return { rig, device: json<Started>(await start(rig, change)) };
}

async function pollTwice(rig: Rig, device: Started, change: Form = {}): Promise<SandboxResponse> {
  await poll(rig, device, change);
  rig.advance(5);
  return poll(rig, device, change);
}

test('a correct client gets through', async () => {
  const { rig, device } = await started();
  expect(device).toEqual({
    device_code: expect.any(String),
    user_code: expect.any(String),
    verification_uri: 'https://microsoft.com/devicelogin',
    expires_in: 900,
    interval: 5,
    message: expect.stringContaining(device.user_code),
  });
  expect(refusal(await poll(rig, device))).toEqual([400, 'authorization_pending', 70016]);
  rig.advance(5);
  const tokens = json<Tokens>(await poll(rig, device));
  expect(tokens.scope).toBe('Mail.Read User.Read profile openid email');
  expect(claimsOf(tokens.id_token).name).toBe('Ada Lovelace');
  expect(await rig.violations()).toEqual([]);
});

test('a person types the code on the page', async () => {
  const rig = await createRig();
  const device = json<Started>(await start(rig));
  const page = 'https://microsoft.com/devicelogin';
  expect((await get(rig, page)).body).toContain('name="user_code"');
  const sent = { user_code: device.user_code.toLowerCase(), account: 'grace@example.com' };
  expect((await post(rig, page, sent)).body).toContain('Grace Hopper');
  await post(rig, page, { ...sent, answer: 'allow' });
  expect(claimsOf(json<Tokens>(await poll(rig, device)).id_token).name).toBe('Grace Hopper');
});

describe('what a poll is told', () => {
  test('no is authorization_declined', async () => {
    const { rig, device } = await started(['consent-denied']);
    expect(refusal(await pollTwice(rig, device))).toEqual([400, 'authorization_declined', 65004]);
    expect(await rig.violations()).toEqual([]);
  });

  test('so is an account that cannot sign in there', async () => {
    const { rig, device } = await started(['account=grace'], { tenant: 'organizations' });
    const answer = await pollTwice(rig, device, { tenant: 'organizations' });
    expect(refusal(answer)).toEqual([400, 'authorization_declined', 65004]);
  });

  test('a device code that nobody knows, or of another tenant, or polled again', async () => {
    const { rig, device } = await started();
    const unknown = await poll(rig, { ...device, device_code: 'nonsense' });
    expect(refusal(unknown)).toEqual([400, 'bad_verification_code', 70018]);
    expect(refusal(await pollTwice(rig, device, { tenant: 'organizations' }))).toEqual([400, 'invalid_grant', 700005]);
    rig.advance(5);
    expect(refusal(await poll(rig, device))).toEqual([400, 'invalid_grant', 54005]);
    expect(await rig.violations()).toEqual(['device_code', 'tenant', 'code_replayed']);
  });

  test('after 15 minutes it has expired', async () => {
    const rig = await createRig();
    const device = json<Started>(await start(rig));
    rig.advance(900);
    expect(refusal(await poll(rig, device))).toEqual([400, 'expired_token', 70019]);
  });

  test.each([
    ['slow_down', []],
    ['authorization_pending', ['microsoft-slow-down']],
  ])('in haste it is told %s', async (error, switches) => {
    const { rig, device } = await started(switches);
    await poll(rig, device);
    rig.advance(1);
    expect(refusal(await poll(rig, device))).toEqual([400, error, 70016]);
    expect(await rig.violations()).toEqual(['polled_too_fast']);
  });

  test('in time it may be told slow_down', async () => {
    const { rig, device } = await started(['microsoft-slow-down=in-time*1']);
    expect(refusal(await poll(rig, device))).toEqual([400, 'slow_down', 70016]);
    rig.advance(10);
    expect((await poll(rig, device)).status).toBe(200);
  });

  test('its status may be another', async () => {
    const { rig, device } = await started(['microsoft-pending-status']);
    expect(refusal(await poll(rig, device))).toEqual([428, 'authorization_pending', 70016]);
  });
});

test('where public client flows are forbidden, a secret is asked for', async () => {
  const { rig, device } = await started(['microsoft-public-flows']);
  expect(refusal(await poll(rig, device))).toEqual([401, 'invalid_client', 7000218]);
  expect(await rig.violations()).toEqual([]);
});

test('a confidential client sends its secret with the poll', async () => {
  const { rig } = await started();
  const { id, secret } = clientOf(rig, 'outlook', 'confidential');
  const device = json<Started>(await start(rig, { client_id: id }));
  expect((await pollTwice(rig, device, { client_id: id, client_secret: secret })).status).toBe(200);
  expect(await rig.violations()).toEqual([]);
});

test('at consumers somebody is there who can sign in, unless another was chosen', async () => {
  const { rig, device } = await started([], { tenant: 'consumers' });
  expect((await pollTwice(rig, device, { tenant: 'consumers' })).status).toBe(200);
  await rig.sandbox.control(['account=ada']);
  const other = json<Started>(await start(rig, { tenant: 'consumers' }));
  expect(json(await pollTwice(rig, other, { tenant: 'consumers' })).error).toBe('authorization_declined');
});

test.each<[string, Form, [number, string, number], string[]]>([
  ['without scope', { scope: undefined }, [400, 'invalid_request', 900144], ['scope']],
  ['with an unknown scope', { scope: 'Mail.Reed' }, [400, 'invalid_scope', 650053], []],
  ['with a secret', { client_secret: 'a secret' }, [401, 'invalid_client', 700025], ['secret_unwanted']],
])('it does not start %s', async (_, change, expected, violations) => {
  const rig = await createRig();
  expect(refusal(await start(rig, change))).toEqual(expected);
  expect(await rig.violations()).toEqual(violations);
});
