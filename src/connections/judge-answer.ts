// What a probe's answer says of a grant: whether it works, whose it is, what it may do, how long it lasts.
import { CliError } from '../errors.ts';
import type { Connection, ConnectionState } from '../model/connection.ts';
import { describeInstant } from '../model/instants.ts';
import type { Meaning } from '../model/provider.ts';
import { scopesOfRole } from '../model/token-roles.ts';
import type { Peer } from '../oauth/peer.ts';
import type { ProbeAnswer } from '../oauth/probe.ts';
import { foldScopes, missingScopes } from '../oauth/scopes.ts';
import { losesNothing } from './lifetimes.ts';
import { markOf } from './marks.ts';
import { reconnectCommand } from './reconnect-hint.ts';
import { sameAccount } from './same-account.ts';
import type { CheckOptions, Verdict } from './status.ts';
import type { Workspace } from './workspace.ts';

/** The token that was asked about. */
export interface Judged {
  readonly workspace: Workspace;
  readonly peer: Peer;
  readonly connection: Connection;
  readonly role: string;
  readonly options: CheckOptions;
}

export function verdict(connection: Connection, state: ConnectionState, rest: Partial<Verdict> = {}): Verdict {
  return { connection, state, latencyMs: null, httpStatus: null, problem: null, ...rest };
}

const stateOfMeaning: Readonly<Record<Meaning, ConnectionState>> = {
  grant_dead: 'reconnect_required',
  already_dead: 'reconnect_required',
  person_needed: 'reconnect_required',
  admin_needed: 'app_rejected',
  app_fault: 'app_rejected',
  api_disabled: 'app_rejected',
  scope_missing: 'scope_missing',
  rate_limited: 'unreachable',
  transient: 'unreachable',
};

export function judgeAnswer(judged: Judged, answer: ProbeAnswer): Verdict {
  const { peer, connection } = judged;
  const { name } = connection;
  if (answer.kind === 'nothing_to_ask') return verdict(connection, 'unverified');
  const seen = { latencyMs: answer.latencyMs, httpStatus: answer.status };
  switch (answer.kind) {
    case 'accepted':
      return { ...accepted(judged, answer), ...seen };
    case 'transient':
      return verdict(connection, 'unreachable', { ...seen, problem: answer.error });
    case 'rejected': {
      const problem = new CliError('reconnect_required', `${peer.provider.name} rejected the token: ${answer.words}`, {
        hint: connection.refreshToken.present
          ? `oauthctl refresh ${name}`
          : reconnectCommand(connection, peer.provider),
      });
      return verdict(connection, 'reconnect_required', { ...seen, problem });
    }
    case 'refused':
      return { ...refused(judged, answer), ...seen };
  }
}

function refused({ peer, connection }: Judged, { means, words }: Extract<ProbeAnswer, { kind: 'refused' }>): Verdict {
  const state = stateOfMeaning[means];
  const code = state === 'unreachable' ? 'provider_unavailable' : state;
  const hint =
    state === 'app_rejected'
      ? `oauthctl provider guide ${connection.provider}`
      : reconnectCommand(connection, peer.provider);
  return verdict(connection, state, { problem: new CliError(code as 'reconnect_required', words, { hint }) });
}

/** The provider took the token. */
function accepted(judged: Judged, answer: Extract<ProbeAnswer, { kind: 'accepted' }>): Verdict {
  const { peer, connection, role } = judged;
  const reconnect = reconnectCommand(connection, peer.provider);
  if (answer.clientId !== null && answer.clientId !== connection.clientId) {
    const message = `the token was issued to another client (${answer.clientId})`;
    return verdict(connection, 'app_rejected', { problem: new CliError('app_changed', message, { hint: reconnect }) });
  }
  const told = answer.account.id !== null && connection.account.id !== null;
  if (told && !sameAccount(answer.account.id, connection.account.id)) {
    const message = `the token belongs to another account (${answer.account.name ?? answer.account.id})`;
    const problem = new CliError('account_differs', message, { hint: reconnect });
    return verdict(connection, 'reconnect_required', { problem });
  }
  const { asked } = connection.scopes;
  const { scopes } = peer.provider;
  const granted = scopesNow(judged, answer.scopes);
  const missing = missingScopes(asked, granted, scopes);
  const current = { ...connection, scopes: { asked, granted, missing } };
  const missingHere = scopesOfRole(peer.provider, role, missing);
  if (missingHere.length > 0) {
    const message = `asked for and not granted: ${missingHere.join(' ')}`;
    return verdict(current, 'scope_missing', { problem: new CliError('scope_missing', message, { hint: reconnect }) });
  }
  return lasting(judged, current);
}

/** Of this role as the provider said them, of the others as they were. */
function scopesNow({ peer, connection, role }: Judged, answered: readonly string[] | null): readonly string[] {
  const { asked, granted } = connection.scopes;
  if (answered === null) return granted;
  const own = scopesOfRole(peer.provider, role, granted);
  return [...foldScopes(answered, asked, peer.provider.scopes), ...granted.filter((scope) => !own.includes(scope))];
}

function lasting({ workspace, peer, role, options }: Judged, connection: Connection): Verdict {
  const nowAt = workspace.system.clock.now();
  const reconnect = reconnectCommand(connection, peer.provider);
  const ending = (message: string) =>
    verdict(connection, 'expiring', { problem: new CliError('reconnect_required', message, { hint: reconnect }) });
  const cut = markOf(connection.spending, role);
  // Where the refresh token of before stays good, a cut refresh has cost nothing.
  if (cut !== undefined && !losesNothing(peer.provider)) {
    const message = `a refresh by ${cut.by} was cut short ${describeInstant(cut.at, nowAt)}; the next refresh will tell what became of the grant`;
    const hint = `oauthctl refresh ${connection.name}`;
    return verdict(connection, 'uncertain', { problem: new CliError('grant_uncertain', message, { hint }) });
  }
  if (markOf(connection.refused, role)?.means === 'grant_dead') {
    return ending('the token still works, but the provider refused to refresh it: the grant ends with this token');
  }
  const { endsAt, reason } = connection.grant;
  if (endsAt !== null && endsAt - nowAt <= options.warnSeconds * 1000) {
    return ending(
      `the grant ${endsAt <= nowAt ? 'ended' : 'ends'} ${describeInstant(endsAt, nowAt)}${reason === null ? '' : `: ${reason}`}`,
    );
  }
  return verdict(connection, 'healthy');
}
