// POST https://oauth2.googleapis.com/revoke: no client authentication, either kind of token, and the whole project's grants go.
// https://developers.google.com/identity/protocols/oauth2/native-app#tokenrevoke
import { readForm } from '../authority/bodies.ts';
import type { Call, Reply } from '../call.ts';
import { jsonReply, oauthError } from '../replies.ts';
import { endAccount, findAccess, findGrant } from './google-state.ts';

export function revoke(call: Call): Reply {
  const form = readForm(call);
  // Google's own example puts the token into the query of the POST; it works, and is in the violation log.
  const token = form.get('token') ?? call.query.get('token');
  if (token === undefined) {
    call.violation('token_missing', 'a revocation without a token');
    return oauthError(400, 'invalid_request', 'Missing required parameter: token');
  }
  const grant = findGrant(call, token);
  const live = grant?.endedAt === null ? grant : findAccess(call, token);
  if (live === undefined)
    return call.switched('revoke-dead') === 'accepted'
      ? jsonReply(200, {})
      : oauthError(400, 'invalid_token', 'Token expired or revoked');
  endAccount(call, live.account);
  return jsonReply(200, {});
}
