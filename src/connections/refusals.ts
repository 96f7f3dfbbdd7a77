// What a refusal means for a grant, in words for people: the likeliest cause first, and the one command to run next.
import { CliError, type ErrorCode } from '../errors.ts';
import type { Connection, RefusalMark } from '../model/connection.ts';
import { describeInstant } from '../model/instants.ts';
import type { DeadGrantCause, Provider } from '../model/provider.ts';
import { appCommand } from './app-command.ts';
import { reconnectCommand } from './reconnect-hint.ts';

export interface Refusal {
  readonly role: string;
  /** A Meaning, or `unknown`. */
  readonly means: string;
  readonly error: string | null;
  /** Whether the provider told why, so that nothing need be guessed. */
  readonly explained: boolean;
  readonly cut: RefusalMark['cut'];
  readonly elsewhere: RefusalMark['elsewhere'];
}

const codes: Readonly<Record<string, ErrorCode>> = {
  grant_dead: 'reconnect_required',
  already_dead: 'reconnect_required',
  person_needed: 'reconnect_required',
  admin_needed: 'provider_refused',
  app_fault: 'app_rejected',
  api_disabled: 'app_rejected',
  scope_missing: 'scope_missing',
};

export interface RefusalContext {
  /** What the answer itself said, by the provider's table. */
  readonly words?: string;
  /** Said when the record was put back from a bundle and not refreshed since. */
  readonly restored?: string | undefined;
  /** Said when the refusal comes from memory. */
  readonly remembered?: string;
}

/** Throws nothing; the CliError is the answer. */
export function refusalProblem(
  provider: Provider,
  connection: Connection,
  refusal: Refusal,
  nowAt: number,
  context: RefusalContext = {},
): CliError {
  const said = refusal.error === null ? '' : ` (${refusal.error})`;
  const parts = [
    `${provider.name} refused to refresh '${connection.name}'${said}${context.words ? `: ${context.words}` : ''}`,
    refusal.means === 'grant_dead' ? likelyCause(provider, connection, refusal, nowAt) : undefined,
    refusal.means === 'grant_dead' ? context.restored : undefined,
    graceOf(refusal.means),
    context.remembered,
  ];
  const message = parts.filter((part) => part !== undefined).join('; ');
  return new CliError(codes[refusal.means] ?? 'provider_refused', message, {
    hint: hint(refusal.means, provider, connection),
  });
}

/** What did not happen to the grant. */
function graceOf(means: string): string | undefined {
  if (means === 'app_fault' || means === 'admin_needed') return 'the grant itself may still live';
  return means === 'unknown' ? 'the grant was kept' : undefined;
}

function hint(means: string, provider: Provider, connection: Connection): string {
  switch (means) {
    case 'grant_dead':
    case 'already_dead':
    case 'person_needed':
    case 'scope_missing':
      return reconnectCommand(connection, provider);
    case 'app_fault':
      return appCommand('show', connection.provider, { name: connection.app });
    case 'api_disabled':
      return `oauthctl provider guide ${connection.provider}`;
    case 'admin_needed':
      return 'an administrator of the account must allow this app';
    default:
      return `oauthctl refresh ${connection.name}`;
  }
}

/** Reasons that a provider does not send are ranked from what is stored, and worded as likelihoods. */
function likelyCause(
  provider: Provider,
  connection: Connection,
  { cut, explained, elsewhere }: Refusal,
  nowAt: number,
): string | undefined {
  if (cut !== null) {
    const when = describeInstant(cut.at, nowAt);
    return `a refresh by ${cut.by} was cut short ${when}, so most likely that one used the refresh token up`;
  }
  if (explained) return undefined;
  if (elsewhere?.is === 'grant_lives') {
    return 'its access token still works, so the grant lives and its refresh token was used up elsewhere: another machine or program holds the newer one';
  }
  if (elsewhere?.is === 'came_from') {
    return `this record came from another machine (${elsewhere.host}), so most likely the refresh token was used up there`;
  }
  const cause = provider.deadGrantCauses.find((candidate) => holds(candidate.when, provider, connection, nowAt));
  return cause === undefined ? undefined : `most likely ${cause.words}`;
}

function holds(when: DeadGrantCause['when'], provider: Provider, connection: Connection, nowAt: number): boolean {
  switch (when.is) {
    case 'short_grant_over': {
      const { shortGrant } = provider.lifetimes;
      if (shortGrant === null || connection.grantIssuedSeconds === null) return false;
      const ended = connection.createdAt + connection.grantIssuedSeconds * 1000;
      return connection.grantIssuedSeconds <= shortGrant.seconds && nowAt >= ended;
    }
    case 'idle_over': {
      const idle = provider.lifetimes.refreshIdleSeconds;
      return idle !== null && nowAt - (connection.refreshedAt ?? connection.createdAt) >= idle * 1000;
    }
    case 'has_scope':
      return when.scopes.some((scope) => connection.scopes.granted.includes(scope));
    case 'always':
      return true;
  }
}
