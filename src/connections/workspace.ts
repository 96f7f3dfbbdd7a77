// One tree and the world around it: what every verb of this room works on.
import type { AuditTrail } from '../audit/trail.ts';
import type { Paths } from '../model/paths.ts';
import type { System } from '../model/ports.ts';
import type { ProviderEntry } from '../model/provider.ts';
import type { Keyring, Store } from '../model/store.ts';
import type { WriteBack } from '../model/write-back.ts';

export interface ProviderBook {
  /** Throws `provider_not_found`, naming the nearest id. */
  get(id: string): Promise<ProviderEntry>;
  list(): Promise<readonly ProviderEntry[]>;
}

export interface Workspace {
  readonly system: System;
  readonly paths: Paths;
  readonly store: Store;
  readonly keyring: Keyring;
  readonly providers: ProviderBook;
  readonly audit: AuditTrail;
  /** Longest wait for one answer from the network, milliseconds. */
  readonly networkWaitMs: number;
  /** Who receives what a refresh gives. Throws `settings_invalid`, `invalid_value`. */
  writeBack(): Promise<WriteBack>;
  say(line: string): void;
  tell(line: string): void;
  warn(message: string): void;
  /** Under --verbose: one line per network exchange, never with a secret. */
  trace(line: string): void;
}
