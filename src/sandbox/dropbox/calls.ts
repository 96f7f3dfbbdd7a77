// The calls of Dropbox's API that tell who somebody is or whether a credential works, and the one that ends a grant.
// https://github.com/dropbox/dropbox-api-spec (users.stone, check.stone, openid.stone, auth.stone; read 2026-11)
import type { Json } from '../../model/json.ts';
import { judgeClient, readCredentials } from '../authority/clients.ts';
import { endGrant } from '../authority/grant-ends.ts';
import { personOf } from '../authority/people.ts';
import type { Call, Reply } from '../call.ts';
import { parseParams } from '../params.ts';
import { jsonReply } from '../replies.ts';
import { userinfoClaims } from './identity.ts';
import { accountOf, clients, team } from './registration.ts';
import { apiError, argumentlessComplaint, badRequest, readArgument, readCaller } from './rpc.ts';

export function currentAccount(call: Call): Reply {
  const complaint = argumentlessComplaint(call);
  if (complaint !== undefined) return complaint;
  const caller = readCaller(call, { scope: 'account_info.read', asMember: true });
  if ('reply' in caller) return caller.reply;
  const { grant } = caller;
  const { name, givenName, familyName, email } = personOf(grant.person);
  const { accountId, uid } = accountOf(grant.person);
  return jsonReply(200, {
    account_id: accountId,
    name: {
      given_name: givenName,
      surname: familyName,
      familiar_name: givenName,
      display_name: name,
      abbreviated_name: `${givenName.charAt(0)}${familyName.charAt(0)}`,
    },
    email,
    email_verified: true,
    disabled: false,
    country: 'GB',
    locale: 'en',
    is_paired: false,
    account_type: { '.tag': grant.more.team === true ? 'business' : 'basic' },
    ...(grant.more.team === true ? { team } : {}),
    root_info: { '.tag': 'user', root_namespace_id: uid, home_namespace_id: uid },
  });
}

export function userinfo(call: Call): Reply {
  const complaint = argumentlessComplaint(call);
  if (complaint !== undefined) return complaint;
  const caller = readCaller(call, { scope: 'openid', asMember: false });
  if ('reply' in caller) return caller.reply;
  return jsonReply(200, userinfoClaims(call, caller.grant.person, caller.access.scopes));
}

/** Says the query again, to those whose token works. */
export function checkUser(call: Call): Reply {
  if (call.switched('dropbox-check') === 'absent') return badRequest(call, 'Unknown API function.');
  const argument = readArgument(call);
  if ('reply' in argument) return argument.reply;
  const caller = readCaller(call, { scope: 'account_info.read', asMember: false });
  return 'reply' in caller ? caller.reply : echo(argument.value.query);
}

/** The same for the app: HTTP Basic with key and secret. What a wrong secret is told is unverified. */
export function checkApp(call: Call): Reply {
  if (call.switched('dropbox-check') === 'absent') return badRequest(call, 'Unknown API function.');
  const argument = readArgument(call);
  if ('reply' in argument) return argument.reply;
  const judged = judgeClient(call, readCredentials(call, parseParams('')), { clients, places: ['basic'] });
  return judged.ok ? echo(argument.value.query) : apiError(401, 'invalid_access_token');
}

function echo(query: Json | undefined): Reply {
  return jsonReply(200, { result: query ?? '' });
}

/** Ends the refresh token and every access token that came by it. The token of the call must still be alive. */
export function revoke(call: Call): Reply {
  const complaint = argumentlessComplaint(call);
  if (complaint !== undefined) return complaint;
  const caller = readCaller(call, { scope: null, asMember: false });
  if ('reply' in caller) return caller.reply;
  endGrant(call, caller.grantId);
  return jsonReply(200, null);
}
