// POST https://oauth2.googleapis.com/device/code: the start of the device flow.
// https://developers.google.com/identity/protocols/oauth2/limited-input-device
import { readForm } from '../authority/bodies.ts';
import type { Call, Reply } from '../call.ts';
import { jsonReply, oauthError } from '../replies.ts';
import { makeSecret, makeUserCode } from '../secrets.ts';
import { hashOf } from '../state.ts';
import { findClient, unknownClient } from './client-auth.ts';
import { googleState } from './google-state.ts';
import { spans } from './project.ts';
import { isDeviceScope, spelledBack, splitScopes } from './scopes.ts';

export function deviceCode(call: Call): Reply {
  const form = readForm(call);
  // Over quota Google names the member error_code: seen in client code, not in its documentation.
  if (call.switched('device-quota') !== undefined) return jsonReply(403, { error_code: 'rate_limit_exceeded' });
  const client = findClient(form.get('client_id'));
  if (client === undefined) return unknownClient();
  if (client.type !== 'tv') {
    call.violation('device_client', `the device flow was started by the ${client.type} client`);
    return oauthError(401, 'invalid_client', 'Invalid client type.');
  }
  const asked = splitScopes(form.get('scope') ?? '');
  const refused = asked.find((scope) => spelledBack([scope]).some((spelled) => !isDeviceScope(spelled)));
  if (asked.length === 0 || refused !== undefined) {
    call.violation('device_scope', `the device flow does not give ${refused ?? 'an empty scope'}`);
    return refused === undefined
      ? oauthError(400, 'invalid_request', 'Missing required parameter: scope')
      : oauthError(400, 'invalid_scope', `Invalid device flow scope: ${refused}`);
  }
  const code = makeSecret(call.random, 'AH-1Ng');
  const userCode = makeUserCode(call.random);
  googleState(call).devices[hashOf(code)] = {
    clientId: client.id,
    scopes: spelledBack(asked),
    userCode: hashOf(userCode),
    expiresAt: call.at + spans.deviceSeconds * 1000,
    polledAt: null,
    polls: 0,
    answer: null,
    usedAt: null,
  };
  return jsonReply(200, {
    device_code: code,
    user_code: userCode,
    expires_in: spans.deviceSeconds,
    interval: spans.deviceIntervalSeconds,
    // Not `verification_uri` as in RFC 8628 §3.2.
    verification_url: 'https://www.google.com/device',
  });
}
