// What outlives a seal key: the key derived from it that the trail is chained under, and that tokens are fingerprinted with.
import { createHmac, hkdfSync } from 'node:crypto';
import { CliError } from '../errors.ts';
import type { JsonObject } from '../model/json.ts';
import { canonicalJson } from '../model/json.ts';
import type { Random } from '../model/ports.ts';
import { Secret } from '../model/secret.ts';
import type { SealKey } from '../model/store.ts';
import type { KeyFacts, RetiredKey } from './key-file.ts';
import { claimedHeader, nonceBytes, seal, unseal } from './seal.ts';

/** 32 bytes, base64. */
export interface AuditKeyOf {
  readonly kid: string;
  readonly bytes: Secret;
}

/** Every audit key of the tree, oldest first; the last is `key`'s own. */
export function auditKeys(
  { retired }: Pick<KeyFacts, 'retired'>,
  key: SealKey,
): readonly [AuditKeyOf, ...AuditKeyOf[]] {
  const own = { kid: key.kid, bytes: auditKeyOf(key) };
  const [first, ...rest] = [...retired.map((one) => open(one, key)), own];
  return [first ?? own, ...rest];
}

/** The retired keys of the file that names `next`, from those of the file before. */
export function retire(before: readonly AuditKeyOf[], next: SealKey, random: Random): readonly RetiredKey[] {
  return before.map(({ kid, bytes }) => ({
    kid,
    auditKey: seal(bytesOf(next.bytes), headerOf(kid, next.kid), bytes.reveal(), random.bytes(nonceBytes)),
  }));
}

/**
 * Under the tree's first key, whatever key seals it now: marks in records and entries of the trail name a token by it for longer
 * than a seal key lives. Whoever has that old key still cannot get from a fingerprint to a token.
 */
export function fingerprintOf(
  [{ bytes }]: readonly [AuditKeyOf, ...AuditKeyOf[]],
  provider: string,
  token: Secret,
): string {
  const mac = createHmac('sha256', bytesOf(bytes)).update(`fp/v1${provider}${token.reveal()}`).digest();
  return mac.subarray(0, 16).toString('base64url');
}

/** Derived, so that it says nothing about the seal key (RFC 5869; no salt: the seal key is random). */
function auditKeyOf(key: SealKey): Secret {
  return new Secret(Buffer.from(hkdfSync('sha256', bytesOf(key.bytes), '', 'audit/v1', 32)).toString('base64'));
}

function open({ kid, auditKey }: RetiredKey, key: SealKey): AuditKeyOf {
  const claimed = claimedHeader(auditKey);
  const expected = { ...headerOf(kid, key.kid), alg: 'dir', enc: 'A256GCM' };
  const fits = claimed !== undefined && canonicalJson(claimed) === canonicalJson(expected);
  const text = fits ? unseal(bytesOf(key.bytes), auditKey) : undefined;
  if (text !== undefined) return { kid, bytes: new Secret(text) };
  throw new CliError('record_unreadable', `the retired key ${kid} in key.json is damaged`, {
    hint: 'restore key.json from a backup',
  });
}

const headerOf = (retired: string, kid: string): JsonObject => ({ typ: 'oauthctl-audit-key', kid, retired });

const bytesOf = (secret: Secret) => Buffer.from(secret.reveal(), 'base64');
