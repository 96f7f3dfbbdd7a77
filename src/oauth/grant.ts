// What a finished sign-in leaves in the program's hands.
import type { TokenSet } from '../model/connection.ts';

export interface Account {
  /** As the provider identifies it; null when the answer did not tell. */
  readonly id: string | null;
  readonly name: string | null;
}

export interface Grant {
  readonly tokens: TokenSet;
  readonly granted: readonly string[];
  readonly account: Account;
  /** Seconds that the refresh token was issued for, when the answer said so. */
  readonly refreshIssuedSeconds: number | null;
}
