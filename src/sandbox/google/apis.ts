// The three API calls that tell who is there: userinfo, the Gmail profile, and about in Drive.
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import type { Call, Reply } from '../call.ts';
import { jsonReply } from '../replies.ts';
import {
  apiDisabled,
  fieldsRequired,
  invalidField,
  missingCredentials,
  scopesInsufficient,
  unauthenticated,
} from './api-errors.ts';
import { type AccessRecord, findAccess, findGrant } from './google-state.ts';
import { claims } from './id-token.ts';
import { accountOf } from './project.ts';
import { driveAboutScopes, gmailProfileScopes, isIdentity } from './scopes.ts';

/** OpenID Connect Core §5.3; a dead token is told in OAuth's words, not in those of Google's other APIs. */
export function userinfo(call: Call): Reply {
  const token = bearer(call);
  const record = token === undefined ? undefined : findAccess(call, token);
  if (token !== undefined && record === undefined)
    return jsonReply(401, { error: 'invalid_request', error_description: 'Invalid Credentials' });
  if (record === undefined) return missingCredentials();
  if (record.scopes.some(isIdentity)) return jsonReply(200, claims(record.account, record.scopes));
  call.violation('scope', 'userinfo was asked with a token that has no identity scope');
  return missingCredentials();
}

/** https://developers.google.com/workspace/gmail/api/reference/rest/v1/users/getProfile */
export function gmailProfile(call: Call): Reply {
  const allowed = admit(call, 'gmail', gmailProfileScopes);
  if ('reply' in allowed) return allowed.reply;
  return jsonReply(200, {
    emailAddress: accountOf(allowed.record.account).email,
    messagesTotal: 1843,
    threadsTotal: 1271,
    historyId: '90417',
  });
}

/** https://developers.google.com/workspace/drive/api/reference/rest/v3/about/get: `fields` is mandatory. */
export function driveAbout(call: Call): Reply {
  const allowed = admit(call, 'drive', driveAboutScopes);
  if ('reply' in allowed) return allowed.reply;
  const fields = call.query.get('fields');
  if (fields === undefined) {
    call.violation('fields', "Drive's about was asked without `fields`");
    return fieldsRequired();
  }
  const account = accountOf(allowed.record.account);
  const about = {
    kind: 'drive#about',
    user: {
      kind: 'drive#user',
      displayName: account.name,
      me: true,
      permissionId: account.sub.slice(1),
      emailAddress: account.email,
    },
  };
  return select(call, about, fields);
}

/** Token, switched-on API, scope: in this order. */
function admit(
  call: Call,
  api: 'gmail' | 'drive',
  needsAny: readonly string[],
): { readonly record: AccessRecord } | { readonly reply: Reply } {
  const token = bearer(call);
  if (token === undefined) return { reply: missingCredentials() };
  const record = findAccess(call, token);
  if (record === undefined) return { reply: unauthenticated() };
  const off = call.peek('api-off');
  if ((off === 'both' || off === api) && call.switched('api-off') !== undefined)
    return { reply: apiDisabled(api, call.switched('api-off-names')) };
  if (record.scopes.some((scope) => needsAny.includes(scope))) return { record };
  call.violation('scope', `the ${api} call was made with a token that has none of its scopes`);
  return { reply: scopesInsufficient(api, needsAny) };
}

/** RFC 6750 §2.1. A token in the query is not read. */
function bearer(call: Call): string | undefined {
  if (call.query.get('access_token') !== undefined)
    call.violation('secret_in_url', 'access_token in the URL, where logs keep it');
  const token = /^bearer +(\S+)$/i.exec(call.headers.authorization ?? '')?.[1];
  if (token === undefined) call.violation('token_missing', 'an API call without a bearer token');
  else if (findGrant(call, token) !== undefined)
    call.violation('wrong_token', 'a refresh token was sent where an access token belongs');
  return token;
}

/** The part of Google's field masks that makes sense here: `*`, names, and `name(…)` or `name/…` for what is inside. */
function select(call: Call, about: JsonObject, fields: string): Reply {
  if (fields === '*') return jsonReply(200, about);
  const chosen: Record<string, Json> = {};
  for (const field of fields.split(/,(?![^(]*\))/)) {
    const [, name = '', inner, path] = /^(\w+)(?:\((.+)\)|\/(.+))?$/.exec(field) ?? [];
    const wanted = (inner ?? path)?.split(',');
    const whole = Object.hasOwn(about, name) ? about[name] : undefined;
    const picked = wanted === undefined ? whole : pick(whole, wanted);
    if (picked === undefined) {
      call.violation('fields', `Drive's about has no field '${field}'`);
      return invalidField(field);
    }
    chosen[name] = picked;
  }
  return jsonReply(200, chosen);
}

function pick(whole: Json | undefined, names: readonly string[]): JsonObject | undefined {
  if (!isJsonObject(whole) || !names.every((name) => Object.hasOwn(whole, name))) return undefined;
  return Object.fromEntries(Object.entries(whole).filter(([name]) => names.includes(name)));
}
