// Revoke: end the grant at the provider, prove it, then forget it here. What could not be ended is kept.
import { CliError } from '../errors.ts';
import type { Connection, RoleTokens } from '../model/connection.ts';
import type { Peer } from '../oauth/peer.ts';
import { probeGrant } from '../oauth/probe.ts';
import { introspectToken, revokeGrant } from '../oauth/revoke.ts';
import { readConnection, type StoredConnection } from './find.ts';
import { freshen, type OpenConnection, openConnection } from './freshen.ts';
import { alsoEnding } from './grant-group.ts';
import { isAlive } from './lifetimes.ts';
import { noteOutcome } from './note-outcome.ts';
import { oauthPorts, peerOf } from './peer.ts';
import { roleTokens } from './role-tokens.ts';
import type { Workspace } from './workspace.ts';

const lockWaitMs = 30_000;
/** A revocation may take a moment to reach every server of the provider. */
const proofPausesMs = [0, 500, 1_500, 4_000];

export interface RevokeResult {
  readonly name: string;
  /** `not_asked`: --local-only. */
  readonly remote: 'revoked' | 'already_dead' | 'unsupported' | 'failed' | 'not_asked';
  readonly proof: 'probe_rejected' | 'introspected' | 'refresh_rejected' | 'none';
  readonly local: 'deleted' | 'kept';
  readonly alsoAffected: readonly string[];
  /** Until when what is out there stays of use, where it was not ended. */
  readonly aliveUntil: number | null;
  readonly finishAt: string | null;
  readonly problem: CliError | null;
}

type RemoteEnd = Pick<RevokeResult, 'remote' | 'proof' | 'problem'>;

export async function revokeConnection(
  workspace: Workspace,
  name: string,
  options: { readonly localOnly: boolean },
): Promise<RevokeResult> {
  if (options.localOnly) return forgetOnly(workspace, name);
  const open = await openConnection(workspace, name);
  const peer = await peerOf(workspace, open.connection);
  const found = await needsLiveToken(workspace, open);
  const ref = { kind: 'connections', name } as const;
  const lock = await workspace.store.lock(ref, { waitMs: lockWaitMs, signal: workspace.system.signals.interrupted });
  try {
    const current = await openConnection(workspace, name);
    // What was found out of a grant says nothing of another that was signed in for meanwhile.
    const early = sameGrant(open, current) ? found : undefined;
    if (early === undefined) await auditRevoke(workspace, current.connection, 'intent', null);
    const end = early ?? (await endAtProvider(workspace, peer, current));
    // Asked for before the record goes: the names come from what is stored.
    const result = await describeEnd(workspace, peer, current.connection, end);
    if (result.local === 'deleted') await workspace.store.remove(ref, lock);
    await auditRevoke(workspace, current.connection, result.local === 'deleted' ? 'success' : 'failure', end);
    return result;
  } finally {
    await lock.release();
  }
}

function sameGrant(before: OpenConnection, now: OpenConnection): boolean {
  return roleTokens(before.tokens).refresh?.reveal() === roleTokens(now.tokens).refresh?.reveal();
}

/** Without a living access token nothing can be probed, so it is refreshed first; a refused refresh is itself the proof. */
async function needsLiveToken(workspace: Workspace, open: OpenConnection): Promise<RemoteEnd | undefined> {
  const held = roleTokens(open.tokens);
  if (held.refresh === null || isAlive(held, workspace.system.clock.now())) return undefined;
  const { name } = open.connection;
  const outcome = await freshen(workspace, name, { minValidSeconds: 0, force: false, explicit: true });
  if (outcome.kind === 'fresh' || outcome.kind === 'refreshed') return undefined;
  if (outcome.kind === 'rejected' && outcome.connection.refused?.means === 'grant_dead') {
    return { remote: 'already_dead', proof: 'refresh_rejected', problem: null };
  }
  return { remote: 'failed', proof: 'none', problem: outcome.problem };
}

