// One grant's state, from what is stored and what its provider answers now.
import { CliError } from '../errors.ts';
import type { Connection, ConnectionState, RoleTokens } from '../model/connection.ts';
import { describeInstant } from '../model/instants.ts';
import type { Meaning, Provider } from '../model/provider.ts';
import type { Peer } from '../oauth/peer.ts';
import { type ProbeAnswer, probeGrant } from '../oauth/probe.ts';
import { foldScopes, missingScopes } from '../oauth/scopes.ts';
import { type FreshenOutcome, freshen, openConnection } from './freshen.ts';
import { isAlive } from './lifetimes.ts';
import { oauthPorts, peerOf } from './peer.ts';
import { roleTokens } from './role-tokens.ts';
import type { CheckOptions, Verdict } from './status.ts';
import type { Turns } from './turns.ts';
import type { Workspace } from './workspace.ts';

type Found = { readonly connection: Connection; readonly held: RoleTokens };

export async function judgeGrant(
  workspace: Workspace,
  name: string,
  options: CheckOptions,
  turns: Turns,
): Promise<Verdict> {
  const open = await openConnection(workspace, name);
  const peer = await peerOf(workspace, open.connection);
  turns.respectPause(peer.provider.id, workspace.system.clock);
  const found = { connection: open.connection, held: roleTokens(open.tokens) };
  if (!isAlive(found.held, workspace.system.clock.now())) {
    return options.noRefresh ? ended(found.connection) : refreshAndProbe(workspace, peer, found, options, turns);
  }
  const answer = await ask(workspace, peer, found, turns);
  const canRefresh = answer.kind === 'rejected' && found.held.refresh !== null && !options.noRefresh;
  // A token that the provider no longer takes has ended, whatever its expiry said; a refresh tells whether the grant has.
  return canRefresh
    ? refreshAndProbe(workspace, peer, found, options, turns)
    : verdictOf(workspace, peer, found, answer, options);
}

async function ask(workspace: Workspace, peer: Peer, found: Found, turns: Turns): Promise<ProbeAnswer> {
  const answer = await probeGrant(peer, found.held, found.connection.scopes.granted, oauthPorts(workspace));
  const pause = answer.kind === 'transient' ? answer.error.retryAfterSeconds : undefined;
  if (pause !== undefined) turns.pause(peer.provider.id, pause, workspace.system.clock);
  return answer;
}

async function refreshAndProbe(
  workspace: Workspace,
  peer: Peer,
  found: Found,
  options: CheckOptions,
  turns: Turns,
): Promise<Verdict> {
  const alive = isAlive(found.held, workspace.system.clock.now());
  const outcome = await freshen(workspace, found.connection.name, {
    minValidSeconds: 0,
    force: alive,
    explicit: false,
  });
  if (outcome.kind !== 'fresh' && outcome.kind !== 'refreshed') return verdictOfRefresh(outcome);
  const renewed = { connection: outcome.connection, held: roleTokens(outcome.tokens) };
  return verdictOf(workspace, peer, renewed, await ask(workspace, peer, renewed, turns), options);
}

function ended(connection: Connection): Verdict {
  const problem = new CliError('reconnect_required', 'the access token has ended and --no-refresh was given', {
    hint: `oauthctl refresh ${connection.name}`,
  });
  return verdict(connection, 'expired', { problem });
}

function verdict(connection: Connection, state: ConnectionState, rest: Partial<Verdict> = {}): Verdict {
  return { connection, state, latencyMs: null, httpStatus: null, problem: null, ...rest };
}

