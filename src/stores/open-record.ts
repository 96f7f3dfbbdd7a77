// Reading a record file: what its text must be, and opening its seal. The fast path shares this, so it loads node:crypto
// and the model only and touches no file itself.
import { createHash } from 'node:crypto';
import { CliError } from '../errors.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { canonicalJson, isJsonObject, parseJson } from '../model/json.ts';
import type { RecordBinding, RecordRef, SealKey } from '../model/store.ts';
import { claimedHeader, unseal } from './seal.ts';
import { recordFileName } from './tree-layout.ts';

/** Of files that hold their sealed part, and of every seal. */
export const recordVersion = 1;
/** Of files whose sealed part rests elsewhere: a program that does not know that must not take them for damaged. */
export const pointingVersion = 2;

/** version, kind, name, binding, generation, facts, and sealed or sealed_in: each of them is looked at. */
const recordMembers = 7;

/** Everything of a record that is in clear, and the sealed part unopened. */
export interface ClearRecord {
  readonly ref: RecordRef;
  readonly binding: RecordBinding;
  readonly generation: number;
  readonly facts: JsonObject;
}

export interface ParsedRecord extends ClearRecord {
  readonly sealed: string;
}

/** Where a sealed part is that does not stand in the file: so many items of the keychain, whose texts joined have this digest. */
export interface SealedIn {
  /** Random, so that no write ever meets the items of another. */
  readonly id: string;
  readonly parts: number;
  /** base64url */
  readonly sha256: string;
  /** Of the key that it was sealed with, so that this can be told while the keychain is locked. */
  readonly kid: string;
}

export interface PointingRecord extends ClearRecord {
  readonly sealedIn: SealedIn;
}

/** A file that holds its sealed part. Throws as `parseRecordFile` does, and `record_unreadable` for one that does not. */
export function parseRecord(text: string, ref: RecordRef): ParsedRecord {
  const record = parseRecordFile(text, ref);
  if ('sealed' in record) return record;
  throw unreadable(ref, 'its sealed part is not in the file');
}

/** Throws `record_too_new` or `record_unreadable`; `ref` is what the place of the file says. */
export function parseRecordFile(text: string, ref: RecordRef): ParsedRecord | PointingRecord {
  const file = parseJson(text);
  if (!isJsonObject(file)) throw unreadable(ref, 'it is not a JSON object');
  if (typeof file.version === 'number' && file.version > pointingVersion) throw tooNew(ref, file.version);
  if (file.version !== recordVersion && file.version !== pointingVersion) {
    throw unreadable(ref, 'it has no format version');
  }
  if (file.kind !== ref.kind || file.name !== ref.name) {
    const whose = typeof file.name === 'string' ? `'${file.name.slice(0, 100)}'` : 'nobody';
    const own = file.kind === ref.kind;
    const way = own ? 'oauthctl doctor --repair puts it in its place, where that is free' : fromBackup;
    throw unreadable(ref, `it is the record of ${whose}${own ? '' : ', of another kind'}`, way);
  }
  // Every member is either bound by the seal or the seal itself: one that is neither was not written by this version.
  if (Object.keys(file).length !== recordMembers) throw unreadable(ref, 'its members are not those of a record');
  const { generation, facts } = file;
  const binding = parseBinding(file.binding);
  const counted = typeof generation === 'number' && Number.isSafeInteger(generation) && generation > 0;
  const rests = file.version === recordVersion ? parseSealed(file.sealed) : parseSealedIn(file.sealed_in);
  if (binding === undefined || !counted || !isJsonObject(facts) || rests === undefined) {
    throw unreadable(ref, 'a member of it is of the wrong type');
  }
  return { ref, binding, generation, facts, ...rests };
}

function parseSealed(value: Json | undefined): { readonly sealed: string } | undefined {
  return typeof value === 'string' ? { sealed: value } : undefined;
}

/** More parts than a record can have would only be asked for in vain. */
const mostParts = 100_000;

