// Signing keys and id_tokens of a server in the tests.
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Json } from '../../src/model/json.ts';
import { nowAt } from './rig.ts';

export type Claims = Readonly<Record<string, Json | undefined>>;

export interface Signer {
  readonly keys: Json;
  sign(claims: Claims): Promise<string>;
}

export async function createSigner(alg = 'RS256'): Promise<Signer> {
  const { publicKey, privateKey } = await generateKeyPair(alg);
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg, use: 'sig' };
  return {
    keys: JSON.parse(JSON.stringify({ keys: [jwk] })) as Json,
    sign: (claims) => new SignJWT(claims).setProtectedHeader({ alg, kid: 'k1' }).sign(privateKey),
  };
}

const nowSeconds = nowAt / 1000;

export function claimsOf(changes: Claims = {}): Claims {
  return {
    iss: 'https://id.acme.example',
    aud: 'the-client',
    sub: 'ann-1',
    email: 'ann@example.com',
    nonce: 'the-nonce',
    iat: nowSeconds,
    exp: nowSeconds + 3600,
    ...changes,
  };
}
