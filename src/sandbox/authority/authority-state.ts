// What an imitated server remembers: codes, grants and their tokens, device codes. Tokens and codes are keys, as hashes only.
// What a family wants to remember besides goes into the `more` of a record; it never holds a secret.
import type { JsonObject } from '../../model/json.ts';
import type { Call } from '../call.ts';
import { familyState, keepNewest } from '../state.ts';

/** What a person allowed a client. */
export interface Allowed {
  readonly clientId: string;
  /** Who: a key of people.ts. */
  readonly person: string;
  readonly scopes: readonly string[];
  readonly more: JsonObject;
}

export interface CodeRecord extends Allowed {
  /** As it was sent; null: left out. */
  readonly redirectUri: string | null;
  /** In S256 form. */
  readonly challenge: string | null;
  readonly expiresAt: number;
  usedAt: number | null;
}

export interface GrantRecord extends Allowed {
  readonly createdAt: number;
  usedAt: number;
  endedAt: number | null;
}

export interface RefreshRecord {
  readonly grant: string;
  /** When it ends by itself; null: never. */
  endsAt: number | null;
  /** When a successor took its place. */
  rotatedAt: number | null;
  endedAt: number | null;
  /** The answer that brought the successor did not arrive: whoever sends this token again could not know better. */
  lost: boolean;
}

export interface AccessRecord {
  readonly grant: string;
  readonly scopes: readonly string[];
  readonly issuedAt: number;
  /** null: never. */
  readonly expiresAt: number | null;
  endedAt: number | null;
}

export interface DeviceRecord {
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly more: JsonObject;
  /** A hash too. */
  readonly userCode: string;
  readonly expiresAt: number;
  intervalSeconds: number;
  polledAt: number | null;
  polls: number;
  answer: { readonly person: string; readonly scopes: readonly string[] } | 'denied' | null;
  usedAt: number | null;
}

interface AuthorityState {
  readonly codes: Record<string, CodeRecord>;
  /** By a running number. */
  readonly grants: Record<string, GrantRecord>;
  readonly refresh: Record<string, RefreshRecord>;
  readonly access: Record<string, AccessRecord>;
  readonly devices: Record<string, DeviceRecord>;
  made: number;
}

export function authorityState(call: Call): AuthorityState {
  return familyState(call.state, call.family, () => ({
    codes: {},
    grants: {},
    refresh: {},
    access: {},
    devices: {},
    made: 0,
  }));
}

/** What ended lately is told apart from what never was. */
const rememberedMs = 12 * 3_600_000;

/** For a family's `before`: drops what is long over. */
export function forgetWhatIsOver(call: Call): void {
  const { codes, grants, refresh, access, devices } = authorityState(call);
  const over = (at: number | null) => at !== null && at + rememberedMs < call.at;
  keepNewest(codes, 200, (code) => over(code.expiresAt));
  keepNewest(devices, 200, (device) => over(device.expiresAt));
  keepNewest(grants, 800, (grant) => over(grant.endedAt));
  const orphaned = (token: { readonly grant: string }) => !Object.hasOwn(grants, token.grant);
  keepNewest(refresh, 800, (token) => orphaned(token) || over(token.endedAt) || over(token.endsAt));
  keepNewest(access, 1000, (token) => orphaned(token) || over(token.endedAt) || over(token.expiresAt));
}
