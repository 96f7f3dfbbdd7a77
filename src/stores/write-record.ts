// Writing a record file's text. The other half of open-record.ts.
import { CliError } from '../errors.ts';
import type { JsonObject } from '../model/json.ts';
import type { RecordContent, RecordRef, SealKey } from '../model/store.ts';
import {
  type ClearRecord,
  openRecord,
  type ParsedRecord,
  parseRecord,
  pointingVersion,
  recordHeader,
  recordVersion,
  type SealedIn,
} from './open-record.ts';
import { seal } from './seal.ts';

/** What `Files.readOwn` takes; a longer record could be written and never be read again. */
const largestBytes = 1024 * 1024;

/** Sealed anew on every write: `nonce` is 12 fresh random bytes. */
export function writeRecord(
  ref: RecordRef,
  content: RecordContent,
  generation: number,
  key: SealKey,
  nonce: Uint8Array,
): string {
  const record = sealRecord(ref, content, generation, key, nonce);
  const text = recordText(record, record.sealed);
  // The old record is replaced by this one: a text that would not open again must never get that far.
  openRecord(parseRecord(text, ref), key);
  return text;
}

export function sealRecord(
  ref: RecordRef,
  content: RecordContent,
  generation: number,
  key: SealKey,
  nonce: Uint8Array,
): ParsedRecord {
  // The digest must be of what a reader will parse, whatever JavaScript let through the types.
  const facts = JSON.parse(JSON.stringify(content.facts)) as JsonObject;
  const clear = { ref, binding: content.binding, facts, generation };
  const header = recordHeader(clear, key.kid);
  const sealed = seal(Buffer.from(key.bytes.reveal(), 'base64'), header, JSON.stringify(content.secrets), nonce);
  return { ...clear, sealed };
}

/** The file of a record whose sealed part stands in it, or is where `rests` says. */
export function recordText({ ref, binding, generation, facts }: ClearRecord, rests: string | SealedIn): string {
  const inFile = typeof rests === 'string';
  const file = {
    version: inFile ? recordVersion : pointingVersion,
    kind: ref.kind,
    name: ref.name,
    generation,
    binding: { provider: binding.provider, issuer: binding.issuer, client_id: binding.clientId },
    facts,
    ...(inFile ? { sealed: rests } : { sealed_in: { store: 'keychain-items', ...rests } }),
  };
  const text = `${JSON.stringify(file, null, 2)}\n`;
  if (Buffer.byteLength(text) > largestBytes) {
    throw new CliError('store_unavailable', `the record of '${ref.name}' would be larger than 1 MiB`);
  }
  return text;
}