function verdictOfRefresh(outcome: Exclude<FreshenOutcome, { kind: 'fresh' | 'refreshed' }>): Verdict {
  const { connection, problem } = outcome;
  if (outcome.kind === 'uncertain') return verdict(connection, 'uncertain', { problem });
  if (outcome.kind === 'unreachable') return verdict(connection, 'unreachable', { problem });
  const byCode: Readonly<Record<string, ConnectionState>> = {
    reconnect_required: 'reconnect_required',
    scope_missing: 'scope_missing',
  };
  return verdict(connection, byCode[problem.code] ?? 'app_rejected', { problem });
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

function verdictOf(
  workspace: Workspace,
  peer: Peer,
  { connection }: Found,
  answer: ProbeAnswer,
  options: CheckOptions,
): Verdict {
  const { name } = connection;
  if (answer.kind === 'nothing_to_ask') return verdict(connection, 'unverified');
  const seen = { latencyMs: answer.latencyMs, httpStatus: answer.status };
  switch (answer.kind) {
    case 'accepted':
      return { ...accepted(workspace, peer, connection, answer, options), ...seen };
    case 'transient':
      return verdict(connection, 'unreachable', { ...seen, problem: answer.error });
    case 'rejected': {
      const problem = new CliError('reconnect_required', `${peer.provider.name} rejected the token: ${answer.words}`, {
        hint: connection.refreshToken.present ? `oauthctl refresh ${name}` : `oauthctl connect ${name}`,
      });
      return verdict(connection, 'reconnect_required', { ...seen, problem });
    }
    case 'refused': {
      const state = stateOfMeaning[answer.means];
      const code = state === 'unreachable' ? 'provider_unavailable' : state === 'app_rejected' ? 'app_rejected' : state;
      const hint =
        state === 'app_rejected' ? `oauthctl provider guide ${connection.provider}` : `oauthctl connect ${name}`;
      const problem = new CliError(
        code === 'uncertain' ? 'grant_uncertain' : (code as 'reconnect_required'),
        answer.words,
        { hint },
      );
      return verdict(connection, state, { ...seen, problem });
    }
  }
}

/** The provider took the token: whose it is, what it may do, how long the grant lasts. */
function accepted(
  workspace: Workspace,
  peer: Peer,
  connection: Connection,
  answer: Extract<ProbeAnswer, { kind: 'accepted' }>,
  options: CheckOptions,
): Verdict {
  const reconnect = `oauthctl connect ${connection.name}`;
  if (answer.clientId !== null && answer.clientId !== connection.clientId) {
    const message = `the token was issued to another client (${answer.clientId})`;
    return verdict(connection, 'app_rejected', { problem: new CliError('app_changed', message, { hint: reconnect }) });
  }
  if (answer.account.id !== null && connection.account.id !== null && answer.account.id !== connection.account.id) {
    const message = `the token belongs to another account (${answer.account.name ?? answer.account.id})`;
    const problem = new CliError('account_differs', message, { hint: reconnect });
    return verdict(connection, 'reconnect_required', { problem });
  }
  const { asked } = connection.scopes;
  const { scopes } = peer.provider;
  const granted = answer.scopes === null ? connection.scopes.granted : foldScopes(answer.scopes, asked, scopes);
  const missing = missingScopes(asked, granted, scopes);
  const current = { ...connection, scopes: { asked, granted, missing } };
  if (missing.length > 0) {
    const message = `asked for and not granted: ${missing.join(' ')}`;
    return verdict(current, 'scope_missing', { problem: new CliError('scope_missing', message, { hint: reconnect }) });
  }
  return lasting(peer.provider, current, options, workspace.system.clock.now());
}

function lasting(provider: Provider, connection: Connection, options: CheckOptions, nowAt: number): Verdict {
  const reconnect = `oauthctl connect ${connection.name}`;
  // Where refresh tokens never change, a cut refresh has cost nothing.
  if (connection.spending !== null && provider.rotation !== 'never') {
    const message = `a refresh by ${connection.spending.by} was cut short ${describeInstant(connection.spending.at, nowAt)}`;
    const hint = `oauthctl refresh ${connection.name} will tell`;
    return verdict(connection, 'uncertain', { problem: new CliError('grant_uncertain', message, { hint }) });
  }
  if (connection.refused?.means === 'grant_dead') {
    const message = 'the token still works, but the provider refused to refresh it: the grant ends with this token';
    return verdict(connection, 'expiring', {
      problem: new CliError('reconnect_required', message, { hint: reconnect }),
    });
  }
  const { endsAt, reason } = connection.grant;
  if (endsAt !== null && endsAt - nowAt <= options.warnSeconds * 1000) {
    const message = `the grant ends ${describeInstant(endsAt, nowAt)}${reason === null ? '' : `: ${reason}`}`;
    return verdict(connection, 'expiring', {
      problem: new CliError('reconnect_required', message, { hint: reconnect }),
    });
  }
  return verdict(connection, 'healthy');
}
