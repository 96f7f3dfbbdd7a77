// The device flow's polls, with Google's own statuses: 428 while it waits, 403 for too fast and for no.
// https://developers.google.com/youtube/v3/live/guides/auth/devices
import type { Call, Reply } from '../call.ts';
import type { Params } from '../params.ts';
import { oauthError } from '../replies.ts';
import { hashOf } from '../state.ts';
import { type DeviceRecord, googleState } from './google-state.ts';
import { signedIn, tickedByItself } from './person.ts';
import { type GoogleClient, spans } from './project.ts';
import { tokenAnswer } from './token-answer.ts';

/** Timers may fire a little early; that is not polling too fast. */
const earlyMs = 100;

export function pollDevice(call: Call, form: Params, client: GoogleClient): Reply {
  const device = googleState(call).devices[hashOf(form.get('device_code') ?? '')];
  if (device === undefined) {
    call.violation('device_code', 'a poll for a device code that was never given out');
    return oauthError(400, 'invalid_grant', 'Malformed device code.');
  }
  if (device.clientId !== client.id) {
    call.violation('code_of_another', "a poll for another client's device code");
    return oauthError(400, 'invalid_grant', 'Bad Request');
  }
  if (device.usedAt !== null) {
    call.violation('code_replayed', 'a device code was polled after it had been answered');
    return oauthError(400, 'invalid_grant', 'Bad Request');
  }
  if (device.expiresAt <= call.at)
    return oauthError(400, call.switched('device-expired') ?? 'invalid_grant', 'Bad Request');
  return answerPoll(call, client, device);
}

function answerPoll(call: Call, client: GoogleClient, device: DeviceRecord): Reply {
  const last = device.polledAt;
  device.polledAt = call.at;
  device.polls += 1;
  if (last !== null && call.at - last + earlyMs < spans.deviceIntervalSeconds * 1000) {
    call.violation('polled_too_fast', `a poll after ${call.at - last} ms; the interval is 5 s`);
    return oauthError(403, 'slow_down', 'Forbidden');
  }
  if (device.answer === null && call.consent === 'auto' && device.polls > 1) answerItself(call, device);
  const { answer } = device;
  if (answer === null) return oauthError(428, 'authorization_pending', 'Precondition Required');
  device.usedAt = call.at;
  if (answer === 'denied') return oauthError(403, 'access_denied', 'Forbidden');
  return tokenAnswer(call, { client, ...answer, from: 'new-grant', nonce: null });
}

/** Nobody is there to type the code: the second poll finds it answered, so that a client waits once at least. */
function answerItself(call: Call, device: DeviceRecord): void {
  const scopes = tickedByItself(call, device.scopes);
  const denied = scopes.length === 0 || call.switched('consent-denied') !== undefined;
  device.answer = denied ? 'denied' : { account: signedIn(call).sub, scopes };
}
