// The page where a person types the code that a device shows, and decides: RFC 8628 §3.3.
import type { Call, Reply } from '../call.ts';
import { isForm, type Params, parseParams } from '../params.ts';
import { normalUserCode } from '../secrets.ts';
import { hashOf } from '../state.ts';
import { authorityState, type DeviceRecord } from './authority-state.ts';
import { foreignForm, isForeignForm, type ScopeLook, scopeChoices, tickedOnPage } from './authorize.ts';
import { accountPage, consentPage, deviceCodePage, deviceDonePage, type PageHead } from './pages.ts';
import { personNamed, signedIn } from './people.ts';

export interface DevicePageRule extends ScopeLook {
  readonly head: PageHead;
  /** Host and path of this very page. */
  readonly at: readonly [string, string];
}

/** The handler of GET and POST. */
export function devicePage(call: Call, rule: DevicePageRule): Reply {
  const page = { head: rule.head, action: call.pageUrl(...rule.at), carries: {} };
  if (call.method === 'GET') return deviceCodePage(page, call.query.get('user_code') ?? '');
  if (isForeignForm(call)) return foreignForm();
  const form = isForm(call.headers) ? parseParams(call.body) : parseParams('');
  const typed = form.get('user_code') ?? '';
  const wanted = hashOf(normalUserCode(typed));
  const device = Object.values(authorityState(call).devices).find(
    ({ userCode, answer, expiresAt }) => userCode === wanted && answer === null && expiresAt > call.at,
  );
  if (device === undefined) return deviceCodePage(page, typed, 'That is not a code that waits for you. Look again.');
  return decideDevice(call, form, device, rule);
}

function decideDevice(call: Call, form: Params, device: DeviceRecord, rule: DevicePageRule): Reply {
  const { head } = rule;
  const page = { head, action: call.pageUrl(...rule.at) };
  const userCode = normalUserCode(form.get('user_code') ?? '');
  const answer = form.get('answer');
  if (answer === 'switch') return accountPage({ ...page, carries: { user_code: userCode } });
  const person = personNamed(form.get('account')) ?? signedIn(call);
  if (answer === undefined) {
    const carries = { user_code: userCode, account: person.email };
    return consentPage({ ...page, carries, person, choices: scopeChoices(call, device.scopes, rule) });
  }
  const scopes = tickedOnPage(form, device.scopes, rule);
  const nothing = device.scopes.length > 0 && scopes.length === 0;
  const allowed = answer === 'allow' && !nothing && call.switched('consent-denied') === undefined;
  device.answer = allowed ? { person: person.key, scopes } : 'denied';
  return deviceDonePage(head, allowed);
}
