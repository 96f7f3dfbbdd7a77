// How calls of Dropbox's API are read and refused: POST only, a body only where there is an argument, errors 400 in plain text.
// https://github.com/dropbox/dropbox-api-spec (auth.stone, read 2026-11)
import { isJsonObject, type JsonObject, parseJson } from '../../model/json.ts';
import type { AccessRecord, GrantRecord } from '../authority/authority-state.ts';
import { judgeAccess, readBearer } from '../authority/bearer.ts';
import { noteBody } from '../authority/bodies.ts';
import type { Call, Overload, Reply } from '../call.ts';
import { mediaType } from '../params.ts';
import { jsonReply, textReply } from '../replies.ts';
import { accountOf } from './registration.ts';

/** That some errors 400 are plain text is unverified. */
export function badRequest(call: Call, words: string): Reply {
  const text = `Error in call to API function "${call.url.pathname.slice(3)}": ${words}`;
  return call.switched('dropbox-400') === 'json'
    ? jsonReply(400, { error_summary: text, error: { '.tag': 'other' } })
    : textReply(400, text);
}

/** `error_summary` ends in dots that mean nothing. */
export function apiError(status: number, tag: string, more: JsonObject = {}): Reply {
  return jsonReply(status, { error_summary: `${tag}/..`, error: { '.tag': tag, ...more } });
}

/** Retry-After comes in the body too. */
export function overloaded(_call: Call, { status, seconds, headers }: Overload): Reply {
  if (status !== 429) return textReply(status, 'Dropbox is not available', headers);
  const error = { reason: { '.tag': 'too_many_requests' }, retry_after: seconds };
  return jsonReply(429, { error_summary: 'too_many_requests/..', error }, headers);
}

function methodComplaint(call: Call): Reply | undefined {
  if (call.method === 'POST') return undefined;
  call.violation('wrong_method', `${call.method} where every call is a POST`);
  return badRequest(call, 'Your request is made with the wrong method: POST is wanted.');
}

/** A call without an argument has no body and no content type. */
export function argumentlessComplaint(call: Call): Reply | undefined {
  const complaint = methodComplaint(call);
  if (complaint !== undefined) return complaint;
  noteBody(call);
  const type = mediaType(call.headers);
  const isFine = call.body === '' ? type === '' : call.body === 'null' && type === 'application/json';
  return isFine ? undefined : badRequest(call, 'request body: could not decode input as JSON');
}

/** The argument: a JSON object. */
export function readArgument(call: Call): { readonly value: JsonObject } | { readonly reply: Reply } {
  const complaint = methodComplaint(call);
  if (complaint !== undefined) return { reply: complaint };
  const value = mediaType(call.headers) === 'application/json' ? parseJson(call.body) : undefined;
  if (isJsonObject(value)) return { value };
  call.violation('content_type', 'the argument is not a JSON object');
  return { reply: badRequest(call, 'request body: could not decode input as JSON') };
}

type Caller = { readonly access: AccessRecord; readonly grant: GrantRecord; readonly grantId: string };

/** Who calls, by a live access token with this scope; `asMember`: a team's token must name one of its members. */
export function readCaller(
  call: Call,
  wants: { readonly scope: string | null; readonly asMember: boolean },
): Caller | { readonly reply: Reply } {
  const judged = judgeAccess(call, readBearer(call));
  if (!judged.ok) {
    if (judged.why === 'token_missing') return { reply: badRequest(call, 'The "Authorization" header is missing.') };
    return { reply: apiError(401, judged.why === 'expired' ? 'expired_access_token' : 'invalid_access_token') };
  }
  const { access, grant } = judged;
  const { scope, asMember } = wants;
  if (scope !== null && !access.scopes.includes(scope)) {
    call.violation('scope', `a call that needs ${scope}, which the token does not have`);
    return { reply: apiError(401, 'missing_scope', { required_scope: scope }) };
  }
  const member = asMember && grant.more.team === true ? memberComplaint(call, grant) : undefined;
  if (member !== undefined) return { reply: member };
  const refused = call.switched('dropbox-refusal');
  return refused === undefined ? judged : { reply: apiError(401, refused) };
}

function memberComplaint(call: Call, grant: GrantRecord): Reply | undefined {
  const selected = call.headers['dropbox-api-select-user'];
  if (selected === undefined)
    return badRequest(call, 'The token is for an entire team: "Dropbox-API-Select-User" must name a member.');
  return selected === accountOf(grant.person).teamMemberId ? undefined : apiError(401, 'invalid_select_user');
}
