// GitHub's two metadata documents, at paths that hold its issuer: no revocation, introspection, userinfo or registration endpoint, and
// no id_tokens although one of them has OpenID Connect's address. The root forms are 404.
// https://docs.github.com/en/apps/github-authentication-discovery-endpoints (read 2026-11), captured 2026-09-19
import { deviceGrantType } from '../authority/device.ts';
import type { Call, Reply } from '../call.ts';
import { publicJson } from '../replies.ts';
import { apiError } from './answers.ts';
import { issuer } from './registration.ts';

export function metadata(call: Call): Reply {
  if (call.switched('github-metadata') !== undefined) return apiError(call, 404, 'Not Found');
  return publicJson({
    issuer,
    authorization_endpoint: 'https://github.com/login/oauth/authorize',
    token_endpoint: 'https://github.com/login/oauth/access_token',
    device_authorization_endpoint: 'https://github.com/login/device/code',
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code', 'refresh_token', deviceGrantType],
    code_challenge_methods_supported: ['S256'],
    scopes_supported: ['offline_access'],
    authorization_response_iss_parameter_supported: true,
  });
}