function parseSealedIn(value: Json | undefined): { readonly sealedIn: SealedIn } | undefined {
  if (!isJsonObject(value) || Object.keys(value).length !== 5 || value.store !== 'keychain-items') return undefined;
  const { id, parts, sha256, kid } = value;
  const counted = typeof parts === 'number' && Number.isSafeInteger(parts) && parts > 0 && parts <= mostParts;
  if (typeof id !== 'string' || !counted || typeof sha256 !== 'string' || typeof kid !== 'string') return undefined;
  return /^[0-9a-f]{32}$/.test(id) ? { sealedIn: { id, parts, sha256, kid } } : undefined;
}

function parseBinding(value: Json | undefined): RecordBinding | undefined {
  if (!isJsonObject(value) || Object.keys(value).length !== 3) return undefined;
  const { provider, issuer, client_id: clientId } = value;
  if (typeof provider !== 'string' || typeof issuer !== 'string' || typeof clientId !== 'string') return undefined;
  return { provider, issuer, clientId };
}

/** Undefined when the sealed part is damaged. */
export function sealedWithOf(record: ParsedRecord | PointingRecord): string | undefined {
  if ('sealedIn' in record) return record.sealedIn.kid;
  const kid = claimedHeader(record.sealed)?.kid;
  return typeof kid === 'string' ? kid : undefined;
}

/** The sealed part in clear. Throws `record_unreadable` when the seal does not fit this key, this place or these facts. */
export function openRecord(record: ParsedRecord, key: SealKey): JsonObject {
  const { ref } = record;
  const claimed = claimedHeader(record.sealed);
  if (claimed === undefined) throw unreadable(ref, 'its sealed part is damaged');
  if (claimed.kid !== key.kid) throw unreadable(ref, 'it was sealed with another key than this tree has');
  const disagreeing = differences(claimed, { ...recordHeader(record, key.kid), alg: 'dir', enc: 'A256GCM' });
  if (disagreeing.length > 0) {
    const on = disagreeing.map((member) => (member === 'facts_sha256' ? 'facts' : member)).join(', ');
    throw unreadable(ref, `it was edited: its clear and its sealed part disagree on ${on}`);
  }
  const payload = unseal(Buffer.from(key.bytes.reveal(), 'base64'), record.sealed);
  const secrets = payload === undefined ? undefined : parseJson(payload);
  if (!isJsonObject(secrets)) throw unreadable(ref, 'its seal is broken: it was edited or damaged');
  return secrets;
}

/** What the seal binds (`alg` and `enc` are the seal's own). No member of it can be changed without the seal breaking. */
export function recordHeader(record: ClearRecord, kid: string): JsonObject {
  return {
    typ: 'oauthctl-record',
    kid,
    version: recordVersion,
    kind: record.ref.kind,
    name: record.ref.name,
    provider: record.binding.provider,
    issuer: record.binding.issuer,
    client_id: record.binding.clientId,
    generation: record.generation,
    facts_sha256: factsDigest(record.facts),
  };
}

/** Null for numbers that only look like JSON (1e999) and for nesting without end: no seal binds null. */
function factsDigest(facts: JsonObject): string | null {
  try {
    return createHash('sha256').update(canonicalJson(facts)).digest('base64url');
  } catch {
    return null;
  }
}

function differences(a: JsonObject, b: JsonObject): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((member) => a[member] !== b[member]).sort();
}

const fromBackup = 'restore the file from a backup';

export function unreadable(ref: RecordRef, why: string, way = fromBackup): CliError {
  return new CliError('record_unreadable', `${place(ref)} cannot be used: ${why}`, {
    hint: `${way}; or ${forgetCommand(ref)} forgets it`,
  });
}

/** Neither opens what it forgets. */
function forgetCommand({ kind, name }: RecordRef): string {
  return kind === 'connections'
    ? `oauthctl revoke ${name} --local-only`
    : `oauthctl app remove ${name.replace('.', ' --name ')}`;
}

function tooNew(ref: RecordRef, version: number): CliError {
  return new CliError('record_too_new', `${place(ref)} was written by a newer oauthctl (record format ${version})`, {
    hint: 'npm install --global oauthctl@latest',
  });
}

function place(ref: RecordRef): string {
  return `${ref.kind}/${recordFileName(ref.name)}`;
}
