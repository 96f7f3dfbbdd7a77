// Who a Dropbox token speaks for: the id_token, and the documents that OpenID Connect wants.
// https://developers.dropbox.com/oidc-guide (read 2026-11). Both spellings of the issuer have been seen, so the other one is switched.
import type { JsonObject } from '../../model/json.ts';
import { personOf } from '../authority/people.ts';
import type { Call, Reply } from '../call.ts';
import { publicJson } from '../replies.ts';
import { accessTokenHash, publicKeys, signToken } from '../signed-tokens.ts';
import { accountOf, identityScopes } from './registration.ts';

function issuer(call: Call, where: 'id-token' | 'elsewhere'): string {
  const switched = call.switched('dropbox-issuer');
  const other = switched === 'api' || (switched === 'id-token' && where === 'id-token');
  return other ? 'https://api.dropboxapi.com' : 'https://www.dropbox.com';
}

interface IdentityFacts {
  readonly clientId: string;
  readonly person: string;
  readonly scopes: readonly string[];
  readonly accessToken: string;
  readonly nonce: string | null;
}

export function idToken(call: Call, facts: IdentityFacts): string {
  const seconds = Math.floor(call.at / 1000);
  return signToken(call.state, {
    iss: issuer(call, 'id-token'),
    aud: facts.clientId,
    ...claims(facts.person, facts.scopes),
    at_hash: accessTokenHash(facts.accessToken),
    ...(facts.nonce === null ? {} : { nonce: facts.nonce }),
    iat: seconds,
    exp: seconds + 3600,
  });
}

/** What `openid`, `email` and `profile` tell. */
function claims(person: string, scopes: readonly string[]): JsonObject {
  const { email, givenName, familyName } = personOf(person);
  return {
    sub: accountOf(person).accountId,
    ...(scopes.includes('email') ? { email, email_verified: true } : {}),
    ...(scopes.includes('profile') ? { given_name: givenName, family_name: familyName } : {}),
  };
}

export function userinfoClaims(call: Call, person: string, scopes: readonly string[]): JsonObject {
  return { iss: issuer(call, 'elsewhere'), ...claims(person, scopes) };
}

/** As https://www.npmjs.com/package/@wellknown/dropbox keeps it (read 2026-11). */
export function metadata(call: Call): Reply {
  return publicJson({
    issuer: issuer(call, 'elsewhere'),
    authorization_endpoint: 'https://www.dropbox.com/oauth2/authorize',
    token_endpoint: 'https://api.dropboxapi.com/oauth2/token',
    userinfo_endpoint: 'https://api.dropboxapi.com/2/openid/userinfo',
    jwks_uri: 'https://www.dropbox.com/.well-known/jwks',
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: [...identityScopes],
    code_challenge_methods_supported: ['S256', 'plain'],
  });
}

export function keys(call: Call): Reply {
  return publicJson(publicKeys(call.state));
}
