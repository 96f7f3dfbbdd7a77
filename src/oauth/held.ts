// One token of a grant, with what decides how it can be asked about and ended.
import type { RoleTokens } from '../model/connection.ts';

export interface Held {
  readonly role: string;
  readonly tokens: RoleTokens;
  /** All scopes of the grant, as people write them: those of other roles carry their prefix. */
  readonly granted: readonly string[];
}
