// The one error class, and the table of its codes: exit status, and whether trying again can help.
// Codes are contract: scripts match them, so a code is never renamed and never changes its exit.

export const errorCodes = {
  internal: { exit: 1, retryable: false },
  usage: { exit: 2, retryable: false },
  invalid_value: { exit: 2, retryable: false },
  needs_confirmation: { exit: 2, retryable: false },
  needs_terminal: { exit: 2, retryable: false },
  account_differs: { exit: 2, retryable: false },
  connection_not_found: { exit: 3, retryable: false },
  provider_not_found: { exit: 3, retryable: false },
  app_missing: { exit: 3, retryable: false },
  nothing_to_check: { exit: 3, retryable: false },
  reconnect_required: { exit: 4, retryable: false },
  consent_denied: { exit: 4, retryable: false },
  scope_missing: { exit: 4, retryable: false },
  provider_refused: { exit: 5, retryable: false },
  bad_response: { exit: 5, retryable: false },
  state_mismatch: { exit: 5, retryable: false },
  issuer_mismatch: { exit: 5, retryable: false },
  grant_unsupported: { exit: 5, retryable: false },
  app_rejected: { exit: 5, retryable: false },
  app_changed: { exit: 5, retryable: false },
  unreachable: { exit: 6, retryable: true },
  timed_out: { exit: 6, retryable: true },
  rate_limited: { exit: 6, retryable: true },
  provider_unavailable: { exit: 6, retryable: true },
  locked: { exit: 6, retryable: true },
  port_unavailable: { exit: 6, retryable: true },
  grant_uncertain: { exit: 6, retryable: true },
  key_unavailable: { exit: 7, retryable: false },
  key_locked: { exit: 7, retryable: true },
  key_missing: { exit: 7, retryable: false },
  key_mismatch: { exit: 7, retryable: false },
  store_unavailable: { exit: 7, retryable: false },
  record_unreadable: { exit: 7, retryable: false },
  record_too_new: { exit: 7, retryable: false },
  settings_invalid: { exit: 7, retryable: false },
  findings: { exit: 8, retryable: false },
  not_proved: { exit: 8, retryable: false },
  cancelled: { exit: 130, retryable: false },
} as const;

export type ErrorCode = keyof typeof errorCodes;

export interface CliErrorOptions {
  /** The one command or act that helps next. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
  /** Seconds that the other side asked us to wait. */
  readonly retryAfterSeconds?: number | undefined;
}

/**
 * Anything a command ends with, other than success. `message` says what happened and why; it never carries a secret.
 */
export class CliError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, message: string, options: CliErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = 'CliError';
    this.code = code;
    this.hint = options.hint;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  get exit(): number {
    return errorCodes[this.code].exit;
  }

  get retryable(): boolean {
    return errorCodes[this.code].retryable;
  }
}

/** The order in which the exits of several connections outrank each other. */
const exitPrecedence = [1, 7, 5, 8, 4, 6] as const;

/** The exit of a command that tried several things: the first of 1, 7, 5, 8, 4, 6 that occurred, else any other, else 0. */
export function combineExits(exits: readonly number[]): number {
  return exitPrecedence.find((exit) => exits.includes(exit)) ?? exits.find((exit) => exit !== 0) ?? 0;
}
