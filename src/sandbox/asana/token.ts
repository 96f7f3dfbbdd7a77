// POST https://app.asana.com/-/oauth_token and /-/oauth_revoke: forms with the client's id and secret in them.
// https://developers.asana.com/docs/oauth (read 2026-11)
import type { JsonObject } from '../../model/json.ts';
import { readForm } from '../authority/bodies.ts';
import { type AuthorityClient, judgeClient, readCredentials } from '../authority/clients.ts';
import { redeemCode } from '../authority/codes.ts';
import { endGrant, findToken } from '../authority/grant-ends.ts';
import {
  expiryMembers,
  extraMembers,
  type Issued,
  judgeRefresh,
  refreshGrant,
  startGrant,
} from '../authority/grants.ts';
import { personOf } from '../authority/people.ts';
import type { Call, Reply } from '../call.ts';
import type { Params } from '../params.ts';
import { jsonReply, oauthError } from '../replies.ts';
import { clients, gidOf, tokenRule } from './registration.ts';

/** Asana's own PKCE sample sends the secret too; that it must is unverified. https://github.com/Asana/devrel-examples */
function readRequest(call: Call): { client: AuthorityClient; form: Params } | { reply: Reply } {
  const form = readForm(call);
  const secretOptional = call.peek('asana-secret') !== undefined;
  const judged = judgeClient(call, readCredentials(call, form), { clients, places: ['body'], secretOptional });
  if (judged.ok) return { client: judged.client, form };
  const error = judged.why === 'id_missing' ? 'invalid_request' : 'invalid_client';
  return { reply: oauthError(400, error, 'The client_id or client_secret is missing or wrong.') };
}

export function token(call: Call): Reply {
  const request = readRequest(call);
  if ('reply' in request) return request.reply;
  const { client, form } = request;
  switch (form.get('grant_type')) {
    case 'authorization_code':
      return exchange(call, client, form);
    case 'refresh_token':
      return refresh(call, client, form);
    default:
      call.violation('grant_type', "grant_type is none of Asana's");
      return oauthError(400, 'unsupported_grant_type', 'The grant_type is not supported.');
  }
}

function exchange(call: Call, client: AuthorityClient, form: Params): Reply {
  const redeemed = redeemCode(call, {
    code: form.get('code'),
    clientId: client.id,
    redirectUri: form.get('redirect_uri'),
    verifier: form.get('code_verifier'),
  });
  if (!redeemed.ok)
    return oauthError(
      400,
      redeemed.why === 'code_missing' ? 'invalid_request' : 'invalid_grant',
      'The code, redirect_uri or code_verifier is not the one that was expected.',
    );
  const { clientId, person, scopes, more } = redeemed.allowed;
  const without = withoutSecret(call, form, more.pkce === true);
  if (without !== undefined) return without;
  const issued = startGrant(call, { clientId, person, scopes, more }, tokenRule);
  return tokenAnswer(call, issued, { data: account(call, person) });
}

/** Where the secret is optional it is so for what a challenge protects. */
function withoutSecret(call: Call, form: Params, pkce: boolean): Reply | undefined {
  if (pkce || form.get('client_secret') !== undefined) return undefined;
  call.violation('secret_missing', 'neither a secret nor a challenge');
  return oauthError(400, 'invalid_client', 'The client_secret is missing.');
}

function refresh(call: Call, client: AuthorityClient, form: Params): Reply {
  const judged = judgeRefresh(call, form.get('refresh_token'), client.id, tokenRule);
  if (!judged.ok)
    return judged.why === 'refresh_token_missing'
      ? oauthError(400, 'invalid_request', 'The refresh_token is missing.')
      : oauthError(400, 'invalid_grant', 'The refresh_token provided is invalid.');
  const without = withoutSecret(call, form, judged.grant.more.pkce === true);
  return without ?? tokenAnswer(call, refreshGrant(call, judged, tokenRule), {});
}

/** No `scope`, and no refresh token at a refresh unless `rotation` is switched. */
function tokenAnswer(call: Call, { accessToken, accessSeconds, refreshToken }: Issued, more: JsonObject): Reply {
  return jsonReply(200, {
    access_token: accessToken,
    token_type: 'bearer',
    ...expiryMembers(call, accessSeconds),
    ...more,
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    ...extraMembers(call),
  });
}

/** Documented with `id`, seen with `gid`. */
function account(call: Call, person: string): JsonObject {
  const gid = gidOf(person);
  const how = call.switched('asana-data');
  const { name, email } = personOf(person);
  return { ...(how === undefined ? { gid } : { id: how === 'id' ? gid : Number(gid) }), name, email };
}

/** Refresh tokens only. What is not known is not refused, so 200 proves nothing. */
export function revoke(call: Call): Reply {
  const request = readRequest(call);
  if ('reply' in request) return request.reply;
  const text = request.form.get('token');
  if (text === undefined) {
    call.violation('token_missing', 'a request about no token');
    return oauthError(400, 'invalid_request', 'The token is missing.');
  }
  const found = findToken(call, text);
  if (found?.kind === 'access') {
    call.violation('wrong_token', 'an access token was sent where a refresh token belongs');
    return oauthError(400, 'invalid_request', 'Only refresh tokens can be revoked.');
  }
  if (found?.live && found.grant.clientId === request.client.id) {
    endGrant(call, found.grantId);
    return jsonReply(200, {});
  }
  if (found?.live) call.violation('token_of_another', "another client's token");
  return call.switched('revoke-dead') === 'refused'
    ? oauthError(400, 'invalid_grant', 'The token is not known.')
    : jsonReply(200, {});
}

/** RFC 7662. That Asana has it is reported without an address, so this one is the sandbox's own. */
export function introspect(call: Call): Reply {
  if (call.peek('asana-introspection') === undefined) {
    call.violation('unknown_path', 'an introspection endpoint that nobody announced');
    return jsonReply(404, { errors: [{ message: 'No matching route for request' }] });
  }
  const request = readRequest(call);
  if ('reply' in request) return request.reply;
  const found = findToken(call, request.form.get('token'));
  if (!found?.live || found.grant.clientId !== request.client.id) return jsonReply(200, { active: false });
  const { scopes, clientId, person } = found.grant;
  return jsonReply(200, { active: true, scope: scopes.join(' '), client_id: clientId, sub: gidOf(person) });
}
