// The id_token, whose issuer is the tenant of the person and not the one in the path.
// https://learn.microsoft.com/en-us/entra/identity-platform/id-token-claims-reference (read 2026-11)
import type { JsonObject } from '../../model/json.ts';
import type { AuthorityClient } from '../authority/clients.ts';
import { personOf } from '../authority/people.ts';
import type { Call } from '../call.ts';
import { signToken } from '../signed-tokens.ts';
import { accountOf, loginHost, pairwiseSubject } from './directory.ts';
import { makeGuid } from './errors.ts';

export interface IdentityFacts {
  readonly client: AuthorityClient;
  readonly person: string;
  readonly scopes: readonly string[];
  readonly nonce: string | undefined;
}

export function issuerOf(tenantId: string): string {
  return `https://${loginHost}/${tenantId}/v2.0`;
}

/** No at_hash, and no email_verified: whose address it is, nobody vouches for. */
export function idToken(call: Call, { client, person, scopes, nonce }: IdentityFacts): string {
  const { tenantId, objectId } = accountOf(person);
  const { name, email } = personOf(person);
  const seconds = Math.floor(call.at / 1000);
  const claims: JsonObject = {
    aud: client.id,
    iss: issuerOf(tenantId),
    iat: seconds,
    nbf: seconds,
    exp: seconds + 3600,
    ...(scopes.includes('profile') ? { name, preferred_username: email, oid: objectId } : {}),
    ...(scopes.includes('email') ? { email } : {}),
    ...(nonce === undefined ? {} : { nonce }),
    sub: pairwiseSubject(client.id, person),
    tid: tenantId,
    uti: makeGuid(call),
    ver: '2.0',
  };
  return signToken(call.state, claims);
}
