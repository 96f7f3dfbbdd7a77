// POST https://github.com/login/device/code, and the polls for what it began: pending is 200 here, slow_down names the new interval.
// https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps#device-flow (read 2026-11)
import { readForm } from '../authority/bodies.ts';
import { type AuthorityClient, judgeClient, readCredentials } from '../authority/clients.ts';
import { type DevicePoll, pollDevice, startDevice } from '../authority/device.ts';
import { devicePage } from '../authority/device-page.ts';
import { personOf } from '../authority/people.ts';
import type { Call, Reply } from '../call.ts';
import type { Params } from '../params.ts';
import { oauthAnswer, oauthRefusal, pollRefusal } from './answers.ts';
import { head } from './authorize.ts';
import { clients, deviceSpans } from './registration.ts';
import { askedScopes } from './scopes.ts';
import { authorizationOf, firstTokens } from './tokens.ts';

const look = { isFixed: () => false, words: () => 'A scope of GitHub' };

export function deviceCode(call: Call): Reply {
  const form = readForm(call);
  const judged = judgeClient(call, readCredentials(call, form), { clients, places: ['body'], secretOptional: true });
  if (!judged.ok) return oauthRefusal(call, 'incorrect_client_credentials', 'The client_id passed is incorrect.');
  // A setting of the app; sources disagree on the name.
  const off = call.switched('github-device');
  if (off !== undefined) return oauthRefusal(call, off, 'Device Flow must be explicitly enabled for this App');
  const scopes = askedScopes(call, judged.client, form.get('scope'));
  if ('error' in scopes) {
    call.violation('scope', scopes.words);
    return oauthRefusal(call, scopes.error, scopes.words);
  }
  const codes = startDevice(call, { clientId: judged.client.id, scopes, more: {} }, deviceSpans);
  return oauthAnswer(call, {
    device_code: codes.deviceCode,
    user_code: codes.userCode,
    verification_uri: 'https://github.com/login/device',
    expires_in: deviceSpans.seconds,
    interval: deviceSpans.intervalSeconds,
  });
}

export function page(call: Call): Reply {
  return devicePage(call, { head, at: ['github.com', '/login/device'], ...look });
}

export function poll(call: Call, client: AuthorityClient, form: Params): Reply {
  const polled = pollDevice(call, form.get('device_code'), client.id, look.isFixed);
  if (polled.kind !== 'allowed') return waiting(call, polled);
  const { device, scopes } = polled;
  const person = personOf(polled.person);
  const decision = { client, person, asked: device.scopes, ticked: scopes, flow: 'device' } as const;
  return firstTokens(call, client, authorizationOf(call, decision));
}

function waiting(call: Call, polled: Exclude<DevicePoll, { kind: 'allowed' }>): Reply {
  switch (polled.kind) {
    case 'pending':
      return pollRefusal(call, 'authorization_pending', 'The authorization request is still pending.');
    case 'slow_down':
      return pollRefusal(call, 'slow_down', 'Too many requests have been made in the same timeframe.', {
        interval: polled.intervalSeconds,
      });
    case 'denied':
      return pollRefusal(call, 'access_denied', 'The authorization request was denied.');
    case 'expired':
      // Both names stand on the same page of the documentation.
      return pollRefusal(
        call,
        call.switched('github-device-expired') ?? 'expired_token',
        'The device_code has expired.',
      );
    default:
      return pollRefusal(call, 'incorrect_device_code', 'The device_code provided is not valid.');
  }
}
