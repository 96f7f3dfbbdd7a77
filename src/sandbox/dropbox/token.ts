// POST https://api.dropboxapi.com/oauth2/token: a form, errors at 400. A verifier stands for the secret, never for the client id.
// https://developers.dropbox.com/oauth-guide and https://github.com/dropbox/dbxcli (read 2026-11)
import type { JsonObject } from '../../model/json.ts';
import type { Allowed } from '../authority/authority-state.ts';
import { readForm } from '../authority/bodies.ts';
import { type AuthorityClient, judgeClient, readCredentials } from '../authority/clients.ts';
import { redeemCode } from '../authority/codes.ts';
import { findToken } from '../authority/grant-ends.ts';
import {
  expiryMembers,
  extraMembers,
  type Issued,
  judgeRefresh,
  refreshGrant,
  startGrant,
} from '../authority/grants.ts';
import { splitScopes } from '../authority/scope-lists.ts';
import type { Call, Reply } from '../call.ts';
import { type Params, parseParams } from '../params.ts';
import { jsonReply, oauthError } from '../replies.ts';
import { idToken } from './identity.ts';
import { accountOf, clients, legacyRule, team, tokenRule } from './registration.ts';

export function token(call: Call): Reply {
  const body = readParams(call);
  const judged = judgeClient(call, readCredentials(call, body), {
    clients,
    places: ['basic', 'body'],
    secretOptional: goesWithoutSecret(call, body),
  });
  if (!judged.ok) return oauthError(400, 'invalid_client', 'Invalid client_id or client_secret');
  switch (body.get('grant_type')) {
    case 'authorization_code':
      return exchange(call, judged.client, body);
    case 'refresh_token':
      return refresh(call, judged.client, body);
    default:
      call.violation('grant_type', "grant_type is none of Dropbox's");
      return oauthError(400, 'unsupported_grant_type', 'Unsupported grant_type');
  }
}

/** The vendor's JavaScript SDK puts everything into the URL, and Dropbox lets it: https://github.com/dropbox/dropbox-sdk-js */
function readParams(call: Call): Params {
  const form = readForm(call);
  return form.names.length > 0 ? form : parseParams(call.url.search);
}

/** With a verifier, or with a refresh token that came by one. */
function goesWithoutSecret(call: Call, body: Params): boolean {
  if (body.get('grant_type') !== 'refresh_token') return body.get('code_verifier') !== undefined;
  return findToken(call, body.get('refresh_token'))?.grant.more.byVerifier === true;
}

function exchange(call: Call, client: AuthorityClient, body: Params): Reply {
  const verifier = body.get('code_verifier');
  if (client.secret === undefined && verifier === undefined) {
    call.violation('verifier', 'neither a verifier nor a secret came with the code');
    return oauthError(400, 'invalid_client', 'No auth function available for given request');
  }
  const redeemed = redeemCode(call, {
    code: body.get('code'),
    clientId: client.id,
    redirectUri: body.get('redirect_uri'),
    verifier,
  });
  if (!redeemed.ok && redeemed.why === 'code_missing') return oauthError(400, 'invalid_request', 'code is missing');
  if (!redeemed.ok) return oauthError(400, 'invalid_grant', "code doesn't exist or has expired");
  const { allowed } = redeemed;
  const { access } = allowed.more;
  const teamShape = call.switched('dropbox-team');
  const issued = startGrant(
    call,
    {
      clientId: client.id,
      person: allowed.person,
      scopes: allowed.scopes,
      more: { byVerifier: verifier !== undefined, team: teamShape !== undefined },
    },
    access === 'legacy' ? legacyRule : tokenRule,
    access === 'offline',
  );
  return jsonReply(200, {
    ...tokenMembers(call, issued),
    scope: allowed.scopes.join(' '),
    ...(issued.refreshToken === undefined ? {} : { refresh_token: issued.refreshToken }),
    ...owner(allowed.person, teamShape),
    ...identity(call, allowed, issued),
    ...extraMembers(call),
  });
}

function tokenMembers(call: Call, issued: Issued): JsonObject {
  return {
    access_token: issued.accessToken,
    token_type: 'bearer',
    ...expiryMembers(call, issued.accessSeconds),
  };
}

/** Whether team_id comes in place of account_id is unverified. */
function owner(person: string, teamShape: string | undefined): JsonObject {
  const { uid, accountId } = accountOf(person);
  if (teamShape === 'instead') return { uid, team_id: team.id };
  return { uid, account_id: accountId, ...(teamShape === undefined ? {} : { team_id: team.id }) };
}

function identity(call: Call, { clientId, person, scopes, more }: Allowed, { accessToken }: Issued): JsonObject {
  if (!scopes.includes('openid')) return {};
  const nonce = typeof more.nonce === 'string' ? more.nonce : null;
  return { id_token: idToken(call, { clientId, person, scopes, accessToken, nonce }) };
}

/** Three members come, and no new refresh token. `scope` may ask for less: https://github.com/dropbox/dropbox-sdk-js */
function refresh(call: Call, client: AuthorityClient, body: Params): Reply {
  const judged = judgeRefresh(call, body.get('refresh_token'), client.id, tokenRule);
  if (!judged.ok) {
    const missing = judged.why === 'refresh_token_missing';
    return oauthError(400, missing ? 'invalid_request' : 'invalid_grant', 'refresh token is invalid or revoked');
  }
  const asked = splitScopes(body.get('scope'));
  const beyond = asked.filter((scope) => !judged.grant.scopes.includes(scope));
  if (beyond.length > 0) {
    call.violation('scope', 'a refresh asked for more than was granted');
    return oauthError(400, 'invalid_scope', 'scope was not granted');
  }
  const issued = refreshGrant(call, judged, tokenRule, asked.length === 0 ? judged.grant.scopes : asked);
  return jsonReply(200, {
    ...tokenMembers(call, issued),
    ...(issued.refreshToken === undefined ? {} : { refresh_token: issued.refreshToken }),
    ...extraMembers(call),
  });
}
