// POST https://auth.atlassian.com/oauth/token: JSON, and 403 for whatever is wrong with a code or a refresh token.
// https://developer.atlassian.com/cloud/oauth/getting-started/refresh-tokens/ (read 2026-11)
import type { JsonObject } from '../../model/json.ts';
import { readJsonBody } from '../authority/bodies.ts';
import { type AuthorityClient, judgeClient, readCredentials } from '../authority/clients.ts';
import { redeemCode } from '../authority/codes.ts';
import {
  expiryMembers,
  extraMembers,
  type Issued,
  judgeRefresh,
  refreshGrant,
  startGrant,
} from '../authority/grants.ts';
import type { Call, Reply } from '../call.ts';
import type { Params } from '../params.ts';
import { jsonReply, oauthError } from '../replies.ts';
import { clients, tokenRule } from './registration.ts';

/** The client that asks, or what it is told instead. */
export function readClient(call: Call, body: Params): { client: AuthorityClient } | { reply: Reply } {
  const judged = judgeClient(call, readCredentials(call, body), { clients, places: ['body'] });
  if (judged.ok) return { client: judged.client };
  const error = call.switched('trello-wrong-client') ?? 'invalid_client';
  return { reply: oauthError(401, error, 'Unauthorized') };
}

export function token(call: Call): Reply {
  const body = readJsonBody(call);
  const asking = readClient(call, body);
  if ('reply' in asking) return asking.reply;
  switch (body.get('grant_type')) {
    case 'authorization_code':
      return exchange(call, asking.client, body);
    case 'refresh_token':
      return refresh(call, asking.client, body);
    default:
      call.violation('grant_type', "grant_type is none of Atlassian's");
      return oauthError(400, 'unsupported_grant_type', 'Unsupported grant type');
  }
}

/** 403: https://community.atlassian.com/t5/Jira-Software-questions/Exchange-authorization-code-for-access-token-gt-403-error/qaq-p/1442839 */
function exchange(call: Call, client: AuthorityClient, body: Params): Reply {
  const redeemed = redeemCode(call, {
    code: body.get('code'),
    clientId: client.id,
    redirectUri: body.get('redirect_uri'),
    verifier: body.get('code_verifier'),
  });
  if (!redeemed.ok && redeemed.why === 'code_missing') return oauthError(400, 'invalid_request', 'code is required');
  if (!redeemed.ok) return oauthError(403, 'invalid_grant', 'Invalid authorization code');
  const { clientId, person, scopes, more } = redeemed.allowed;
  const offline = scopes.includes('offline_access');
  const issued = startGrant(call, { clientId, person, scopes, more }, tokenRule(call), offline);
  return tokenAnswer(call, issued, scopes);
}

function refresh(call: Call, client: AuthorityClient, body: Params): Reply {
  const rule = tokenRule(call);
  const judged = judgeRefresh(call, body.get('refresh_token'), client.id, rule);
  if (!judged.ok) {
    if (judged.why === 'refresh_token_missing') return oauthError(400, 'invalid_request', 'refresh_token is required');
    return oauthError(403, 'invalid_grant', 'Unknown or invalid refresh token.');
  }
  const issued = refreshGrant(call, judged, rule);
  if (call.switched('trello-untold-refresh') === undefined) return tokenAnswer(call, issued, judged.grant.scopes);
  // Seen by https://community.developer.atlassian.com/t/oauth-rotating-tokens-unknown-or-invalid-refresh-token/54555:
  // the client has nothing but the old token then, so that sending it again is no slip.
  judged.refresh.lost = true;
  return tokenAnswer(call, { ...issued, refreshToken: undefined }, judged.grant.scopes);
}

/** Whether token_type is always there is unverified. */
function tokenAnswer(call: Call, issued: Issued, scopes: readonly string[]): Reply {
  const type: JsonObject = call.switched('trello-token-type') === undefined ? { token_type: 'Bearer' } : {};
  return jsonReply(200, {
    access_token: issued.accessToken,
    ...(issued.refreshToken === undefined ? {} : { refresh_token: issued.refreshToken }),
    ...expiryMembers(call, issued.accessSeconds),
    ...type,
    scope: scopes.join(' '),
    ...extraMembers(call),
  });
}
