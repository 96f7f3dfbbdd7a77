// key.json: which tree this is, which key seals it and where that key comes from, and a sealed constant that tells the
// right key from a wrong one. Holds no secret. The fast path reads it too.
import { createHash } from 'node:crypto';
import { CliError } from '../errors.ts';
import { fromRfc3339, toRfc3339 } from '../model/instants.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { canonicalJson, isJsonObject, parseJson } from '../model/json.ts';
import type { Secret } from '../model/secret.ts';
import type { KeySourceChoice } from '../model/store.ts';
import { claimedHeader, seal, unseal } from './seal.ts';

const keyFileVersion = 1;
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
  if (isJsonObject(file) && typeof file.version === 'number' && file.version > keyFileVersion) {
    throw new CliError('record_too_new', `${path} was written by a newer oauthctl (format ${file.version})`, {
      hint: 'npm install --global oauthctl@latest',
    });
  }
  const { check, ...rest } = isJsonObject(file) ? file : {};
  const facts = parseKeyFacts(rest);
  if (facts === undefined || typeof check !== 'string') {
    throw new CliError('record_unreadable', `${path} is damaged, so what was sealed cannot be opened`, {
      hint: 'restore it from a backup, or: oauthctl key reset',
    });
  }
  return { ...facts, check };
}

/** What a key draft holds too: undefined when a member is missing, of the wrong type, or unknown to this version. */
export function parseKeyFacts(file: JsonObject): KeyFacts | undefined {
  const { version, tree, kid, host } = file;
  if (Object.keys(file).sort().join() !== 'created_at,host,kid,source,tree,version') return undefined;
  const createdAt = typeof file.created_at === 'string' ? fromRfc3339(file.created_at) : undefined;
  const source = parseSource(file.source);
  if (version !== keyFileVersion || createdAt === undefined || source === undefined) return undefined;
  if (typeof tree !== 'string' || typeof kid !== 'string' || typeof host !== 'string') return undefined;
  return { tree, kid, source, createdAt, host };
}

export function factsToJson({ tree, kid, source, createdAt, host }: KeyFacts): JsonObject {
  return { version: keyFileVersion, tree, kid, source: { ...source }, created_at: toRfc3339(createdAt), host };
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
  if (value.type === 'keychain' || value.type === 'env') return { type: value.type };
  return value.type === 'file' && typeof value.path === 'string' ? { type: 'file', path: value.path } : undefined;
}

function keyBytesOf(key: Secret): Buffer {
  return Buffer.from(key.reveal(), 'base64');
}
