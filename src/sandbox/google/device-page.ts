// https://www.google.com/device: where a person types the code that a device shows, and decides.
import { foreignForm, isForeignForm, tickedOnPage } from '../authority/authorize.ts';
import { accountPage, deviceCodePage, deviceDonePage } from '../authority/pages.ts';
import type { Call, Reply } from '../call.ts';
import { isForm, type Params, parseParams } from '../params.ts';
import { normalUserCode } from '../secrets.ts';
import { hashOf } from '../state.ts';
import { type DeviceRecord, googleState, rememberConsent } from './google-state.ts';
import { consentPage, head } from './pages.ts';
import { signedIn } from './person.ts';
import { accountNamed } from './project.ts';
import { isIdentity } from './scopes.ts';

export function devicePage(call: Call): Reply {
  const action = call.pageUrl('www.google.com', '/device');
  if (call.method === 'GET') return deviceCodePage({ head, action, carries: {} }, call.query.get('user_code') ?? '');
  const form = isForm(call.headers) ? parseParams(call.body) : parseParams('');
  if (isForeignForm(call)) return foreignForm();
  const typed = form.get('user_code') ?? '';
  const wanted = hashOf(normalUserCode(typed));
  const device = Object.values(googleState(call).devices).find(
    ({ userCode, answer, expiresAt }) => userCode === wanted && answer === null && expiresAt > call.at,
  );
  if (device === undefined)
    return deviceCodePage({ head, action, carries: {} }, typed, 'That is not a code that waits for you. Look again.');
  return decideDevice(call, action, form, device);
}

function decideDevice(call: Call, action: string, form: Params, device: DeviceRecord): Reply {
  const userCode = normalUserCode(form.get('user_code') ?? '');
  const answer = form.get('answer');
  if (answer === 'switch') return accountPage({ head, action, carries: { user_code: userCode } });
  const account = accountNamed(form.get('account')) ?? signedIn(call);
  if (answer === undefined)
    return consentPage(
      call,
      { action, carries: { user_code: userCode, account: account.email } },
      account,
      device.scopes,
    );
  const scopes = tickedOnPage(form, device.scopes, { isFixed: isIdentity });
  const allowed = answer === 'allow' && scopes.length > 0 && call.switched('consent-denied') === undefined;
  device.answer = allowed ? { account: account.sub, scopes } : 'denied';
  if (allowed) rememberConsent(call, account.sub, device.clientId, scopes);
  return deviceDonePage(head, allowed);
}
