// GET or POST https://oauth2.googleapis.com/tokeninfo: what a token is good for. Every value is a string, numbers and booleans too.
// Not in the metadata documents; described at https://developers.google.com/identity/protocols/oauth2 and seen on the wire.
import type { Call, Reply } from '../call.ts';
import { isForm, parseParams } from '../params.ts';
import { jsonReply } from '../replies.ts';
import { findAccess, findGrant } from './google-state.ts';
import { claims } from './id-token.ts';
import { emailScope, isIdentity } from './scopes.ts';

export function tokeninfo(call: Call): Reply {
  const posted = isForm(call.headers) ? parseParams(call.body) : parseParams('');
  const inUrl = call.query.get('access_token');
  if (inUrl !== undefined) call.violation('secret_in_url', 'access_token in the URL, where logs keep it');
  const token = posted.get('access_token') ?? inUrl;
  if (token === undefined) call.violation('token_missing', 'tokeninfo was asked about nothing');
  else if (findGrant(call, token) !== undefined)
    call.violation('wrong_token', 'a refresh token was sent where an access token belongs');
  const record = token === undefined ? undefined : findAccess(call, token);
  if (record === undefined) return invalid(call);
  const { clientId, scopes, account, expiresAt, offline } = record;
  const email = scopes.includes(emailScope) ? String(claims(account, scopes).email) : undefined;
  return jsonReply(200, {
    azp: clientId,
    aud: clientId,
    ...(scopes.some(isIdentity) ? { sub: account } : {}),
    scope: scopes.join(' '),
    exp: String(Math.floor(expiresAt / 1000)),
    expires_in: String(Math.floor((expiresAt - call.at) / 1000)),
    ...(email === undefined ? {} : { email, email_verified: 'true' }),
    access_type: offline ? 'offline' : 'online',
  });
}

/** Captures disagree on whether `error` is there. */
function invalid(call: Call): Reply {
  const named = call.switched('tokeninfo-error') === 'absent' ? {} : { error: 'invalid_token' };
  return jsonReply(400, { ...named, error_description: 'Invalid Value' });
}
