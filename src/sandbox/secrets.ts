// Made-up secrets: 256 random bits behind a prefix that looks like the provider's and says where it comes from.
import type { Random } from '../model/ports.ts';

export function makeSecret(random: Random, prefix: string): string {
  return `${prefix}Sandbox${Buffer.from(random.bytes(32)).toString('base64url')}`;
}

/** Letters that cannot be misread and spell no word (RFC 8628 §6.1). */
const codeLetters = 'BCDFGHJKLMNPQRSTVWXZ';

/** A code for people to type: `WDJB-MJHT`. */
export function makeUserCode(random: Random): string {
  const letters = Array.from(random.bytes(8), (byte) => codeLetters[byte % codeLetters.length]).join('');
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}

/** What a person typed, as it was handed out. */
export function normalUserCode(typed: string): string {
  const letters = typed.toUpperCase().replaceAll(/[^A-Z]/g, '');
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}
