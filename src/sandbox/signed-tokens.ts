// RS256 signatures (RFC 7515, RFC 7518 §3.3) with the sandbox's own key, and its public half as a key set.
import { createHash, createPrivateKey, generateKeyPairSync, type JsonWebKey, sign } from 'node:crypto';
import type { JsonObject } from '../model/json.ts';
import type { SandboxState } from './state.ts';

function signingKey(state: SandboxState): JsonWebKey {
  state.signingKey ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
    format: 'jwk',
  }) as Record<string, unknown>;
  return state.signingKey as JsonWebKey;
}

function keyId(key: JsonWebKey): string {
  return createHash('sha1').update(String(key.n)).digest('hex');
}

export function signToken(state: SandboxState, claims: JsonObject): string {
  const key = signingKey(state);
  const part = (value: JsonObject) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'RS256', kid: keyId(key), typ: 'JWT' })}.${part(claims)}`;
  const signature = sign('sha256', Buffer.from(signed), createPrivateKey({ key, format: 'jwk' }));
  return `${signed}.${signature.toString('base64url')}`;
}

/** RFC 7517 §5. */
export function publicKeys(state: SandboxState): JsonObject {
  const key = signingKey(state);
  return {
    keys: [{ alg: 'RS256', use: 'sig', kty: 'RSA', kid: keyId(key), n: String(key.n), e: String(key.e) }],
  };
}

/** OpenID Connect Core §3.1.3.6: the left half of the hash of the access token. */
export function accessTokenHash(accessToken: string): string {
  return createHash('sha256').update(accessToken).digest().subarray(0, 16).toString('base64url');
}
