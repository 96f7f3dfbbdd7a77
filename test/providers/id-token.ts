// Signs id_tokens as a provider would (RS256), for replays; the public half is what its JWKS endpoint answers.
import { createHash, createSign, generateKeyPairSync } from 'node:crypto';
import type { JsonObject } from '../../src/model/json.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

export const keySet = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'key-1', use: 'sig', alg: 'RS256' }] };

/** `forged`: signed with a key that the provider never published. */
export function signIdToken(claims: JsonObject, forged = false): string {
  const encode = (part: JsonObject) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const signed = `${encode({ alg: 'RS256', kid: 'key-1', typ: 'JWT' })}.${encode(claims)}`;
  const signature = createSign('RSA-SHA256')
    .update(signed)
    .sign(forged ? stranger : privateKey);
  return `${signed}.${signature.toString('base64url')}`;
}

/** OpenID Connect Core §3.1.3.6. */
export function hashOf(accessToken: string): string {
  return createHash('sha256').update(accessToken).digest().subarray(0, 16).toString('base64url');
}
