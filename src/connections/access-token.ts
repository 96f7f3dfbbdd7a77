// A working access token of a connection, for `token`.
import { CliError } from '../errors.ts';
import type { Connection } from '../model/connection.ts';
import type { Secret } from '../model/secret.ts';
import { resolveName } from './find.ts';
import { type FreshenOptions, type FreshenOutcome, freshen, type OpenConnection, openConnection } from './freshen.ts';
import { isFresh } from './lifetimes.ts';
import { oauthPorts, peerOf } from './peer.ts';
import { recordProof } from './proof.ts';
import { roleTokens } from './role-tokens.ts';
import type { Workspace } from './workspace.ts';

export interface WorkingToken {
  readonly connection: Connection;
  readonly accessToken: Secret;
  /** As the provider spelled it. */
  readonly tokenType: string;
  readonly expiresAt: number | null;
  readonly scopes: readonly string[];
  readonly idToken: Secret | null;
}

/** Fresh as it rests, or refreshed. Throws the CliError that says why there is none. */
export async function workingToken(
  workspace: Workspace,
  text: string,
  options: { readonly minValidSeconds: number },
): Promise<WorkingToken> {
  const name = await resolveName(workspace, text);
  const open = await openConnection(workspace, name);
  const force = await endedUnannounced(workspace, open, options.minValidSeconds);
  const freshenOptions: FreshenOptions = { minValidSeconds: options.minValidSeconds, force, explicit: false };
  return handOut(workspace, await freshen(workspace, name, freshenOptions));
}

function handOut(workspace: Workspace, outcome: FreshenOutcome): WorkingToken {
  if (outcome.kind !== 'fresh' && outcome.kind !== 'refreshed') throw outcome.problem;
  const { connection, tokens } = outcome;
  const held = roleTokens(tokens);
  if (held.access === null) {
    throw new CliError('reconnect_required', `'${connection.name}' holds no access token`, {
      hint: `oauthctl connect ${connection.name}`,
    });
  }
  if (connection.spending !== null) {
    workspace.warn(
      `a refresh of '${connection.name}' was cut short; this token still works, and the next refresh will tell`,
    );
  }
  return {
    connection,
    accessToken: held.access,
    tokenType: held.tokenType,
    expiresAt: held.expiresAt,
    scopes: connection.scopes.granted,
    idToken: tokens.idToken,
  };
}

/**
 * A token whose end the provider never told is asked about once its trust span is over. True when the provider
 * rejected it, so that it must be refreshed.
 */
async function endedUnannounced(workspace: Workspace, open: OpenConnection, minValidSeconds: number): Promise<boolean> {
  const held = roleTokens(open.tokens);
  if (held.access === null || held.expiresAt !== null) return false;
  const peer = await peerOf(workspace, open.connection);
  const { lifetimes } = peer.provider;
  if (isFresh(held, open.connection.provedAt, lifetimes, minValidSeconds, workspace.system.clock.now())) return false;
  const { probeGrant } = await import('../oauth/probe.ts');
  const answer = await probeGrant(peer, held, open.connection.scopes.granted, oauthPorts(workspace));
  if (answer.kind === 'accepted' || answer.kind === 'nothing_to_ask') {
    await recordProof(workspace, open.connection.name, held.access);
    return false;
  }
  if (answer.kind === 'rejected') return true;
  throw answer.kind === 'transient'
    ? answer.error
    : new CliError(
        'provider_refused',
        `${peer.provider.name} refused the token of '${open.connection.name}': ${answer.words}`,
        {
          hint: `oauthctl status ${open.connection.name}`,
        },
      );
}
