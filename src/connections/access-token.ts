// A working access token of a connection, for `token`.
import { CliError } from '../errors.ts';
import type { Connection } from '../model/connection.ts';
import type { Provider } from '../model/provider.ts';
import type { Secret } from '../model/secret.ts';
import { filled } from '../model/templates.ts';
import { resolveName } from './find.ts';
import {
  type FreshenOptions,
  type FreshenOutcome,
  freshen,
  noRefreshToken,
  type OpenConnection,
  openConnection,
  unlessInterrupted,
} from './freshen.ts';
import { heldOf } from './held-of.ts';
import { isAlive, isFresh } from './lifetimes.ts';
import { markOf } from './marks.ts';
import { oauthPorts, peerOf, providerOf } from './peer.ts';
import { recordProof } from './proof.ts';
import { reconnectCommand } from './reconnect-hint.ts';
import { primaryRoleOf, roleTokens } from './role-tokens.ts';
import type { Workspace } from './workspace.ts';

export interface WorkingToken {
  readonly connection: Connection;
  readonly role: string;
  readonly accessToken: Secret;
  /** As the provider spelled it. */
  readonly tokenType: string;
  readonly expiresAt: number | null;
  readonly scopes: readonly string[];
  readonly idToken: Secret | null;
}

export interface TokenChoice {
  readonly minValidSeconds: number;
  /** Which of the grant's tokens; the primary when left out. */
  readonly role?: string | undefined;
}

/** Fresh as it rests, or refreshed. Throws the CliError that says why there is none. */
export async function workingToken(workspace: Workspace, text: string, choice: TokenChoice): Promise<WorkingToken> {
  const name = await resolveName(workspace, text);
  const open = await openConnection(workspace, name);
  const role = chosenRole(open, choice.role);
  const force = await endedUnannounced(workspace, open, role, choice.minValidSeconds);
  const options: FreshenOptions = { minValidSeconds: choice.minValidSeconds, role, force, explicit: false };
  return handOut(workspace, role, unlessInterrupted(workspace, await freshen(workspace, name, options)));
}

function chosenRole({ connection: { name }, tokens }: OpenConnection, asked: string | undefined): string {
  if (asked === undefined) return primaryRoleOf(tokens);
  if (Object.hasOwn(tokens.roles, asked)) return asked;
  const held = Object.keys(tokens.roles).join(', ');
  throw new CliError('invalid_value', `'${name}' holds no ${asked} token, only: ${held}`, {
    hint: `oauthctl token ${name}`,
  });
}

/** What the provider's API takes as Authorization header. */
export function apiAuthorizationOf(
  { connection, accessToken, tokenType }: WorkingToken,
  { apiAuth }: Provider,
): string {
  const values = { client_id: connection.clientId, access_token: accessToken.reveal() };
  return apiAuth === undefined ? `${tokenType} ${accessToken.reveal()}` : filled(apiAuth, values);
}

function handOut(workspace: Workspace, role: string, outcome: FreshenOutcome): WorkingToken {
  if (outcome.kind !== 'fresh' && outcome.kind !== 'refreshed') throw outcome.problem;
  const { connection, tokens } = outcome;
  const held = roleTokens(tokens, role);
  if (held.access === null) {
    throw new CliError('reconnect_required', `'${connection.name}' holds no access token`, {
      hint: reconnectCommand(connection),
    });
  }
  if (outcome.kind === 'refreshed' && !isAlive(held, workspace.system.clock.now())) throw endedOnItsWay(connection);
  if (markOf(connection.spending, role) !== undefined) {
    workspace.warn(
      `a refresh of '${connection.name}' was cut short; this token still works, and the next refresh will tell`,
    );
  }
  return {
    connection,
    role,
    accessToken: held.access,
    tokenType: held.tokenType,
    expiresAt: held.expiresAt,
    scopes: connection.scopes.granted,
    idToken: tokens.idToken,
  };
}

/** The answer took longer than the token lives: the machine slept meanwhile. It is saved, and never are two refreshes made in one call. */
function endedOnItsWay({ name }: Connection): CliError {
  const message = `the new access token of '${name}' had ended before it came; was this machine asleep?`;
  return new CliError('timed_out', message, { hint: 'run the same command again' });
}

/**
 * A token whose end the provider never told is asked about once its trust span is over, and so is any token of a grant
 * that was refused a refresh. True when the provider rejected it, so that it must be refreshed.
 */
async function endedUnannounced(
  workspace: Workspace,
  { connection, tokens }: OpenConnection,
  role: string,
  minValidSeconds: number,
): Promise<boolean> {
  const held = roleTokens(tokens, role);
  if (held.access === null) return false;
  const isSuspect = markOf(connection.refused, role)?.means === 'grant_dead';
  if (held.expiresAt !== null && !isSuspect) return false;
  const provedAt = role === primaryRoleOf(tokens) ? connection.provedAt : null;
  const { lifetimes } = await providerOf(workspace, connection);
  const fresh = isFresh(held, provedAt, lifetimes, minValidSeconds, workspace.system.clock.now());
  // One that must be refreshed anyway need not be asked about.
  if (held.expiresAt === null ? fresh : !fresh) return false;
  const peer = await peerOf(workspace, connection);
  const { probeGrant } = await import('../oauth/probe.ts');
  const answer = await probeGrant(peer, heldOf(connection, tokens, role), oauthPorts(workspace));
  if (answer.kind === 'accepted' || answer.kind === 'nothing_to_ask') {
    if (role === primaryRoleOf(tokens)) await recordProof(workspace, connection.name, held.access);
    return false;
  }
  if (answer.kind === 'rejected') {
    if (held.refresh === null) throw noRefreshToken(connection, peer.provider);
    return true;
  }
  throw answer.kind === 'transient'
    ? answer.error
    : new CliError(
        'provider_refused',
        `${peer.provider.name} refused the token of '${connection.name}': ${answer.words}`,
        {
          hint: `oauthctl status ${connection.name}`,
        },
      );
}
