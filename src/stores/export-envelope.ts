// An export in one sealed text: a compact JWE (RFC 7516) for a passphrase or for a recipient's public key. Knows nothing of
// what is inside. Loaded by export and import alone.
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader, importJWK, type JWK } from 'jose';
import { CliError } from '../errors.ts';
import { isJsonObject } from '../model/json.ts';
import type { Secret } from '../model/secret.ts';

/** Who can open it. */
export type Recipient =
  | {
      readonly kind: 'passphrase';
      readonly passphrase: Secret /** The file that it is from. */;
      readonly from?: string;
    }
  | { readonly kind: 'key'; readonly jwk: JWK; readonly kid: string };

/** What the header says before anything is proved. */
export interface EnvelopeClaims {
  readonly for: 'passphrase' | 'key';
  /** RFC 7638 thumbprint of the key that opens it; null for a passphrase. */
  readonly kid: string | null;
}

const type = 'oauthctl-export';
const version = 1;
/** OWASP asks 210,000 rounds of HMAC-SHA-512; three times as many cost a person half a second, and a guesser as much each time. https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#pbkdf2 */
const rounds = 600_000;
/** A file from outside chooses its own count, and could hold the machine up for hours: https://github.com/advisories/GHSA-jv3g-j58f-9mq9 */
const mostRounds = 2_000_000;
const forPassphrase = 'PBES2-HS512+A256KW';
const forKey = 'ECDH-ES+A256KW';
const contents = 'A256GCM';

export async function sealExport(payload: string, to: Recipient): Promise<string> {
  const isKey = to.kind === 'key';
  const kid = isKey ? { kid: to.kid } : {};
  const sealing = new CompactEncrypt(new TextEncoder().encode(payload)).setProtectedHeader({
    alg: isKey ? forKey : forPassphrase,
    enc: contents,
    typ: type,
    cty: 'json',
    v: version,
    ...kid,
  });
  if (isKey) return sealing.encrypt(await importJWK(to.jwk, forKey));
  const key = new TextEncoder().encode(to.passphrase.reveal().normalize('NFC'));
  return sealing.setKeyManagementParameters({ p2c: rounds }).encrypt(key);
}

/** Undefined when the text is no export. Throws `record_too_new` when a newer oauthctl wrote it. */
export function claimsOf(text: string): EnvelopeClaims | undefined {
  const header = headerOf(text);
  if (header?.typ !== type) return undefined;
  if (typeof header.v === 'number' && header.v > version) {
    throw new CliError('record_too_new', 'the export was written by a newer oauthctl', {
      hint: 'update oauthctl on this machine',
    });
  }
  // Nothing of ours is compressed, and a few bytes can unpack to many.
  if (header.v !== version || header.enc !== contents || 'zip' in header) throw changed();
  if (header.alg === forPassphrase) return { for: 'passphrase', kid: null };
  if (header.alg !== forKey || typeof header.kid !== 'string') throw changed();
  return { for: 'key', kid: header.kid };
}

function headerOf(text: string) {
  try {
    const header: unknown = decodeProtectedHeader(text);
    return isJsonObject(header) ? header : undefined;
  } catch {
    return undefined;
  }
}

/** Throws `key_mismatch` for another key or passphrase, `record_unreadable` for a text that was changed or cut. */
export async function openExport(text: string, holder: Recipient): Promise<string> {
  const algorithms = { contentEncryptionAlgorithms: [contents], maxPBES2Count: mostRounds };
  if (!isCanonical(text)) throw changed();
  if (holder.kind === 'key') {
    const key = await importJWK(holder.jwk, forKey);
    // The header names the key, so what does not open with it was changed.
    return decrypt(text, key, { ...algorithms, keyManagementAlgorithms: [forKey] }, changed);
  }
  const key = new TextEncoder().encode(holder.passphrase.reveal().normalize('NFC'));
  return decrypt(text, key, { ...algorithms, keyManagementAlgorithms: [forPassphrase] }, (cause) =>
    wrongPassphrase(cause, holder.from),
  );
}

async function decrypt(
  text: string,
  key: Parameters<typeof compactDecrypt>[1],
  options: Parameters<typeof compactDecrypt>[2],
  failed: (cause: unknown) => CliError,
): Promise<string> {
  try {
    const { plaintext } = await compactDecrypt(text, key, options);
    return new TextDecoder('utf-8', { fatal: true }).decode(plaintext);
  } catch (error) {
    throw failed(error);
  }
}

/** Five parts, each in its only spelling: a bit that base64url has to spare may not be changed either. */
function isCanonical(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 5 && parts.every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);
}

/** `compactDecrypt` says which step failed in words only; nothing of the content is in them. */
function changed(cause?: unknown): CliError {
  return new CliError('record_unreadable', 'the export does not open: it was changed or cut on its way', {
    hint: 'export again, or fetch the file again',
    cause,
  });
}

function wrongPassphrase(cause: unknown, from: string | undefined): CliError {
  return new CliError(
    'key_mismatch',
    'the export does not open: the passphrase is another, or the file was changed or cut on its way',
    { hint: from === undefined ? 'try the passphrase again' : `put the right passphrase in ${from}`, cause },
  );
}
