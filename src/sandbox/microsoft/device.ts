// POST https://login.microsoftonline.com/{tenant}/oauth2/v2.0/devicecode, and the page where the code is typed.
// https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-device-code (read 2026-11)
import { startDevice } from '../authority/device.ts';
import { devicePage as typedAt } from '../authority/device-page.ts';
import type { Call, Reply } from '../call.ts';
import { jsonReply } from '../replies.ts';
import { deviceSpans } from './directory.ts';
import { aadError } from './errors.ts';
import { readScopes, scopeWords } from './scopes.ts';
import { head } from './sign-in.ts';
import { readRequest } from './token-request.ts';

const page = ['microsoft.com', '/devicelogin'] as const;

/** Only the id is asked for here, of confidential clients too. There is no verification_uri_complete. */
export function deviceCode(call: Call): Reply {
  const request = readRequest(call, true);
  if ('reply' in request) return request.reply;
  const { client, form, tenant } = request;
  const read = readScopes(form.get('scope') ?? '');
  if (!read.ok) return aadError(call, read.number, { words: read.says });
  if (read.scopes.length === 0) {
    call.violation('scope', 'scope is missing');
    return aadError(call, '900144');
  }
  const device = { clientId: client.id, scopes: read.scopes, more: { tenant, asked: read.scopes } };
  const { deviceCode: device_code, userCode: user_code } = startDevice(call, device, deviceSpans);
  const verification_uri = `https://${page.join('')}`;
  return jsonReply(200, {
    user_code,
    device_code,
    verification_uri,
    expires_in: deviceSpans.seconds,
    interval: deviceSpans.intervalSeconds,
    message: `To sign in, open ${verification_uri} in a browser and enter the code ${user_code}.`,
  });
}

export function devicePage(call: Call): Reply {
  return typedAt(call, { head, at: page, isFixed: () => true, words: scopeWords });
}
