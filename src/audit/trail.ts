// The tamper-evident trail: one JSON line per event, each chained to the one before by a keyed MAC.
import type { JsonObject } from '../model/json.ts';

export interface AuditEvent {
  /** `token.refreshed`, `connection.created`, … */
  readonly type: string;
  readonly outcome: 'intent' | 'success' | 'failure';
  readonly provider?: string;
  readonly connection?: string;
  /** Never a token, code, verifier, secret, body or full callback URL. */
  readonly details?: JsonObject;
}

export interface AuditTrail {
  /** Resolves when the line is on the disk. */
  append(event: AuditEvent): Promise<void>;
}
