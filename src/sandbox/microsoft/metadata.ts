// The metadata of each tenant, and the keys: https://learn.microsoft.com/en-us/entra/identity-platform/v2-protocols-oidc (read 2026-11).
// Nothing about PKCE, revocation, introspection or iss in the redirect is in it.
import type { Call, Reply } from '../call.ts';
import { publicJson } from '../replies.ts';
import { publicKeys } from '../signed-tokens.ts';
import { authorizePath, consumerTenantId, loginHost, type Tenant, tenantNamed } from './directory.ts';
import { aadError } from './errors.ts';
import { issuerOf } from './id-token.ts';

/** `common` and `organizations` stand for many tenants, and their issuer says so by these very letters. */
function issuerIn(tenant: Tenant): string {
  if (tenant === 'consumers') return issuerOf(consumerTenantId);
  return issuerOf(tenant === 'common' || tenant === 'organizations' ? '{tenantid}' : tenant);
}

export function metadata(call: Call): Reply {
  const tenant = tenantNamed(call.segments.tenant);
  if (tenant === undefined) return aadError(call, '90002');
  const own = `https://${loginHost}/${tenant}`;
  return publicJson({
    token_endpoint: `${own}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
    jwks_uri: `${own}/discovery/v2.0/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: issuerIn(tenant),
    request_uri_parameter_supported: false,
    userinfo_endpoint: 'https://graph.microsoft.com/oidc/userinfo',
    authorization_endpoint: `https://${loginHost}${authorizePath(tenant)}`,
    device_authorization_endpoint: `${own}/oauth2/v2.0/devicecode`,
    http_logout_supported: true,
    end_session_endpoint: `${own}/oauth2/v2.0/logout`,
    claims_supported:
      'sub iss aud exp iat auth_time acr nonce preferred_username name tid ver at_hash c_hash email'.split(' '),
    tenant_region_scope: null,
    cloud_instance_name: 'microsoftonline.com',
    msgraph_host: 'graph.microsoft.com',
  });
}

export function keys(call: Call): Reply {
  return tenantNamed(call.segments.tenant) === undefined ? aadError(call, '90002') : publicJson(publicKeys(call.state));
}
