// GET /1/members/me, and what there is to ask and do about a token of before: its facts, its owner, its end. Those tokens stand in the path.
// https://developer.atlassian.com/cloud/trello/rest/api-group-tokens/ and https://mrrefactoring.github.io/trello.js/recipes/tokens (read 2026-11)
import { createHash } from 'node:crypto';
import { toRfc3339 } from '../../model/instants.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import { endGrant } from '../authority/grant-ends.ts';
import { personOf } from '../authority/people.ts';
import { splitScopes } from '../authority/scope-lists.ts';
import type { Call, Reply } from '../call.ts';
import { apiAnswer, apiError, bearerError } from './api-replies.ts';
import { type Caller, judgeToken, keyComplaint, readCaller, readPair } from './caller.ts';
import { memberOf } from './registration.ts';

export function membersMe(call: Call): Reply {
  const caller = readCaller(call);
  if ('reply' in caller) return caller.reply;
  const { access, grant } = caller;
  const scope = grant.more.legacy === true ? 'read' : 'read:member:trello';
  if (access.scopes.includes(scope)) return memberAnswer(call, caller);
  call.violation('scope', `a call that needs ${scope}, which the token does not have`);
  return bearerError(call, 401, 'unauthorized permission requested');
}

function memberAnswer(call: Call, { access, grant }: Caller): Reply {
  const { id, username } = memberOf(grant.person);
  const { name, email } = personOf(grant.person);
  const member: JsonObject = {
    id,
    username,
    fullName: name,
    initials: name.replaceAll(/[a-z ]/g, ''),
    memberType: 'normal',
    confirmed: true,
    url: `https://trello.com/${username}`,
    email: access.scopes.includes('account') ? email : null,
  };
  return selected(call, member);
}

/** `fields=id,username`; the id always comes. */
function selected(call: Call, whole: JsonObject): Reply {
  const fields = call.query.get('fields');
  if (fields === undefined || fields === 'all') return apiAnswer(call, whole);
  const names = splitScopes(fields, ',');
  if (names.some((name) => !Object.hasOwn(whole, name))) {
    call.violation('fields', 'fields names what there is not');
    return apiError(call, 400, 'invalid value for fields');
  }
  const chosen = ['id', ...names].map((name): [string, Json] => [name, whole[name] ?? null]);
  return apiAnswer(call, Object.fromEntries(chosen));
}

/** That the key alone is enough, since the token is in the path, is unverified. */
function readPathToken(call: Call): Caller | { readonly reply: Reply } {
  const { key, token } = readPair(call);
  const complaint = keyComplaint(call, key);
  if (complaint !== undefined) return { reply: complaint };
  if (token === undefined && call.switched('trello-token-info') !== undefined)
    return { reply: apiError(call, 401, 'unauthorized permission requested') };
  const caller = token === undefined ? undefined : judgeToken(call, key, token);
  return caller !== undefined && 'reply' in caller ? caller : judgeToken(call, key, call.segments.token);
}

/** `dateExpires` is null for a token that never ends. Which permissions `account` brings is unverified. */
export function tokenInfo(call: Call): Reply {
  const caller = readPathToken(call);
  if ('reply' in caller) return caller.reply;
  const { access, grant } = caller;
  const member = memberOf(grant.person).id;
  const may = { read: access.scopes.includes('read'), write: access.scopes.includes('write') };
  return selected(call, {
    id: idOf(call),
    identifier: 'oauthctl',
    idMember: member,
    dateCreated: toRfc3339(access.issuedAt),
    dateExpires: access.expiresAt === null ? null : toRfc3339(access.expiresAt),
    permissions: [
      { idModel: member, modelType: 'Member', ...may },
      { idModel: '*', modelType: 'Board', ...may },
      { idModel: '*', modelType: 'Organization', ...may },
    ],
  });
}

/** The token's own id is not the token. */
function idOf(call: Call): string {
  return createHash('sha256').update(`trello id ${call.segments.token}`).digest('hex').slice(0, 24);
}

export function tokenOwner(call: Call): Reply {
  const caller = readPathToken(call);
  return 'reply' in caller ? caller.reply : memberAnswer(call, caller);
}

export function deleteToken(call: Call): Reply {
  const caller = readPathToken(call);
  if ('reply' in caller) return caller.reply;
  endGrant(call, caller.grantId);
  return apiAnswer(call, { _value: null });
}