async function endAtProvider(
  workspace: Workspace,
  peer: Peer,
  { connection, tokens }: OpenConnection,
): Promise<RemoteEnd> {
  const held = roleTokens(tokens);
  const answer = await revokeGrant(peer, held, oauthPorts(workspace), connection.scopes.granted);
  switch (answer.kind) {
    case 'unsupported':
      return { remote: 'unsupported', proof: 'none', problem: null };
    case 'failed':
      return { remote: 'failed', proof: 'none', problem: answer.error };
    case 'revoked':
    case 'already_dead':
      return { remote: answer.kind, ...(await prove(workspace, peer, held, connection.scopes.granted)) };
  }
}

async function prove(
  workspace: Workspace,
  peer: Peer,
  held: RoleTokens,
  granted: readonly string[],
): Promise<Pick<RemoteEnd, 'proof' | 'problem'>> {
  const rule = peer.provider.revocation.proof;
  if (rule === 'none' || held.access === null) return { proof: 'none', problem: null };
  for (const pause of proofPausesMs) {
    await workspace.system.clock.sleep(pause);
    if (rule === 'introspect') {
      const active = await introspectToken(peer, held.access, oauthPorts(workspace));
      if (active === 'inactive') return { proof: 'introspected', problem: null };
      if (active === 'unknown') return { proof: 'none', problem: null };
      continue;
    }
    const answer = await probeGrant(peer, held, granted, oauthPorts(workspace));
    if (answer.kind === 'rejected') return { proof: 'probe_rejected', problem: null };
    if (answer.kind !== 'accepted') return { proof: 'none', problem: null };
  }
  const message = `${peer.provider.name} said that the grant is revoked, but still accepts its access token`;
  return {
    proof: 'none',
    problem: new CliError('not_proved', message, { hint: 'the record was kept: try again in a few minutes' }),
  };
}

/** What is ended, or cannot be ended from here, is deleted; what may still live and can be tried again is kept. */
async function describeEnd(
  workspace: Workspace,
  peer: Peer,
  connection: Connection,
  end: RemoteEnd,
): Promise<RevokeResult> {
  const ended = end.remote === 'revoked' || end.remote === 'already_dead';
  const proved = ended && end.proof !== 'none';
  return {
    name: connection.name,
    ...end,
    local: end.problem === null ? 'deleted' : 'kept',
    // What was dead before ended nothing now.
    alsoAffected: end.remote === 'revoked' ? await alsoEnding(workspace, connection) : [],
    aliveUntil: proved ? null : connection.accessToken.expiresAt,
    finishAt: proved ? null : peer.provider.revocation.finishAt,
  };
}

/** Forgets without asking the provider: needs no seal key, and takes a damaged record too, so that a broken tree can be cleaned up. */
async function forgetOnly(workspace: Workspace, name: string): Promise<RevokeResult> {
  const ref = { kind: 'connections', name } as const;
  const lock = await workspace.store.lock(ref, { waitMs: lockWaitMs, signal: workspace.system.signals.interrupted });
  try {
    const connection = (await readUnlessDamaged(workspace, name))?.connection;
    if (!(await workspace.store.remove(ref, lock))) {
      throw new CliError('connection_not_found', `there is no connection '${name}'`, { hint: 'oauthctl list' });
    }
    const entry = connection && (await workspace.providers.get(connection.provider).catch(() => undefined));
    return {
      name,
      remote: 'not_asked',
      proof: 'none',
      local: 'deleted',
      alsoAffected: [],
      aliveUntil: connection?.grant.endsAt ?? connection?.accessToken.expiresAt ?? null,
      finishAt: entry?.provider.revocation.finishAt ?? null,
      problem: null,
    };
  } finally {
    await lock.release();
  }
}

async function readUnlessDamaged(workspace: Workspace, name: string): Promise<StoredConnection | undefined> {
  try {
    return await readConnection(workspace, name);
  } catch (error) {
    if (error instanceof CliError && error.code === 'record_unreadable') return undefined;
    throw error;
  }
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
