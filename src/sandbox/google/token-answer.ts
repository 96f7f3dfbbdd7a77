// The answer that carries tokens: https://developers.google.com/identity/protocols/oauth2/native-app#exchange-authorization-code
import type { JsonObject } from '../../model/json.ts';
import type { Call, Reply } from '../call.ts';
import { jsonReply } from '../replies.ts';
import { type GrantRecord, issueAccess, issueGrant } from './google-state.ts';
import { idToken } from './id-token.ts';
import { type GoogleClient, spans } from './project.ts';

export interface Issue {
  readonly client: GoogleClient;
  readonly account: string;
  readonly scopes: readonly string[];
  /** At a refresh: the grant that was used. Google does not rotate, so no refresh token is in that answer. */
  readonly from: GrantRecord | 'new-grant' | 'no-grant';
  readonly nonce: string | null;
}

export function tokenAnswer(call: Call, issue: Issue): Reply {
  const made = madeGrant(call, issue);
  const expiry = accessExpiry(call);
  const { client, account, scopes, nonce } = issue;
  const offline = issue.from !== 'no-grant';
  const accessToken = issueAccess(call, { clientId: client.id, account, scopes, offline }, expiry.seconds);
  const identity = scopes.includes('openid')
    ? { id_token: idToken(call, { client, account, scopes, accessToken, nonce }) }
    : {};
  return jsonReply(200, {
    access_token: accessToken,
    ...expiry.members,
    ...(made === undefined ? {} : { refresh_token: made.refreshToken }),
    scope: scopes.join(' '),
    token_type: 'Bearer',
    ...identity,
    ...announcedEnd(call, made?.grant ?? issue.from),
    ...(call.switched('extra-fields') ? { future_member: { nested: [1, null] }, not_before_policy: 0 } : {}),
  });
}

function madeGrant(call: Call, issue: Issue) {
  if (issue.from !== 'new-grant' || call.switched('no-refresh-token') !== undefined) return undefined;
  return issueGrant(call, issue.client, issue.account, issue.scopes);
}

/** The 7 days of Testing are on the wire as 604799, although the documentation speaks of time-based access only. */
function announcedEnd(call: Call, grant: GrantRecord | 'new-grant' | 'no-grant'): JsonObject {
  if (typeof grant === 'string' || grant.endsAt === null || call.switched('testing') === 'silent') return {};
  const left = Math.floor((grant.endsAt - call.at) / 1000);
  return { refresh_token_expires_in: Math.min(left, spans.testingAnnouncedSeconds) };
}

function accessExpiry(call: Call): { seconds: number; members: JsonObject } {
  const seconds = Number(call.switched('access-life') ?? spans.accessSeconds);
  const written = { absent: {}, string: { expires_in: String(seconds) }, zero: { expires_in: 0 } };
  const how = call.switched('expires-in') as keyof typeof written | undefined;
  return { seconds, members: how === undefined ? { expires_in: seconds } : written[how] };
}
