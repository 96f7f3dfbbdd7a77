// The seal key under a passphrase: scrypt (RFC 7914) makes a wrapping key of it, and a compact JWE holds the seal key.
import { scryptSync } from 'node:crypto';
import type { JsonObject } from '../model/json.ts';
import { canonicalJson } from '../model/json.ts';
import type { Random } from '../model/ports.ts';
import type { Secret } from '../model/secret.ts';
import type { WrappedKey } from '../model/store.ts';
import { parseKeyText } from './key-text.ts';
import { claimedHeader, nonceBytes, seal, unseal } from './seal.ts';

/** OWASP's first choice of 2026 for scrypt: https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#scrypt */
const usualCost = 2 ** 17;
const blockSize = 8;
const saltBytes = 16;

/** `n` is given by tests only. */
export function wrapKey(kid: string, key: Secret, passphrase: Secret, random: Random, n = usualCost): WrappedKey {
  const salt = Buffer.from(random.bytes(saltBytes)).toString('base64url');
  const parameters = { salt, n, r: blockSize, p: 1 };
  const sealed = seal(derive(passphrase, parameters), headerOf(kid), key.reveal(), random.bytes(nonceBytes));
  return { ...parameters, sealed };
}

/** Undefined for another passphrase, and for a wrapped key that was edited or is another key's. */
export function unwrapKey(kid: string, wrapped: WrappedKey, passphrase: Secret): Secret | undefined {
  const claimed = claimedHeader(wrapped.sealed);
  const expected = { ...headerOf(kid), alg: 'dir', enc: 'A256GCM' };
  if (claimed === undefined || canonicalJson(claimed) !== canonicalJson(expected)) return undefined;
  const text = unseal(derive(passphrase, wrapped), wrapped.sealed);
  return text === undefined ? undefined : parseKeyText(text);
}

const headerOf = (kid: string): JsonObject => ({ typ: 'oauthctl-wrapped-key', kid });

/** Half a second once per process; it may hold the loop, since nothing else goes on before there is a key. */
function derive(passphrase: Secret, { salt, n, r, p }: Omit<WrappedKey, 'sealed'>): Buffer {
  // The same words typed on another machine must give the same bytes (RFC 8265 §4.2.2 asks for NFC).
  const typed = passphrase.reveal().normalize('NFC');
  return scryptSync(typed, Buffer.from(salt, 'base64url'), 32, { N: n, r, p, maxmem: 256 * n * r });
}
