// Google's two metadata documents and its key set, as served on 2026-08-07: no introspection, no PAR, no registration endpoint,
// and `none` is not among the client authentication methods. https://accounts.google.com/.well-known/openid-configuration
import { deviceGrantType } from '../authority/device.ts';
import type { Call, Reply } from '../call.ts';
import { publicJson } from '../replies.ts';
import { publicKeys } from '../signed-tokens.ts';
import { issuer } from './project.ts';

export function metadata(call: Call): Reply {
  const announced = call.switched('iss-metadata') === undefined;
  const document = {
    issuer,
    authorization_endpoint: 'https://accounts.google.com/o/oauth2/v2/auth',
    device_authorization_endpoint: 'https://oauth2.googleapis.com/device/code',
    token_endpoint: 'https://oauth2.googleapis.com/token',
    userinfo_endpoint: 'https://openidconnect.googleapis.com/v1/userinfo',
    revocation_endpoint: 'https://oauth2.googleapis.com/revoke',
    jwks_uri: 'https://www.googleapis.com/oauth2/v3/certs',
    response_types_supported: ['code', 'token', 'id_token', 'code token', 'code id_token', 'none'],
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'email', 'profile'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    claims_supported: 'aud email email_verified exp family_name given_name iat iss name picture sub'.split(' '),
    code_challenge_methods_supported: ['plain', 'S256'],
    grant_types_supported: ['authorization_code', 'refresh_token', deviceGrantType],
    ...(announced ? { authorization_response_iss_parameter_supported: true } : {}),
  };
  return publicJson(document);
}

export function certificates(call: Call): Reply {
  return publicJson(publicKeys(call.state));
}
