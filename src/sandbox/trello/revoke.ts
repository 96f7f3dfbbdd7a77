// POST https://auth.atlassian.com/oauth/revoke: in the server's metadata, but not in Trello's documentation. Whether it takes a token of a
// Trello client is unverified, hence the switch; so is the body, hence JSON or a form. RFC 7009.
import { readForm, readJsonBody } from '../authority/bodies.ts';
import { endGrant, endToken, findToken } from '../authority/grant-ends.ts';
import type { Call, Reply } from '../call.ts';
import { isForm } from '../params.ts';
import { emptyReply, oauthError, plainPage } from '../replies.ts';
import { readClient } from './token.ts';

export function revoke(call: Call): Reply {
  const switched = call.switched('trello-revoke');
  if (switched === '404') return plainPage(404, 'Not Found');
  if (switched === '403') return oauthError(403, 'access_denied', 'Not allowed for this client.');
  const body = isForm(call.headers) ? readForm(call) : readJsonBody(call);
  const asking = readClient(call, body);
  if ('reply' in asking) return asking.reply;
  const token = body.get('token');
  if (token === undefined) {
    call.violation('token_missing', 'a request about no token');
    return oauthError(400, 'invalid_request', 'token is required');
  }
  const found = findToken(call, token);
  if (found === undefined || !found.live)
    return call.switched('revoke-dead') === 'refused'
      ? oauthError(400, 'invalid_request', 'Unknown token.')
      : emptyReply(200);
  if (found.grant.clientId !== asking.client.id) {
    call.violation('token_of_another', "another client's token");
    return oauthError(400, 'invalid_grant', 'Unknown token.');
  }
  if (switched === 'lives') return emptyReply(200);
  if (found.kind === 'refresh') endGrant(call, found.grantId);
  else endToken(call, found);
  return emptyReply(200);
}
