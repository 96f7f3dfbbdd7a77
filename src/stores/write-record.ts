// Writing a record file's text. The other half of open-record.ts.
import { CliError } from '../errors.ts';
import type { JsonObject } from '../model/json.ts';
import type { RecordContent, RecordRef, SealKey } from '../model/store.ts';
import { openRecord, parseRecord, recordHeader, recordVersion } from './open-record.ts';
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
  const { binding } = content;
  // The digest must be of what a reader will parse, whatever JavaScript let through the types.
  const facts = JSON.parse(JSON.stringify(content.facts)) as JsonObject;
  const header = recordHeader({ ref, binding, facts, generation }, key.kid);
  const sealed = seal(Buffer.from(key.bytes.reveal(), 'base64'), header, JSON.stringify(content.secrets), nonce);
  const file = {
    version: recordVersion,
    kind: ref.kind,
    name: ref.name,
    generation,
    binding: { provider: binding.provider, issuer: binding.issuer, client_id: binding.clientId },
    facts,
    sealed,
  };
  const text = `${JSON.stringify(file, null, 2)}\n`;
  if (Buffer.byteLength(text) > largestBytes) {
    throw new CliError('store_unavailable', `the record of '${ref.name}' would be larger than 1 MiB`);
  }
  // The old record is replaced by this one: a text that would not open again must never get that far.
  openRecord(parseRecord(text, ref), key);
  return text;
}
