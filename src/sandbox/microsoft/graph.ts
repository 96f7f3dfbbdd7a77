// The calls of Microsoft Graph that show who is there and whether mail and teams may be read.
// https://learn.microsoft.com/en-us/graph/errors and https://learn.microsoft.com/en-us/entra/identity-platform/userinfo (read 2026-11)
import type { JsonObject } from '../../model/json.ts';
import type { Allowed } from '../authority/authority-state.ts';
import { judgeAccess, readBearer } from '../authority/bearer.ts';
import { findToken, isLive } from '../authority/grant-ends.ts';
import { personOf } from '../authority/people.ts';
import type { Call, Reply } from '../call.ts';
import { jsonReply } from '../replies.ts';
import { accountOf, isPersonal, pairwiseSubject } from './directory.ts';
import { forbidden, graphError, unauthenticated } from './graph-errors.ts';
import { isGraph, ofOneResource } from './scopes.ts';
import { refusedToPersonal } from './sign-in.ts';

interface Holder extends Pick<Allowed, 'clientId' | 'person'> {
  readonly scopes: readonly string[];
}

/** The person of a token that is for Graph and has one of these scopes; or what its bearer is told. */
function admit(call: Call, needsAny: readonly string[]): Holder | { readonly reply: Reply } {
  const token = readBearer(call);
  const judged = judgeAccess(call, token);
  const holder = judged.ok ? { ...judged.grant, scopes: judged.access.scopes } : outlived(call, token);
  if (holder === undefined) return { reply: unauthenticated(call, judged.ok ? 'unknown' : judged.why) };
  if (!isGraph(holder.scopes)) {
    call.violation('audience', "a token of another resource than Graph's");
    return { reply: unauthenticated(call, 'audience') };
  }
  const { clientId, person } = holder;
  if (isPersonal(person) && refusedToPersonal(call, needsAny))
    return { reply: forbidden(call, 'This API is not supported for personal accounts.') };
  const scopes = ofOneResource(holder.scopes);
  if (needsAny.some((scope) => scopes.includes(scope))) return { clientId, person, scopes };
  call.violation('scope', `${call.url.pathname} was called with a token that has none of its scopes`);
  return { reply: forbidden(call, `Missing scope permissions. API requires one of '${needsAny.join(', ')}'.`) };
}

/** A grant that was removed leaves its access tokens their hour: https://learn.microsoft.com/en-us/entra/identity-platform/access-tokens */
function outlived(call: Call, token: string | undefined): Holder | undefined {
  const found = findToken(call, token);
  if (found?.kind !== 'access' || call.peek('microsoft-revoked') !== undefined) return undefined;
  const { record, grant } = found;
  const goesOn = record.endedAt === null && isLive(call, record.expiresAt);
  return goesOn ? { ...grant, scopes: record.scopes } : undefined;
}

/** OpenID Connect Core §5.3, served by Graph. */
export function userinfo(call: Call): Reply {
  const holder = admit(call, ['openid']);
  if ('reply' in holder) return holder.reply;
  const { name, givenName: given_name, familyName: family_name, email } = personOf(holder.person);
  const picture = 'https://graph.microsoft.com/v1.0/me/photo/$value';
  return jsonReply(200, {
    sub: pairwiseSubject(holder.clientId, holder.person),
    ...(holder.scopes.includes('profile') ? { name, family_name, given_name, picture } : {}),
    ...(holder.scopes.includes('email') ? { email } : {}),
  });
}

/** https://learn.microsoft.com/en-us/graph/api/user-get */
export function me(call: Call): Reply {
  const holder = admit(call, ['User.Read', 'User.ReadBasic.All', 'User.Read.All']);
  if ('reply' in holder) return holder.reply;
  const { name, givenName, familyName, email } = personOf(holder.person);
  const user: JsonObject = {
    displayName: name,
    givenName,
    surname: familyName,
    mail: isPersonal(holder.person) ? null : email,
    userPrincipalName: email,
    id: accountOf(holder.person).graphId,
  };
  const chosen = call.query.get('$select')?.split(',') ?? Object.keys(user);
  const unknown = chosen.find((name) => !Object.hasOwn(user, name));
  if (unknown !== undefined)
    return graphError(
      call,
      400,
      'BadRequest',
      `Could not find a property named '${unknown}' on type 'microsoft.graph.user'.`,
    );
  const entity = Object.fromEntries(chosen.map((name) => [name, user[name] ?? null]));
  return jsonReply(200, { '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#users/$entity', ...entity });
}

/** The handler of a list with one item. */
export function list(name: string, needsAny: readonly string[], item: JsonObject) {
  return (call: Call): Reply => {
    const holder = admit(call, needsAny);
    if ('reply' in holder) return holder.reply;
    return jsonReply(200, { '@odata.context': `https://graph.microsoft.com/v1.0/$metadata#${name}`, value: [item] });
  };
}
