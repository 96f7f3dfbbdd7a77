// Where a tree's seal key comes from, as the keyring sees it.
import type { KeyGuard } from '../model/protection.ts';
import type { Secret } from '../model/secret.ts';
import type { KeySourceChoice } from '../model/store.ts';

export type FoundKey =
  | { readonly state: 'found'; readonly bytes: Secret; readonly worldReadable: boolean }
  | { readonly state: 'absent' }
  /** A keychain item that a killed daemon left without content: never a key. */
  | { readonly state: 'empty' }
  | { readonly state: 'malformed' };

export interface KeySource {
  /** Rejects with `key_locked` or `key_unavailable` when the source cannot be asked, which is never "absent". */
  key(kid: string): Promise<FoundKey>;
  /** Puts a new key there and reads it back. Only called when `key` found nothing, or an empty item. Returns the source as key.json names it. */
  create(kid: string, fresh: Secret): Promise<KeySourceChoice>;
  /**
   * Forgets the key of that kid where the source has an item of its own; a person's file, variable or program is never touched.
   * Returns where a copy still lies.
   */
  remove(kid: string): Promise<string | undefined>;
  /** For people: "OAUTHCTL_KEY", "the key file /run/keys/oauthctl". */
  describe(kid: string): string;
  readonly guard: KeyGuard;
}
