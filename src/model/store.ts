// Records at rest, as the rest of the program sees them. A record is clear facts plus a sealed part; both are JSON.
// Absent is `undefined`. Unreadable, tampered and newer are errors (`record_unreadable`, `record_too_new`), never "absent".
import type { JsonObject } from './json.ts';
import type { KeyGuard } from './protection.ts';
import type { Secret } from './secret.ts';

export type RecordKind = 'connections' | 'apps';

/** Where sealed parts rest: in the record's own file, or in items of the operating system's keychain. */
export type StoreName = 'files' | 'keychain-items';

export interface RecordRef {
  readonly kind: RecordKind;
  readonly name: string;
}

/** What somebody asked for: in a flag, a variable or the settings, which `from` names. */
export interface StoreWish {
  readonly store: StoreName;
  readonly from: string;
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
  /** Where this record's sealed part rests, which after a cut migration may be another store than its tree's. */
  readonly store: StoreName;
  /** The id of the key that its seal names, before anything is proved; undefined when the sealed part is damaged. */
  readonly sealedWith: string | undefined;
  /** Needs the seal key, and the keychain where the sealed part rests there. Rejects with `key_…`, or `record_unreadable` when the seal does not fit what is in clear. */
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

/** Where something rests, who else can read it there, and what protects it. For people. */
export interface RestingPlace {
  readonly what: 'facts' | 'secrets';
  readonly where: string;
  readonly readers: string;
  readonly protection: string;
}

export interface StoreDescription {
  /** What is written from now on rests there. */
  readonly store: StoreName;
  /** The store of before, while a migration is not finished. */
  readonly movingFrom: StoreName | null;
  readonly folder: string;
  readonly places: readonly RestingPlace[];
  readonly key: KeyDescription | null;
}

/** Keychain items that no record needs: left by a process that died, or by a keychain that failed when they were removed. */
export interface OrphanedItems {
  readonly ref: RecordRef;
  readonly items: number;
}

export interface MigrateOptions {
  /** Told after each record. */
  readonly onMoved?: ((ref: RecordRef) => void | Promise<void>) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Migration {
  readonly from: StoreName;
  readonly moved: readonly RecordRef[];
}

/** Both locks are held. */
export interface Renaming {
  readonly from: RecordLock;
  readonly to: RecordLock;
  /** As it is to be under the new name. */
  readonly content: RecordContent;
  /** Of the record under the old name. */
  readonly generation: number;
}

export interface Store {
  read(ref: RecordRef): Promise<StoredRecord | undefined>;
  /** Clear facts only: opens nothing, needs no key. Sorted by name. */
  list(kind: RecordKind): Promise<ListedRecord[]>;
  /** Names only: reads no file's content. */
  names(kind: RecordKind): Promise<string[]>;
  /** `replaces`: the generation that is overwritten, 0 for a new record; a different one on disk is `store_unavailable` and nothing is written. Returns the new generation. */
  write(ref: RecordRef, content: RecordContent, under: RecordLock, replaces: number): Promise<number>;
  /** Into a name that is free, else `store_unavailable`. There is one record at every instant; cut short, `finishRenames` puts it right. */
  rename(renaming: Renaming): Promise<void>;
  /** Connections that a rename that was cut short left, whole, under their old names; returns their names. */
  finishRenames(): Promise<readonly string[]>;
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
  /**
   * Moves every record, one after the other, each under its lock; other processes go on meanwhile. All or nothing: at the first
   * record that cannot be moved the others go back. Cut short at any instant everything still reads, and calling it again goes on.
   */
  migrate(to: StoreName, options: MigrateOptions): Promise<Migration>;
  /** Changes nothing, and asks no keychain. What a process is at work on is none. */
  findOrphans(): Promise<readonly OrphanedItems[]>;
  /** Removes them; `left` are those that the keychain did not let go, with why. */
  removeOrphans(): Promise<{ readonly removed: number; readonly left: number; readonly why: string | null }>;
}

/** The seal key under what scrypt (RFC 7914) makes of a passphrase. A type, so that it is JSON. */
export type WrappedKey = {
  /** 16 bytes, base64url. */
  readonly salt: string;
  readonly n: number;
  readonly r: number;
  readonly p: number;
  /** A compact JWE. */
  readonly sealed: string;
};

export type KeySourceChoice =
  | { readonly type: 'keychain' }
  | { readonly type: 'env' }
  | { readonly type: 'file'; readonly path: string }
  /** `command`: as typed, split by `commandWords`. */
  | { readonly type: 'command'; readonly command: string }
  /** Without `wrapped` it is a wish: a passphrase that is yet to be chosen. */
  | { readonly type: 'passphrase'; readonly wrapped?: WrappedKey };

interface KeyFileDescription extends KeyGuard {
  readonly kid: string;
  readonly source: KeySourceChoice['type'];
  /** For people: "the key file /run/keys/oauthctl". */
  readonly where: string;
  readonly createdAt: number;
}

export interface KeyDescription extends KeyFileDescription {
  readonly tree: string;
  /** The key that a rotation under way seals with. */
  readonly next: KeyFileDescription | null;
}

/** The seal key of one tree. */
export interface SealKey {
  readonly kid: string;
  /** 32 bytes, base64. */
  readonly bytes: Secret;
}

/** Which keys a rotation goes from and to. */
export interface Rotation {
  readonly from: string;
  readonly to: string;
  /** It had been begun before, and is gone on with. */
  readonly resumed: boolean;
}

export interface ProtectedPlace extends KeyGuard {
  readonly where: string;
  /** A flag, a variable or the settings named it; key.json does not. */
  readonly named: boolean;
}

export interface Keyring {
  /** The tree's key: opened and checked, or created on first use (once, whatever number of processes ask). Read once per process. Errors: `key_unavailable`, `key_locked`, `key_missing`, `key_mismatch`. */
  key(): Promise<SealKey>;
  /** The key of that id, for a record that claims it: this tree's, or the one of a rotation under way. Undefined when it is neither. */
  keyFor(kid: string): Promise<SealKey | undefined>;
  /** What is written now is sealed with it: the key files are read anew, since another process may rotate. Makes none. */
  keyToSeal(): Promise<SealKey>;
  /** What `key.json` says; undefined in a new tree. Never asks the key source. */
  describe(): Promise<KeyDescription | undefined>;
  /** Of that place; without one, the weakest among the keys that this call may use, or that a new tree would get. Asks no key source. */
  protection(place?: KeySourceChoice): Promise<ProtectedPlace>;
  /** Keyed and one-way: 128 bits, base64url. The same token gives the same fingerprint in one tree only, whatever key seals it. */
  fingerprint(provider: string, token: Secret): Promise<string>;
  /** The text of key.json, which says which key opens the tree and holds no secret; undefined in a new tree. */
  keyFile(): Promise<string | undefined>;
  /**
   * Makes the tree that such a text came from out of one that has sealed nothing, where the key is at hand. Nothing happens where it
   * is that tree already; another tree is `key_mismatch`, and nothing is written.
   */
  adopt(keyFile: string): Promise<void>;
  /** What the trail's entries are chained under, by key id: 32 bytes, base64; of the keys of before too. */
  auditKeys(): Promise<ReadonlyMap<string, Secret>>;
  /** Takes the key to another source. `leftAt`: where a copy still lies that is not ours to remove. */
  move(to: KeySourceChoice): Promise<{ readonly moved: boolean; readonly leftAt: string | undefined }>;
  /** A new key beside the old one: from now on it seals what is written. Goes on with a rotation that was begun before. */
  beginRotation(to: KeySourceChoice | undefined): Promise<Rotation>;
  /** The old key goes. Only when no record claims it any more, which `mustBeDone` looks at while nothing new can be written. */
  endRotation(rotation: Rotation, mustBeDone: () => Promise<void>): Promise<{ readonly leftAt: string | undefined }>;
  /** Ends the tree's key: items and key files go. Returns where copies still lie that are not ours to remove. */
  destroy(): Promise<readonly string[]>;
  /** Moves key.json and every record that this tree cannot open aside; returns where, and what was in it. */
  reset(): Promise<{
    readonly movedTo: string;
    readonly connections: readonly string[];
    readonly apps: readonly string[];
  }>;
}
