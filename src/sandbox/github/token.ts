// POST https://github.com/login/oauth/access_token: codes, refreshes and device polls. The secret goes with the form.
// https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps and
// https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/refreshing-user-access-tokens (read 2026-11)
import { readForm } from '../authority/bodies.ts';
import { type AuthorityClient, judgeClient, readCredentials } from '../authority/clients.ts';
import { redeemCode } from '../authority/codes.ts';
import { deviceGrantType } from '../authority/device.ts';
import { findToken } from '../authority/grant-ends.ts';
import { judgeRefresh, refreshGrant } from '../authority/grants.ts';
import type { Call, Reply } from '../call.ts';
import type { Params } from '../params.ts';
import { oauthRefusal } from './answers.ts';
import { knowsPkce } from './authorize.ts';
import { poll } from './device.ts';
import { clients, expiringRule } from './registration.ts';
import { firstTokens, tokenAnswer } from './tokens.ts';

export function token(call: Call): Reply {
  const form = readForm(call);
  switch (form.get('grant_type')) {
    case undefined:
    case 'authorization_code':
      return asClient(call, form, false, (client) => exchange(call, client, form));
    case 'refresh_token':
      return asClient(call, form, isOfDevice(call, form), (client) => refresh(call, client, form));
    case deviceGrantType:
      if (form.get('client_secret') !== undefined)
        call.violation('secret_unwanted', 'a secret at a device poll, which needs none');
      return asClient(call, form, true, (client) => poll(call, client, form));
    default:
      call.violation('grant_type', "grant_type is none of GitHub's");
      return oauthRefusal(call, 'unsupported_grant_type', 'The grant_type is not supported.');
  }
}

/** PKCE does not stand in for the secret; the device flow does without one. Whether Basic is read here is unverified. */
function asClient(call: Call, form: Params, secretOptional: boolean, act: (client: AuthorityClient) => Reply): Reply {
  const byBasic = call.headers.authorization !== undefined && call.switched('github-token-basic') !== undefined;
  const places = byBasic ? (['basic', 'body'] as const) : (['body'] as const);
  const judged = judgeClient(call, readCredentials(call, form), { clients, places, secretOptional });
  if (judged.ok) return act(judged.client);
  const words = 'The client_id and/or client_secret passed are incorrect.';
  return oauthRefusal(call, 'incorrect_client_credentials', words);
}

function isOfDevice(call: Call, form: Params): boolean {
  return findToken(call, form.get('refresh_token'))?.grant.more.flow === 'device';
}

function exchange(call: Call, client: AuthorityClient, form: Params): Reply {
  const redeemed = redeemCode(call, {
    code: form.get('code'),
    clientId: client.id,
    redirectUri: form.get('redirect_uri'),
    verifier: knowsPkce(call) ? form.get('code_verifier') : undefined,
  });
  if (!redeemed.ok)
    return redeemed.why === 'redirect_differs'
      ? oauthRefusal(call, 'redirect_uri_mismatch', 'The redirect_uri MUST match the registered callback URL.')
      : oauthRefusal(call, 'bad_verification_code', 'The code passed is incorrect or expired.');
  if (call.switched('github-unverified-email') !== undefined)
    return oauthRefusal(call, 'unverified_user_email', 'The user must have a verified primary email.');
  return firstTokens(call, client, redeemed.allowed);
}

function refresh(call: Call, client: AuthorityClient, form: Params): Reply {
  if (form.get('scope') !== undefined) call.violation('scope', 'scope at a refresh, which cannot change it');
  const rule = expiringRule(client);
  const judged = judgeRefresh(call, form.get('refresh_token'), client.id, rule);
  if (!judged.ok) return oauthRefusal(call, 'bad_refresh_token', 'The refresh token passed is incorrect or expired.');
  return tokenAnswer(call, refreshGrant(call, judged, rule), judged.grant.scopes);
}
