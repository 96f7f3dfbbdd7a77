// What an answer means: the provider's own rows first, then the RFCs' defaults. The one place where refusals are judged.
import { CliError, type ErrorCode } from '../errors.ts';
import type { AnswerPlace, AnswerRule, Meaning, Provider } from '../model/provider.ts';
import {
  type Answer,
  bodyText,
  describeAnswer,
  errorDescription,
  errorName,
  firstSentence,
  valueAt,
} from './answer.ts';
import { reasonIn } from './reasons.ts';
import { pauseOf } from './retry-after.ts';

export interface Reading {
  /** `unknown`: refused, for a reason that nobody can tell. It kills nothing. */
  readonly means: Meaning | 'unknown';
  /** The server's own name for it. */
  readonly error: string | null;
  /** For people. */
  readonly words: string;
  /** Whether the server told why, beyond the error's bare name. */
  readonly explained: boolean;
  /** Seconds that the server asks to wait. */
  readonly retryAfterSeconds: number | undefined;
}

type Default = { readonly means: Meaning; readonly words: string };

const dead: Default = { means: 'already_dead', words: 'the token was dead already' };
const deadToken: Default = { means: 'grant_dead', words: 'the token is expired, revoked or not its own' };
const person: Default = { means: 'person_needed', words: 'it wants to see the person again' };
const unavailable: Default = { means: 'transient', words: 'it cannot answer now' };
const tooMany: Default = { means: 'rate_limited', words: 'it was asked too often' };
const lacksScope: Default = { means: 'scope_missing', words: 'the grant lacks a scope for this' };

/** RFC 6749 §5.2, RFC 6750 §3.1, OpenID Connect Core §3.1.2.6. */
const errors: Readonly<Record<string, Default>> = {
  invalid_grant: { means: 'grant_dead', words: 'the grant is expired, revoked or used up' },
  invalid_client: { means: 'app_fault', words: 'it does not accept the client id or the client secret' },
  unauthorized_client: { means: 'app_fault', words: 'the app may not do this' },
  unsupported_grant_type: { means: 'app_fault', words: 'it does not offer this kind of grant' },
  invalid_scope: { means: 'scope_missing', words: 'a scope is unknown or was not granted' },
  insufficient_scope: lacksScope,
  temporarily_unavailable: unavailable,
  server_error: unavailable,
  slow_down: tooMany,
  interaction_required: person,
  login_required: person,
  consent_required: person,
  account_selection_required: person,
};

/** `nowAt` is what a `Retry-After` date is measured from when the server sends no `Date`. */
export function readAnswer(provider: Provider, place: AnswerPlace, answer: Answer, nowAt: number): Reading {
  // An API's own error names hide the one that RFC 6750 §3.1 put into the challenge.
  const names = [errorName(answer), challengeError(answer)];
  const error = (place === 'probe' ? names.reverse() : names).find((name) => name !== null) ?? null;
  const row = provider.answers.find((rule) => fits(rule, place, answer));
  const reason = reasonIn(provider.reasonCodes, answer);
  const retryAfterSeconds = pauseOf(answer, row?.retryAfter, nowAt);
  const explained = reason !== undefined || row?.explains === true;
  if (row !== undefined) return { means: row.means, error, words: reason ?? row.words, explained, retryAfterSeconds };
  const said = provider.reasonCodes === undefined ? errorDescription(answer) : firstSentence(answer);
  const known = byDefault(place, answer, error);
  const words = reason ?? said ?? known?.words ?? describeAnswer(answer);
  return { means: known?.means ?? 'unknown', error, words, explained, retryAfterSeconds };
}

function fits(rule: AnswerRule, place: AnswerPlace, answer: Answer): boolean {
  if (!rule.on.includes(place)) return false;
  if (rule.status !== undefined && rule.status !== answer.status) return false;
  if (rule.header !== undefined && answer.headers[rule.header.name.toLowerCase()] !== rule.header.equals) return false;
  if (rule.text !== undefined && rule.text.toLowerCase() !== bodyText(answer).toLowerCase()) return false;
  if (rule.at === undefined) return true;
  const value = valueAt(answer.json, rule.at);
  return rule.equals === undefined ? value !== undefined : value === rule.equals;
}

function byDefault(place: AnswerPlace, { status, headers }: Answer, error: string | null): Default | undefined {
  // RFC 6585 §4; some say 403 and ask for a pause (GitHub's secondary limits).
  if (status === 429 || (status === 403 && headers['retry-after'] !== undefined)) return tooMany;
  // RFC 9110 §15.5.9, §15.6; 425 is RFC 8470's "too early".
  if (status === 408 || status === 425 || status >= 500) return unavailable;
  if (place === 'revoke' && (error === 'invalid_token' || error === 'invalid_grant')) return dead;
  if (place === 'probe' && (error === 'invalid_token' || (status === 401 && error !== 'insufficient_scope'))) {
    return deadToken;
  }
  return error !== null && Object.hasOwn(errors, error) ? errors[error] : undefined;
}

/** RFC 6750 §3: the error may be in the challenge only. */
function challengeError({ headers }: Answer): string | null {
  return /\berror="?([a-z_]{1,60})\b/.exec(headers['www-authenticate'] ?? '')?.[1] ?? null;
}

const codes: Readonly<Record<Reading['means'], ErrorCode>> = {
  grant_dead: 'reconnect_required',
  already_dead: 'reconnect_required',
  person_needed: 'reconnect_required',
  admin_needed: 'provider_refused',
  app_fault: 'app_rejected',
  api_disabled: 'app_rejected',
  scope_missing: 'scope_missing',
  rate_limited: 'rate_limited',
  transient: 'provider_unavailable',
  unknown: 'provider_refused',
};

export function isTransient({ means }: Reading): boolean {
  return means === 'transient' || means === 'rate_limited';
}

/** The reading as the error that a command ends with. `doing`: "the sign-in", "to refresh". */
export function errorOf(provider: Provider, reading: Reading, doing: string): CliError {
  const { means, error, words, retryAfterSeconds } = reading;
  const named = error === null ? '' : ` (${error})`;
  const verb = isTransient(reading) ? 'could not finish' : 'refused';
  return new CliError(codes[means], `${provider.name} ${verb} ${doing}${named}: ${words}`, {
    hint: hintOf(provider, means, retryAfterSeconds),
    retryAfterSeconds,
  });
}

function hintOf({ id }: Provider, means: Reading['means'], retryAfterSeconds: number | undefined): string {
  switch (means) {
    case 'transient':
    case 'rate_limited':
      return retryAfterSeconds === undefined ? 'try again later' : `try again in ${retryAfterSeconds} seconds`;
    case 'app_fault':
      return `oauthctl app set ${id}`;
    case 'api_disabled':
    case 'scope_missing':
    case 'unknown':
      return `oauthctl provider guide ${id}`;
    case 'admin_needed':
      return 'an administrator of the account must allow this app';
    case 'grant_dead':
    case 'already_dead':
    case 'person_needed':
      return `oauthctl connect ${id}`;
  }
}
