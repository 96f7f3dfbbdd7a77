// https://www.google.com/device: where a person types the code that a device shows, and decides.
import type { Call, Reply } from '../call.ts';
import { isForm, type Params, parseParams } from '../params.ts';
import { normalUserCode } from '../secrets.ts';
import { hashOf } from '../state.ts';
import { isForeignForm, tickedOnPage } from './authorize.ts';
import { type DeviceRecord, googleState, rememberConsent } from './google-state.ts';
import { accountPage, browserErrorPage, consentPage, deviceCodePage, deviceDonePage } from './pages.ts';
import { signedIn, tickedByItself } from './person.ts';
import { accountNamed } from './project.ts';

export function devicePage(call: Call): Reply {
  const action = call.pageUrl('www.google.com', '/device');
  if (call.method === 'GET') return deviceCodePage({ action, carries: {} }, call.query.get('user_code') ?? '');
  const form = isForm(call.headers) ? parseParams(call.body) : parseParams('');
  if (isForeignForm(call))
    return browserErrorPage({ error: 'invalid_request', words: 'The form came from another site.' });
  const typed = form.get('user_code') ?? '';
  const wanted = hashOf(normalUserCode(typed));
  const device = Object.values(googleState(call).devices).find(
    ({ userCode, answer, expiresAt }) => userCode === wanted && answer === null && expiresAt > call.at,
  );
  if (device === undefined)
    return deviceCodePage({ action, carries: {} }, typed, 'That is not a code that waits for you. Look again.');
  return decideDevice(call, action, form, device);
}

function decideDevice(call: Call, action: string, form: Params, device: DeviceRecord): Reply {
  const userCode = normalUserCode(form.get('user_code') ?? '');
  const answer = form.get('answer');
  if (answer === 'switch') return accountPage({ action, carries: { user_code: userCode } });
  const account = accountNamed(form.get('account')) ?? signedIn(call);
  if (answer === undefined)
    return consentPage({
      action,
      carries: { user_code: userCode, account: account.email },
      account,
      scopes: device.scopes,
      ticked: tickedByItself(call, device.scopes),
    });
  const scopes = tickedOnPage(form, device.scopes);
  const allowed = answer === 'allow' && scopes.length > 0 && call.switched('consent-denied') === undefined;
  device.answer = allowed ? { account: account.sub, scopes } : 'denied';
  if (allowed) rememberConsent(call, account.sub, device.clientId, scopes);
  return deviceDonePage(allowed);
}
