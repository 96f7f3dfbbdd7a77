// Revoke: end the grant at the provider, prove it, then forget it here. What could not be ended is kept.
import type { CliError } from '../errors.ts';
import type { Connection } from '../model/connection.ts';
import type { Peer } from '../oauth/peer.ts';
import { finishPage } from './finish-page.ts';
import { forgetOnly } from './forget.ts';
import { type OpenConnection, openConnection } from './freshen.ts';
import { alsoEnding } from './grant-group.ts';
import { noteOutcome } from './note-outcome.ts';
import { peerOf } from './peer.ts';
import { type EarlyEnds, endGrant, findEarlyEnds, type RemoteEnd } from './remote-end.ts';
import { roleTokens } from './role-tokens.ts';
import type { Workspace } from './workspace.ts';

const lockWaitMs = 30_000;

export interface RevokeResult {
  readonly name: string;
  /** `not_asked`: --local-only, or its turn did not come before Ctrl-C. */
  readonly remote: 'revoked' | 'already_dead' | 'unsupported' | 'failed' | 'not_asked';
  readonly proof: 'probe_rejected' | 'introspected' | 'refresh_rejected' | 'none';
  readonly local: 'deleted' | 'kept';
  readonly alsoAffected: readonly string[];
  /** Until when what is out there stays of use, where it was not ended. */
  readonly aliveUntil: number | null;
  readonly finishAt: string | null;
  /** What stands at the provider even so, for people. */
  readonly leaves: string | null;
  readonly problem: CliError | null;
}

export async function revokeConnection(
  workspace: Workspace,
  name: string,
  options: { readonly localOnly: boolean },
): Promise<RevokeResult> {
  if (options.localOnly) return forgetOnly(workspace, name);
  const open = await openConnection(workspace, name);
  const peer = await peerOf(workspace, open.connection);
  const found = await findEarlyEnds(workspace, peer, open);
  const ref = { kind: 'connections', name } as const;
  const lock = await workspace.store.lock(ref, { waitMs: lockWaitMs, signal: workspace.system.signals.interrupted });
  try {
    const current = await openConnection(workspace, name);
    // What was found out of a grant says nothing of another that was signed in for meanwhile.
    const early: EarlyEnds = sameTokens(open, current, [...found.keys()]) ? found : new Map();
    if (early.size < current.connection.roles.length) await auditRevoke(workspace, current.connection, 'intent', null);
    const end = await endGrant(workspace, peer, current, early);
    // Asked for before the record goes: the names come from what is stored.
    const result = await describeEnd(workspace, peer, current.connection, end);
    if (result.local === 'deleted') await workspace.store.remove(ref, lock);
    await auditRevoke(workspace, current.connection, result.local === 'deleted' ? 'success' : 'failure', end);
    return result;
  } finally {
    await lock.release();
  }
}

function sameTokens(
  { tokens: before }: OpenConnection,
  { tokens: now }: OpenConnection,
  roles: readonly string[],
): boolean {
  return roles.every((role) => roleTokens(before, role).refresh?.reveal() === roleTokens(now, role).refresh?.reveal());
}

/** What is ended, or cannot be ended from here, is deleted; what may still live and can be tried again is kept. */
async function describeEnd(
  workspace: Workspace,
  { provider }: Peer,
  connection: Connection,
  end: RemoteEnd,
): Promise<RevokeResult> {
  const ended = end.remote === 'revoked' || end.remote === 'already_dead';
  const proved = ended && end.proof !== 'none';
  const { clientId, account, grant, accessToken } = connection;
  const usefulUntil = ended ? accessToken.expiresAt : (grant.endsAt ?? accessToken.expiresAt);
  return {
    name: connection.name,
    ...end,
    local: end.problem === null ? 'deleted' : 'kept',
    // What was dead before ended nothing now.
    alsoAffected: end.remote === 'revoked' ? await alsoEnding(workspace, connection) : [],
    aliveUntil: proved ? null : usefulUntil,
    finishAt: proved ? null : finishPage(provider, { clientId, accountId: account.id }),
    leaves: ended ? (provider.revocation.leaves ?? null) : null,
  };
}

async function auditRevoke(
  workspace: Workspace,
  { provider, name }: Connection,
  outcome: 'intent' | 'success' | 'failure',
  end: RemoteEnd | null,
): Promise<void> {
  const details = end === null ? {} : { remote: end.remote, proof: end.proof };
  const event = { type: 'token.revoked', outcome, provider, connection: name, details };
  await (outcome === 'intent' ? workspace.audit.append(event) : noteOutcome(workspace, event));
}
