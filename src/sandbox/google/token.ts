// POST https://oauth2.googleapis.com/token: https://developers.google.com/identity/protocols/oauth2/native-app
import { readForm } from '../authority/bodies.ts';
import { deviceGrantType } from '../authority/device.ts';
import { verifierComplaint } from '../authority/pkce.ts';
import type { Call, Reply } from '../call.ts';
import type { Params } from '../params.ts';
import { oauthError } from '../replies.ts';
import { hashOf } from '../state.ts';
import { authenticateClient } from './client-auth.ts';
import { pollDevice } from './device-poll.ts';
import { type CodeRecord, findAccess, findGrant, googleState } from './google-state.ts';
import type { GoogleClient } from './project.ts';
import { spelledBack, splitScopes } from './scopes.ts';
import { tokenAnswer } from './token-answer.ts';

type Grant = (call: Call, form: Params, client: GoogleClient) => Reply;

const grants: Readonly<Record<string, Grant>> = {
  authorization_code: exchangeCode,
  refresh_token: refresh,
  [deviceGrantType]: pollDevice,
};

export function token(call: Call): Reply {
  const form = readForm(call);
  const type = form.get('grant_type') ?? '';
  const grant = Object.hasOwn(grants, type) ? grants[type] : undefined;
  if (grant === undefined) {
    call.violation('grant_type', `grant_type '${type}' is none of Google's`);
    return oauthError(400, 'unsupported_grant_type', `Invalid grant_type: ${type}`);
  }
  if (form.repeated.length > 0)
    return oauthError(400, 'invalid_request', `OAuth 2 parameters can only have a single value: ${form.repeated[0]}`);
  const who = authenticateClient(call, form);
  return who.ok ? grant(call, form, who.client) : who.reply;
}

function exchangeCode(call: Call, form: Params, client: GoogleClient): Reply {
  const code = form.get('code');
  if (code === undefined) {
    call.violation('code_missing', 'an exchange without a code');
    return oauthError(400, 'invalid_request', 'Missing required parameter: code');
  }
  const record = googleState(call).codes[hashOf(code)];
  if (record === undefined) return oauthError(400, 'invalid_grant', 'Malformed auth code.');
  const refusal = refusedCode(call, form, client, record);
  if (refusal !== undefined) return refusal;
  return tokenAnswer(call, {
    client,
    account: record.account,
    scopes: record.scopes,
    from: record.offline ? 'new-grant' : 'no-grant',
    nonce: record.nonce,
  });
}

/** A code is good once, whatever comes of it. An old one is nobody's slip: people are slow. */
function refusedCode(call: Call, form: Params, client: GoogleClient, record: CodeRecord): Reply | undefined {
  const slip = (code: string, says: string, reply: Reply) => {
    call.violation(code, says);
    return reply;
  };
  const badRequest = oauthError(400, 'invalid_grant', 'Bad Request');
  if (record.usedAt !== null) return slip('code_replayed', 'a code was sent a second time', badRequest);
  record.usedAt = call.at;
  if (record.expiresAt <= call.at) return badRequest;
  if (record.clientId !== client.id) return slip('code_of_another', "another client's code", badRequest);
  if (record.redirectUri !== form.get('redirect_uri'))
    return slip(
      'redirect_differs',
      'redirect_uri is not, byte for byte, the one that the code was asked with',
      oauthError(400, 'redirect_uri_mismatch', 'Bad Request'),
    );
  const complaint = verifierComplaint(record.challenge, form.get('code_verifier'));
  if (complaint === undefined) return undefined;
  const words = verifierWords[complaint];
  return slip('verifier', words, oauthError(400, 'invalid_grant', words));
}

const verifierWords = {
  verifier_unwanted: 'code_verifier or verifier is not needed.',
  verifier_missing: 'Missing code verifier.',
  verifier_wrong: 'Invalid code verifier.',
} as const;

/** https://developers.google.com/identity/protocols/oauth2/native-app#offline */
function refresh(call: Call, form: Params, client: GoogleClient): Reply {
  const refreshToken = form.get('refresh_token');
  if (refreshToken === undefined) {
    call.violation('refresh_token_missing', 'a refresh without a refresh token');
    return oauthError(400, 'invalid_request', 'Missing required parameter: refresh_token');
  }
  const refused = call.switched('invalid-grant');
  if (refused === 'rapt')
    return oauthError(400, 'invalid_grant', 'reauth related error (invalid_rapt)', { error_subtype: 'invalid_rapt' });
  const grant = findGrant(call, refreshToken);
  if (grant === undefined && findAccess(call, refreshToken) !== undefined)
    call.violation('wrong_token', 'an access token was sent as a refresh token');
  if (grant === undefined) return oauthError(400, 'invalid_grant', 'Bad Request');
  if (grant.clientId !== client.id) {
    call.violation('token_of_another', "another client's refresh token");
    return oauthError(401, 'unauthorized_client', 'Unauthorized');
  }
  if (grant.endedAt !== null || refused === 'gone')
    return oauthError(400, 'invalid_grant', 'Token has been expired or revoked.');
  const asked = spelledBack(splitScopes(form.get('scope') ?? ''));
  if (asked.some((scope) => !grant.scopes.includes(scope))) {
    call.violation('scope_grown', 'a refresh asked for more than was granted');
    return oauthError(400, 'invalid_scope', 'Some requested scopes were invalid.');
  }
  grant.usedAt = call.at;
  const scopes = asked.length === 0 ? grant.scopes : asked;
  return tokenAnswer(call, { client, account: grant.account, scopes, from: grant, nonce: null });
}
