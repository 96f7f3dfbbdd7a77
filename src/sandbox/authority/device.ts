// The device flow's codes and polls: RFC 8628. Spellings and statuses are the family's.
import type { JsonObject } from '../../model/json.ts';
import type { Call } from '../call.ts';
import { makeSecret, makeUserCode } from '../secrets.ts';
import { hashOf } from '../state.ts';
import { authorityState, type DeviceRecord } from './authority-state.ts';
import { signedIn, tickedByItself } from './people.ts';

export const deviceGrantType = 'urn:ietf:params:oauth:grant-type:device_code';

export interface NewDevice {
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly more: JsonObject;
}

export interface DeviceSpans {
  readonly prefix: string;
  readonly seconds: number;
  readonly intervalSeconds: number;
}

export function startDevice(
  call: Call,
  device: NewDevice,
  spans: DeviceSpans,
): { deviceCode: string; userCode: string } {
  const deviceCode = makeSecret(call.random, spans.prefix);
  const userCode = makeUserCode(call.random);
  authorityState(call).devices[hashOf(deviceCode)] = {
    ...device,
    userCode: hashOf(userCode),
    expiresAt: call.at + spans.seconds * 1000,
    intervalSeconds: spans.intervalSeconds,
    polledAt: null,
    polls: 0,
    answer: null,
    usedAt: null,
  };
  return { deviceCode, userCode };
}

export type DevicePoll =
  | {
      readonly kind: 'allowed';
      readonly device: DeviceRecord;
      readonly person: string;
      readonly scopes: readonly string[];
    }
  | { readonly kind: 'pending' | 'denied' | 'expired' }
  /** RFC 8628 §3.5: five seconds more from now on. */
  | { readonly kind: 'slow_down'; readonly intervalSeconds: number }
  | { readonly kind: 'unknown' | 'replayed' | 'code_of_another' };

/** Timers may fire a little early; that is not polling too fast. */
const earlyMs = 100;

const slips = {
  unknown: ['device_code', 'a poll for a device code that was never given out'],
  code_of_another: ['code_of_another', "a poll for another client's device code"],
  replayed: ['code_replayed', 'a device code was polled after it had been answered'],
} as const;

/** `isFixed`: scopes that the person cannot untick. */
export function pollDevice(
  call: Call,
  deviceCode: string | undefined,
  clientId: string,
  isFixed: (scope: string) => boolean,
): DevicePoll {
  const refused = (kind: keyof typeof slips): DevicePoll => {
    const [code, says] = slips[kind];
    call.violation(code, says);
    return { kind };
  };
  const device = authorityState(call).devices[hashOf(deviceCode ?? '')];
  if (device === undefined) return refused('unknown');
  if (device.clientId !== clientId) return refused('code_of_another');
  if (device.usedAt !== null) return refused('replayed');
  if (device.expiresAt <= call.at) return { kind: 'expired' };
  if (isTooFast(call, device)) return { kind: 'slow_down', intervalSeconds: device.intervalSeconds };
  if (device.answer === null && call.consent === 'auto' && device.polls > 1) answerItself(call, device, isFixed);
  const { answer } = device;
  if (answer === null) return { kind: 'pending' };
  device.usedAt = call.at;
  return answer === 'denied' ? { kind: 'denied' } : { kind: 'allowed', device, ...answer };
}

function isTooFast(call: Call, device: DeviceRecord): boolean {
  const last = device.polledAt;
  device.polledAt = call.at;
  device.polls += 1;
  if (last === null || call.at - last + earlyMs >= device.intervalSeconds * 1000) return false;
  call.violation('polled_too_fast', `a poll after ${call.at - last} ms; the interval is ${device.intervalSeconds} s`);
  device.intervalSeconds += 5;
  return true;
}

/** Nobody is there to type the code: the second poll finds it answered, so that a client waits once at least. */
function answerItself(call: Call, device: DeviceRecord, isFixed: (scope: string) => boolean): void {
  const scopes = tickedByItself(call, device.scopes, isFixed);
  const nothing = device.scopes.length > 0 && scopes.length === 0;
  const denied = nothing || call.switched('consent-denied') !== undefined;
  device.answer = denied ? 'denied' : { person: signedIn(call).key, scopes };
}
