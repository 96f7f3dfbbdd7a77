// Records at rest, as the rest of the program sees them. A record is clear facts plus a sealed part; both are JSON.
// Absent is `undefined`. Unreadable, tampered and newer are errors (`record_unreadable`, `record_too_new`), never "absent".
import type { JsonObject } from './json.ts';
import type { Secret } from './secret.ts';

export type RecordKind = 'connections' | 'apps';

export interface RecordRef {
  readonly kind: RecordKind;
  readonly name: string;
}

/** What the seal binds besides the name, the generation and the clear facts. */
export interface RecordBinding {
  readonly provider: string;
  readonly issuer: string;
  readonly clientId: string;
}

export interface RecordContent {
  readonly binding: RecordBinding;
  readonly facts: JsonObject;
  readonly secrets: JsonObject;
}

export interface StoredRecord {
  readonly ref: RecordRef;
  readonly binding: RecordBinding;
  readonly generation: number;
  readonly facts: JsonObject;
  /** Needs the seal key. Rejects with `key_…`, or `record_unreadable` when the seal does not fit what is in clear. */
  open(): Promise<JsonObject>;
}

export type ListedRecord =
  | { readonly ok: true; readonly record: StoredRecord }
  | {
      readonly ok: false;
      readonly ref: RecordRef;
      readonly code: 'record_unreadable' | 'record_too_new';
      readonly message: string;
      readonly hint: string | undefined;
    };

/** Proof that a record's lock is held; `write` and `remove` want it. */
export interface RecordLock {
  readonly ref: RecordRef;
  /** False once another process has taken over (this one was thought dead). */
  stillHeld(): Promise<boolean>;
  release(): Promise<void>;
}

export interface LockOptions {
  /** Rejects with `locked` when it takes longer. */
  readonly waitMs: number;
  /** Told once, after a second, who holds it. */
  readonly onWait?: ((holder: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface StoreDescription {
  readonly store: 'files';
  readonly folder: string;
  readonly key: KeyDescription | null;
}

export interface Store {
  read(ref: RecordRef): Promise<StoredRecord | undefined>;
  /** Clear facts only: opens nothing, needs no key. Sorted by name. */
  list(kind: RecordKind): Promise<ListedRecord[]>;
  /** Names only: reads no file's content. */
  names(kind: RecordKind): Promise<string[]>;
  /** `replaces`: the generation that is overwritten, 0 for a new record; a different one on disk is `store_unavailable` and nothing is written. Returns the new generation. */
  write(ref: RecordRef, content: RecordContent, under: RecordLock, replaces: number): Promise<number>;
  /** True when there was a record. */
  remove(ref: RecordRef, under: RecordLock): Promise<boolean>;
  lock(ref: RecordRef, options: LockOptions): Promise<RecordLock>;
  /** The whole record, sealed as it is, for another machine of the same tree. */
  portable(ref: RecordRef): Promise<string | undefined>;
  /**
   * Puts what `portable` gave in its place, unless what is there is as new or newer: that is kept. Rejects with `record_…` when the
   * text does not open with this tree's key, or what is there cannot be read.
   */
  restore(ref: RecordRef, text: string, under: RecordLock): Promise<'restored' | 'same' | 'older' | 'differs'>;
  /** Writes, reads back and removes a small file, so that a full or read-only disk is met before a token is spent. */
  probe(): Promise<void>;
  describe(): Promise<StoreDescription>;
}

export type KeySourceChoice =
  | { readonly type: 'keychain' }
  | { readonly type: 'env' }
  | { readonly type: 'file'; readonly path: string };

export interface KeyDescription {
  readonly kid: string;
  readonly tree: string;
  readonly source: KeySourceChoice;
  readonly createdAt: number;
}

/** The seal key of one tree. */
export interface SealKey {
  readonly kid: string;
  /** 32 bytes, base64. */
  readonly bytes: Secret;
}

export interface Keyring {
  /** The tree's key: opened and checked, or created on first use (once, whatever number of processes ask). Read once per process. Errors: `key_unavailable`, `key_locked`, `key_missing`, `key_mismatch`. */
  key(): Promise<SealKey>;
  /** What `key.json` says; undefined in a new tree. Never asks the key source. */
  describe(): Promise<KeyDescription | undefined>;
  /** Keyed and one-way: 128 bits, base64url. The same token gives the same fingerprint in one tree only. */
  fingerprint(provider: string, token: Secret): Promise<string>;
  /** The text of key.json, which says which key opens the tree and holds no secret; undefined in a new tree. */
  keyFile(): Promise<string | undefined>;
  /**
   * Makes the tree that such a text came from out of one that has sealed nothing, where the key is at hand. Nothing happens where it
   * is that tree already; another tree is `key_mismatch`, and nothing is written.
   */
  adopt(keyFile: string): Promise<void>;
  /** Moves key.json and every record that this tree cannot open aside; returns where, and what was in it. */
  reset(): Promise<{
    readonly movedTo: string;
    readonly connections: readonly string[];
    readonly apps: readonly string[];
  }>;
}
