// GET https://app.asana.com/api/1.0/users/me, and OpenID Connect's userinfo and metadata.
// https://developers.asana.com/docs/openid-connect and https://developers.asana.com/reference/getuser (read 2026-11)
import type { GrantRecord } from '../authority/authority-state.ts';
import { judgeAccess, readBearer } from '../authority/bearer.ts';
import { personOf } from '../authority/people.ts';
import type { Call, Overload, Reply } from '../call.ts';
import { jsonReply, oauthError, publicJson } from '../replies.ts';
import { publicKeys } from '../signed-tokens.ts';
import { gidOf, workspace } from './registration.ts';

/** https://developers.asana.com/docs/errors */
function apiError(status: number, message: string, headers: Readonly<Record<string, string>> = {}): Reply {
  const help = 'For more information on API status codes, see https://developers.asana.com/docs/errors';
  return jsonReply(status, { errors: [{ message, help }] }, headers);
}

/** The grant of a token that has one of these scopes; or what its bearer is told. */
function admit(call: Call, needsAny: readonly string[]): { readonly grant: GrantRecord } | { readonly reply: Reply } {
  const judged = judgeAccess(call, readBearer(call));
  if (!judged.ok) return { reply: apiError(401, 'Not Authorized') };
  const { access, grant } = judged;
  if (needsAny.some((scope) => access.scopes.includes(scope))) return { grant };
  call.violation('scope', `${call.url.pathname} was called with a token that has none of its scopes`);
  return { reply: apiError(403, `One of the following scopes must be present: ${needsAny.join(', ')}`) };
}

export function usersMe(call: Call): Reply {
  const admitted = admit(call, ['default', 'users:read']);
  if ('reply' in admitted) return admitted.reply;
  const { person } = admitted.grant;
  const { name, email } = personOf(person);
  return jsonReply(200, {
    data: { gid: gidOf(person), resource_type: 'user', name, email, photo: null, workspaces: [workspace] },
  });
}

export function userinfo(call: Call): Reply {
  const admitted = admit(call, ['openid']);
  if ('reply' in admitted) return admitted.reply;
  const { person, scopes } = admitted.grant;
  const { name, email } = personOf(person);
  return jsonReply(200, {
    sub: gidOf(person),
    ...(scopes.includes('profile') ? { name } : {}),
    ...(scopes.includes('email') ? { email, email_verified: true } : {}),
  });
}

/** Retry-After is always there: https://developers.asana.com/docs/rate-limits */
export function overloaded(call: Call, { status, headers }: Overload): Reply {
  const message = status === 429 ? 'You have made too many requests recently.' : 'Try again later.';
  if (!call.url.pathname.startsWith('/-/')) return apiError(status, message, headers);
  const reply = oauthError(status, status === 429 ? 'rate_limit_exceeded' : 'server_error', message);
  return { ...reply, headers: { ...reply.headers, ...headers } };
}

/** Addresses besides the two that are documented: https://github.com/zekith/oauthgo (read 2026-11) */
export function metadata(call: Call): Reply {
  const issuer = 'https://app.asana.com/api/1.0';
  const introspects = call.switched('asana-introspection') !== undefined;
  return publicJson({
    issuer,
    authorization_endpoint: 'https://app.asana.com/-/oauth_authorize',
    token_endpoint: 'https://app.asana.com/-/oauth_token',
    revocation_endpoint: 'https://app.asana.com/-/oauth_revoke',
    ...(introspects ? { introspection_endpoint: 'https://app.asana.com/-/oauth_introspect' } : {}),
    userinfo_endpoint: `${issuer}/openid_connect/userinfo`,
    jwks_uri: `${issuer}/openid_connect/jwks`,
    response_types_supported: ['code', 'id_token', 'code id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'email', 'profile'],
    token_endpoint_auth_methods_supported: ['client_secret_post'],
    code_challenge_methods_supported: ['S256'],
  });
}

export function certificates(call: Call): Reply {
  return publicJson(publicKeys(call.state));
}
