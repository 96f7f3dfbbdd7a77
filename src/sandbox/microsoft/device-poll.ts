// The token endpoint's part of the device flow.
// https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-device-code (read 2026-11)
import { type DevicePoll, pollDevice } from '../authority/device.ts';
import { tickedByItself } from '../authority/people.ts';
import type { Call, Reply } from '../call.ts';
import { admits, type Tenant, usualPerson } from './directory.ts';
import { type Aadsts, aadError } from './errors.ts';
import { isIdentity } from './scopes.ts';
import { stopped } from './sign-in.ts';
import { startedGrant, tokenAnswer } from './token-answer.ts';
import { otherTenant, type TokenRequest } from './token-request.ts';

export function exchangeDevice(call: Call, { client, form, tenant }: TokenRequest): Reply {
  if (client.secret === undefined && call.switched('microsoft-public-flows') !== undefined)
    return aadError(call, '7000218');
  const poll = pollDevice(call, form.get('device_code'), client.id, isIdentity);
  if (poll.kind !== 'allowed') return refused(call, poll);
  const { device } = poll;
  if (device.more.tenant !== tenant) return otherTenant(call);
  const person = seated(call, poll.person, tenant);
  // The page where it ended kept the person; the device learns no more than that nothing came of it.
  if (stopped(call, person, poll.scopes, tenant) !== undefined) return refused(call, { kind: 'denied' });
  const allowed = {
    clientId: client.id,
    person,
    scopes: tickedByItself(call, poll.scopes, isIdentity),
    more: device.more,
  };
  const { issued, scopes } = startedGrant(call, allowed);
  return tokenAnswer(call, { client, person, issued, scopes, asked: allowed.scopes, nonce: undefined });
}

/** Nobody chose who answers by itself: then it is somebody who can sign in there. */
function seated(call: Call, person: string, tenant: Tenant): string {
  const chosen = call.consent !== 'auto' || call.peek('account') !== undefined;
  return chosen || admits(tenant, person) ? person : usualPerson(tenant).key;
}

type Refused = Exclude<DevicePoll['kind'], 'allowed'>;

/** RFC 8628 calls the second one access_denied. */
const answers: Readonly<Record<Refused, readonly [Aadsts, error?: string]>> = {
  pending: ['70016'],
  denied: ['65004', 'authorization_declined'],
  slow_down: ['70016', 'slow_down'],
  expired: ['70019'],
  unknown: ['70018'],
  code_of_another: ['70018'],
  replayed: ['54005'],
};

/** Their status is unverified, and so is whether Microsoft says slow_down at all. */
function refused(call: Call, poll: { readonly kind: Refused }): Reply {
  const status = Number(call.switched('microsoft-pending-status') ?? 400);
  const [number, error] = answers[paced(call, poll.kind)];
  return aadError(call, number, error === undefined ? { status } : { status, error });
}

function paced(call: Call, kind: Refused): Refused {
  if (kind !== 'pending' && kind !== 'slow_down') return kind;
  const said = kind === 'pending' ? 'in-time' : 'unspoken';
  const other = kind === 'pending' ? 'slow_down' : 'pending';
  return call.peek('microsoft-slow-down') === said && call.switched('microsoft-slow-down') !== undefined ? other : kind;
}
