// A stored grant: its clear facts, and the tokens that rest sealed beside them.
import type { Secret } from './secret.ts';

export type FlowName = 'loopback' | 'device' | 'paste' | 'fragment';

/** A refresh token that is being spent: written before the request leaves, cleared by a definite answer only. */
export interface SpendingMark {
  readonly role: string;
  /** Keyed fingerprint of the refresh token. */
  readonly fingerprint: string;
  readonly at: number;
  /** Host and process, for people. */
  readonly by: string;
}

export type UsedElsewhere = { readonly is: 'grant_lives' } | { readonly is: 'came_from'; readonly host: string };

/** A refusal that is remembered, so that unattended callers do not repeat it for hours. */
export interface RefusalMark {
  readonly role: string;
  readonly fingerprint: string;
  /** `grant_dead`, `app_fault`, …: the meaning of the refusal. */
  readonly means: string;
  /** The provider's own error name, when it gave one. */
  readonly error: string | null;
  /** Whether the provider told why. */
  readonly explained: boolean;
  /** The refresh before it that was cut short, and may be why; null when there was none. */
  readonly cut: Pick<SpendingMark, 'at' | 'by'> | null;
  /** How it is known that somebody else used the token up: the grant still works, or it came from that machine. */
  readonly elsewhere: UsedElsewhere | null;
  readonly at: number;
  readonly count: number;
}

export interface Connection {
  readonly name: string;
  readonly provider: string;
  readonly label: string | null;
  readonly issuer: string;
  /** Origins that tokens were sent to at the sign-in; for an added provider they are sent nowhere else. */
  readonly tokenOrigins: readonly string[];
  readonly account: { readonly id: string | null; readonly name: string | null };
  readonly app: string;
  readonly clientId: string;
  readonly kind: string;
  /** Where the provider has tenants: the one that was signed in to. */
  readonly tenant: string | null;
  readonly flow: FlowName;
  /** The primary first. */
  readonly roles: readonly string[];
  readonly scopes: {
    readonly asked: readonly string[];
    readonly granted: readonly string[];
    /** Asked and not granted, by the provider's own folding. */
    readonly missing: readonly string[];
  };
  readonly accessToken: { readonly expiresAt: number | null; readonly refreshable: boolean };
  readonly refreshToken: {
    readonly present: boolean;
    readonly rotates: boolean | null;
    readonly expiresAt: number | null;
  };
  readonly grant: { readonly endsAt: number | null; readonly reason: string | null };
  /** Seconds that the refresh token was issued for, when the provider said so. */
  readonly grantIssuedSeconds: number | null;
  /** RFC 8707 resource indicator, sent on every token request. */
  readonly resource: string | null;
  readonly createdAt: number;
  readonly refreshedAt: number | null;
  /** When the provider last accepted the access token. */
  readonly provedAt: number | null;
  /** One per role at most. */
  readonly spending: readonly SpendingMark[];
  readonly refused: readonly RefusalMark[];
  /** Stable id of the machine that wrote the record last. */
  readonly host: string;
}

export interface RoleTokens {
  readonly access: Secret | null;
  /** As the provider spelled it; `Bearer` when it said nothing. */
  readonly tokenType: string;
  readonly expiresAt: number | null;
  /** Seconds that the access token was issued for, when known. */
  readonly issuedSeconds: number | null;
  readonly refresh: Secret | null;
}

/** Every token of one grant, by role, the primary first. Grants with one token have the one role `access`. */
export interface TokenSet {
  readonly roles: Readonly<Record<string, RoleTokens>>;
  readonly idToken: Secret | null;
}

/** The role of a grant that has one token. */
export const onlyRole = 'access';

export type ConnectionState =
  | 'healthy'
  | 'expiring'
  | 'scope_missing'
  | 'unverified'
  | 'expired'
  | 'reconnect_required'
  | 'app_rejected'
  | 'uncertain'
  | 'unreachable'
  | 'unreadable';

export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
}
