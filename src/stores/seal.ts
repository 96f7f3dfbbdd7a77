// Compact JWE with `dir` and A256GCM (RFC 7516, RFC 7518 §5.3): the one sealing that rests on disk. Knows nothing of records.
import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { JsonObject } from '../model/json.ts';
import { canonicalJson, isJsonObject, parseJson } from '../model/json.ts';

/** RFC 7518 §5.3: 96 bits of nonce, 128 bits of tag. A random nonce is safe for 2^32 seals under one key (NIST SP 800-38D §8.3). */
export const nonceBytes = 12;
const tagBytes = 16;

/** `key`: 32 bytes. `nonce`: 12 bytes, fresh and random for every call. The header is readable by anyone and bound by the seal. */
export function seal(key: Uint8Array, header: JsonObject, payload: string, nonce: Uint8Array): string {
  const protectedHeader = encode(Buffer.from(canonicalJson({ ...header, alg: 'dir', enc: 'A256GCM' })));
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(Buffer.from(protectedHeader, 'ascii'));
  const text = Buffer.concat([cipher.update(payload, 'utf8'), cipher.final()]);
  return [protectedHeader, '', encode(nonce), encode(text), encode(cipher.getAuthTag())].join('.');
}

/** What the header claims, before anything is proved; undefined when this is no seal of ours. */
export function claimedHeader(sealed: string): JsonObject | undefined {
  const header = parseJson(decode(sealed.split('.')[0] ?? '')?.toString('utf8') ?? '');
  return isJsonObject(header) && header.alg === 'dir' && header.enc === 'A256GCM' ? header : undefined;
}

/** The payload; undefined when the key is another or a single bit was changed. */
export function unseal(key: Uint8Array, sealed: string): string | undefined {
  const parts = sealed.split('.');
  const [protectedHeader = '', encryptedKey, ...rest] = parts;
  const [nonce, text, tag] = rest.map(decode);
  if (parts.length !== 5 || encryptedKey !== '' || claimedHeader(sealed) === undefined) return undefined;
  // node:crypto takes shorter tags for good ones, so the length is checked here.
  if (nonce?.length !== nonceBytes || text === undefined || tag?.length !== tagBytes) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
  decipher.setAAD(Buffer.from(protectedHeader, 'ascii'));
  decipher.setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}

function encode(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}

/** Buffer skips what is not base64url and ignores spare bits, which would let an edited seal open: only the one spelling counts. */
function decode(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return encode(bytes) === text ? bytes : undefined;
}
