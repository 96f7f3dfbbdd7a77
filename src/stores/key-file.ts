// key.json, and key.next.json while a rotation is under way: which tree this is, which key seals it and where that key comes
// from, and a sealed constant that tells the right key from a wrong one. Holds no secret in clear. The fast path reads it too.
import { createHash } from 'node:crypto';
import { CliError } from '../errors.ts';
import { fromRfc3339, toRfc3339 } from '../model/instants.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { canonicalJson, isJsonObject, parseJson } from '../model/json.ts';
import type { Secret } from '../model/secret.ts';
import type { KeySourceChoice, WrappedKey } from '../model/store.ts';
import { claimedHeader, seal, unseal } from './seal.ts';

/** 2 has retired keys, or a source that version 1 does not know; everything else is still written as 1. */
const newestVersion = 2;
const constant = 'oauthctl seal key';

export interface KeyFacts {
  /** Random per tree, for good. */
  readonly tree: string;
  /** Random per key. */
  readonly kid: string;
  readonly source: KeySourceChoice;
  readonly createdAt: number;
  /** Id of the machine that made it. */
  readonly host: string;
  /** The keys of before, oldest first. */
  readonly retired: readonly RetiredKey[];
}

/** Of a key that opens nothing any more: what the trail's entries of its time are verified with. */
export interface RetiredKey {
  readonly kid: string;
  /** A compact JWE under the key that the file names. */
  readonly auditKey: string;
}

export interface KeyFile extends KeyFacts {
  readonly check: string;
}

/** `nonce`: 12 fresh random bytes. */
export function writeKeyFile(facts: KeyFacts, key: Secret, nonce: Uint8Array): string {
  const check = seal(keyBytesOf(key), checkHeader(facts), constant, nonce);
  return `${JSON.stringify({ ...factsToJson(facts), check }, null, 2)}\n`;
}

/** Throws `record_too_new` or `record_unreadable`; a key file that cannot be read is never taken for a missing one. */
export function parseKeyFile(text: string, path: string): KeyFile {
  const file = parseJson(text);
  if (isJsonObject(file) && typeof file.version === 'number' && file.version > newestVersion) {
    throw new CliError('record_too_new', `${path} was written by a newer oauthctl (format ${file.version})`, {
      hint: 'npm install --global oauthctl@latest',
    });
  }
  const { check, ...rest } = isJsonObject(file) ? file : {};
  const facts = parseKeyFacts(rest);
  const wish = facts?.source.type === 'passphrase' && facts.source.wrapped === undefined;
  if (facts === undefined || wish || typeof check !== 'string') {
    throw new CliError('record_unreadable', `${path} is damaged, so what was sealed cannot be opened`, {
      hint: 'restore it from a backup, or: oauthctl key reset',
    });
  }
  return { ...facts, check };
}

/** What a key draft holds too: undefined when a member is missing, of the wrong type, or unknown to this version. */
export function parseKeyFacts(file: JsonObject): KeyFacts | undefined {
  const { version, tree, kid, host } = file;
  const createdAt = typeof file.created_at === 'string' ? fromRfc3339(file.created_at) : undefined;
  const source = parseSource(file.source);
  const retired = parseRetired(file.retired);
  if (createdAt === undefined || source === undefined || retired === undefined) return undefined;
  if (typeof tree !== 'string' || typeof kid !== 'string' || typeof host !== 'string') return undefined;
  const facts = { tree, kid, source, createdAt, host, retired };
  const known = factsToJson(facts);
  const sameMembers = Object.keys(file).sort().join() === Object.keys(known).sort().join();
  return sameMembers && version === known.version ? facts : undefined;
}

export function factsToJson({ tree, kid, source, createdAt, host, retired }: KeyFacts): JsonObject {
  const version = retired.length > 0 || source.type === 'passphrase' || source.type === 'command' ? newestVersion : 1;
  const facts = { version, tree, kid, source: { ...source }, created_at: toRfc3339(createdAt), host };
  if (retired.length === 0) return facts;
  return { ...facts, retired: retired.map((one) => ({ kid: one.kid, audit_key: one.auditKey })) };
}

/** False for another key, and for a key.json whose clear part was edited. */
export function keyFits(file: KeyFile, key: Secret): boolean {
  const claimed = claimedHeader(file.check);
  const expected: JsonObject = { ...checkHeader(file), alg: 'dir', enc: 'A256GCM' };
  if (claimed === undefined || Object.keys(claimed).length !== Object.keys(expected).length) return false;
  // Member by member: a claimed one may be nested without end, or a number that is none.
  if (Object.keys(expected).some((member) => claimed[member] !== expected[member])) return false;
  return unseal(keyBytesOf(key), file.check) === constant;
}

function checkHeader(facts: KeyFacts): JsonObject {
  const digest = createHash('sha256')
    .update(canonicalJson(factsToJson(facts)))
    .digest('base64url');
  return { typ: 'oauthctl-key', kid: facts.kid, facts_sha256: digest };
}

function parseSource(value: Json | undefined): KeySourceChoice | undefined {
  if (!isJsonObject(value)) return undefined;
  const { type, path, command } = value;
  if (type === 'keychain' || type === 'env') return { type };
  if (type === 'file' && typeof path === 'string') return { type, path };
  if (type === 'command' && typeof command === 'string') return { type, command };
  if (type !== 'passphrase') return undefined;
  if (value.wrapped === undefined) return { type };
  const wrapped = parseWrapped(value.wrapped);
  return wrapped && { type, wrapped };
}

/** What is asked of scrypt by a key.json that somebody else may have written must not take all memory (128·n·r bytes) or time. */
const costs = { least: 2 ** 14, most: 2 ** 18 };
const mostParallel = 4;
const saltBytes = 16;

/** Undefined when it is not what wrap-key.ts may have written, at any cost that is affordable. */
function parseWrapped(value: Json): WrappedKey | undefined {
  if (!isJsonObject(value)) return undefined;
  const { salt, n, r, p, sealed } = value;
  if (Object.keys(value).sort().join() !== 'n,p,r,salt,sealed') return undefined;
  if (typeof salt !== 'string' || typeof sealed !== 'string') return undefined;
  if (Buffer.from(salt, 'base64url').length !== saltBytes || r !== 8) return undefined;
  if (typeof n !== 'number' || !Number.isInteger(Math.log2(n)) || n < costs.least || n > costs.most) return undefined;
  if (typeof p !== 'number' || !Number.isInteger(p) || p < 1 || p > mostParallel) return undefined;
  return { salt, n, r, p, sealed };
}

function parseRetired(value: Json | undefined): readonly RetiredKey[] | undefined {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return undefined;
  const retired: RetiredKey[] = [];
  for (const one of value) {
    if (!isJsonObject(one) || Object.keys(one).sort().join() !== 'audit_key,kid') return undefined;
    if (typeof one.kid !== 'string' || typeof one.audit_key !== 'string') return undefined;
    retired.push({ kid: one.kid, auditKey: one.audit_key });
  }
  return retired;
}

function keyBytesOf(key: Secret): Buffer {
  return Buffer.from(key.reveal(), 'base64');
}
