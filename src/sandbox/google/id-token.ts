// The id_token: https://developers.google.com/identity/openid-connect/openid-connect#an-id-tokens-payload
import type { Call } from '../call.ts';
import { accessTokenHash, signToken } from '../signed-tokens.ts';
import { accountOf, type GoogleClient, issuer } from './project.ts';
import { emailScope, profileScope } from './scopes.ts';

export interface IdentityFacts {
  readonly client: GoogleClient;
  readonly account: string;
  readonly scopes: readonly string[];
  readonly accessToken: string;
  readonly nonce: string | null;
}

/** `iss` may be written with or without its scheme; both are Google. */
export function idToken(call: Call, facts: IdentityFacts): string {
  const iss = call.switched('iss-id-token') === 'bare' ? new URL(issuer).host : issuer;
  const seconds = Math.floor(call.at / 1000);
  return signToken(call.state, {
    iss,
    azp: facts.client.id,
    aud: facts.client.id,
    ...claims(facts.account, facts.scopes),
    at_hash: accessTokenHash(facts.accessToken),
    ...(facts.nonce === null ? {} : { nonce: facts.nonce }),
    iat: seconds,
    exp: seconds + 3600,
  });
}

/** What the identity scopes tell about an account; `sub` always. */
export function claims(sub: string, scopes: readonly string[]): Record<string, string | boolean> {
  const account = accountOf(sub);
  return {
    sub,
    ...(scopes.includes(emailScope) ? { email: account.email, email_verified: true } : {}),
    ...(scopes.includes(profileScope)
      ? {
          name: account.name,
          given_name: account.givenName,
          family_name: account.familyName,
          picture: `https://lh3.googleusercontent.com/a/sandbox-${account.givenName.toLowerCase()}=s96-c`,
        }
      : {}),
  };
}
