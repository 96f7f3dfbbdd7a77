// The device page and polls that families share, without a family: a code is typed, a person decides, a poll learns of it.
import { expect, test } from 'vitest';
import { pollDevice, startDevice } from '../../src/sandbox/authority/device.ts';
import { devicePage } from '../../src/sandbox/authority/device-page.ts';
import type { Call } from '../../src/sandbox/call.ts';
import { parseParams } from '../../src/sandbox/params.ts';
import type { SandboxState } from '../../src/sandbox/state.ts';
import { encodeForm, type Form } from './rig.ts';

const rule = {
  head: { mark: 'X', appName: 'oauthctl' },
  at: ['example.com', '/device'] as const,
  isFixed: (scope: string) => scope === 'id',
  words: (scope: string) => `May ${scope}`,
};

function world() {
  const state: SandboxState = { version: 1, switches: {}, violations: [], signingKey: null, families: {} };
  let seed = 0;
  const noted: string[] = [];
  const call = (more: Partial<Call> = {}) => {
    const made: Partial<Call> = {
      method: 'GET',
      query: parseParams(''),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: '',
      family: 'example',
      at: 0,
      consent: 'browser',
      state,
      random: { bytes: (count) => new Uint8Array(count).fill(++seed) },
      pageUrl: (host, path) => `/${host}${path}`,
      switched: () => undefined,
      violation: (code) => void noted.push(code),
      ...more,
    };
    return made as Call;
  };
  const submit = (form: Form, headers: Record<string, string> = {}) => {
    const base = call();
    return devicePage(
      { ...base, method: 'POST', headers: { ...base.headers, ...headers }, body: encodeForm(form) },
      rule,
    );
  };
  const spans = { prefix: 'd-', seconds: 900, intervalSeconds: 5 };
  const device = startDevice(call(), { clientId: 'c', scopes: ['id', 'read', 'write'], more: {} }, spans);
  const poll = (seconds: number) => pollDevice(call({ at: seconds * 1000 }), device.deviceCode, 'c', rule.isFixed);
  return { call, submit, poll, userCode: device.userCode, noted };
}

test('a typed code leads to the consent page, and what stays ticked is granted', () => {
  const { call, submit, poll, userCode } = world();
  expect(devicePage(call({ query: parseParams('user_code=ABCD') }), rule).body).toContain('value="ABCD"');
  const page = submit({ user_code: userCode.toLowerCase().replace('-', ' ') });
  expect(page.body).toContain('May write');
  expect(page.body).toContain('action="/example.com/device"');
  expect(poll(0)).toEqual({ kind: 'pending' });
  expect(submit({ user_code: userCode, answer: 'switch' }).body).toContain('Choose an account');
  submit({ user_code: userCode, account: 'grace@example.com', answer: 'allow', scope: 'read' });
  expect(poll(5)).toMatchObject({ kind: 'allowed', person: 'grace', scopes: ['id', 'read'] });
  expect(poll(10)).toEqual({ kind: 'replayed' });
});

test('no is no; a wrong code and a foreign form change nothing', () => {
  const { submit, poll, userCode } = world();
  expect(submit({ user_code: 'WXYZ-WXYZ' }).status).toBe(400);
  expect(submit({ user_code: userCode, answer: 'allow' }, { 'sec-fetch-site': 'cross-site' }).status).toBe(400);
  expect(poll(0)).toEqual({ kind: 'pending' });
  submit({ user_code: userCode, account: 'ada@example.com', answer: 'cancel' });
  expect(poll(5)).toEqual({ kind: 'denied' });
});

test('polling too fast lengthens the interval by five seconds each time', () => {
  const { poll, noted } = world();
  expect(poll(0)).toEqual({ kind: 'pending' });
  expect(poll(4)).toEqual({ kind: 'slow_down', intervalSeconds: 10 });
  expect(poll(13)).toEqual({ kind: 'slow_down', intervalSeconds: 15 });
  expect(poll(28)).toEqual({ kind: 'pending' });
  expect(noted).toEqual(['polled_too_fast', 'polled_too_fast']);
});
