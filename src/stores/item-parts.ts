// A sealed part in pieces that fit into keychain items, and back. Knows nothing of keychains.
import { createHash } from 'node:crypto';

/**
 * Cuts by UTF-16 code units. What is cut here is ASCII (a compact JWE, RFC 7516 §3.1), where unit, character and byte are
 * one; of other text a pair of surrogates may be cut in two, which joining mends and a keychain would not.
 */
export function splitParts(text: string, largest: number): string[] {
  const count = Math.max(1, Math.ceil(text.length / largest));
  return Array.from({ length: count }, (_, at) => text.slice(at * largest, (at + 1) * largest));
}

/** Undefined when a part is missing, empty, changed, or stands in another's place. */
export function joinParts(parts: readonly string[], sha256: string): string | undefined {
  const text = parts.join('');
  return digestOf(text) === sha256 ? text : undefined;
}

export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
