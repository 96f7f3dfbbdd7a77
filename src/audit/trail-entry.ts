// One line of the trail: its members, its keyed MAC and the canonical text it is computed over (RFC 8785).
import { createHmac, hkdfSync } from 'node:crypto';
import type { JsonObject } from '../model/json.ts';
import { canonicalJson, isJsonObject, parseJson } from '../model/json.ts';
import type { SealKey } from '../model/store.ts';

export interface AuditKey {
  readonly kid: string;
  readonly bytes: Uint8Array;
}

/** Derived, so that whoever may verify the trail cannot open a record (RFC 5869; no salt: the seal key is random). */
export function auditKeyOf(key: SealKey): AuditKey {
  const bytes = hkdfSync('sha256', Buffer.from(key.bytes.reveal(), 'base64'), '', 'audit/v1', 32);
  return { kid: key.kid, bytes: new Uint8Array(bytes) };
}

/** Where a chain stands: the last line's number and MAC. */
export interface TrailHead {
  readonly seq: number;
  readonly mac: string | null;
}

export const emptyTrail: TrailHead = { seq: 0, mac: null };

/** The line after `head`, without its end of line. */
export function chainEntry(head: TrailHead, content: JsonObject, key: AuditKey): string {
  const entry = { ...content, seq: head.seq + 1, prev: head.mac, kid: key.kid };
  return canonicalJson({ ...entry, mac: entryMac(entry, key) });
}

/** HMAC-SHA256(K, 0x00 ‖ JCS(entry without mac)). The zero keeps it apart from token fingerprints under the same key. */
function entryMac(entry: JsonObject, key: AuditKey): string {
  return createHmac('sha256', key.bytes).update('\0').update(canonicalJson(entry)).digest('base64url');
}

/**
 * Undefined when the line is no whole entry. Says nothing about the MAC: a line that was edited is for `audit verify` to
 * find, and the chain goes on from it so that the place stays exact.
 */
export function headOf(line: string): TrailHead | undefined {
  const entry = parseJson(line);
  if (!isJsonObject(entry)) return undefined;
  const { seq, mac } = entry;
  const counted = typeof seq === 'number' && Number.isSafeInteger(seq) && seq > 0;
  return counted && typeof mac === 'string' ? { seq, mac } : undefined;
}
