// Ending every token of a grant at its provider, and proving it token by token.
import { CliError } from '../errors.ts';
import type { Connection } from '../model/connection.ts';
import type { Held } from '../oauth/held.ts';
import type { Peer } from '../oauth/peer.ts';
import { probeGrant } from '../oauth/probe.ts';
import { proveEnd } from '../oauth/prove-end.ts';
import { canRevoke, revokeGrant } from '../oauth/revoke.ts';
import { freshen, type OpenConnection, unlessInterrupted } from './freshen.ts';
import { allHeld } from './held-of.ts';
import { isAlive, losesNothing } from './lifetimes.ts';
import { markOf } from './marks.ts';
import { oauthPorts } from './peer.ts';
import type { RevokeResult } from './revoke.ts';
import type { Workspace } from './workspace.ts';

/** A revocation may take a moment to reach every server of the provider. */
const proofPausesMs = [0, 500, 1_500, 4_000];

export type RemoteEnd = Pick<RevokeResult, 'proof' | 'problem'> & {
  readonly remote: 'revoked' | 'already_dead' | 'unsupported' | 'failed';
};

/** `usedUp`: what came of it lives where nobody holds it; what is held is ended all the same. */
type EarlyEnd = RemoteEnd & { readonly usedUp?: true };

/** By role: how a token was found to have ended, or not to be reachable, before anything was revoked. */
export type EarlyEnds = ReadonlyMap<string, EarlyEnd>;

/**
 * Servers answer alike for a token that they end and for one that was dead before, and some end nothing without a living
 * access token. So it is asked about first, and refreshed where it has ended or may have; a refused refresh is itself the proof.
 */
export async function findEarlyEnds(workspace: Workspace, peer: Peer, open: OpenConnection): Promise<EarlyEnds> {
  const ends = new Map<string, EarlyEnd>();
  if (!canRevoke(peer)) return ends;
  for (const held of allHeld(open.connection, open.tokens)) {
    const end = await findEarlyEnd(workspace, peer, open.connection, held);
    if (end !== undefined) ends.set(held.role, end);
  }
  return ends;
}

async function findEarlyEnd(
  workspace: Workspace,
  peer: Peer,
  { name, spending }: Connection,
  held: Held,
): Promise<EarlyEnd | undefined> {
  const { role, tokens } = held;
  const alive = isAlive(tokens, workspace.system.clock.now());
  const doubtful = markOf(spending, role) !== undefined;
  const rejected = !doubtful && (await probeGrant(peer, held, oauthPorts(workspace))).kind === 'rejected';
  if (tokens.refresh === null) {
    return rejected ? { remote: 'already_dead', proof: 'probe_rejected', problem: null } : undefined;
  }
  if (alive && !doubtful && !rejected) return undefined;
  const options = { minValidSeconds: 0, role, force: alive, explicit: true };
  const outcome = unlessInterrupted(workspace, await freshen(workspace, name, options));
  if (outcome.kind === 'fresh' || outcome.kind === 'refreshed') return undefined;
  const isDead = outcome.kind === 'rejected' && markOf(outcome.connection.refused, role)?.means === 'grant_dead';
  if (isDead && doubtful && !losesNothing(peer.provider)) {
    return { remote: 'unsupported', proof: 'none', problem: null, usedUp: true };
  }
  return isDead
    ? { remote: 'already_dead', proof: 'refresh_rejected', problem: null }
    : { remote: 'failed', proof: 'none', problem: outcome.problem };
}

/** Each token by itself, since each may die alone; what they came to is told as one. */
export async function endGrant(
  workspace: Workspace,
  peer: Peer,
  { connection, tokens }: OpenConnection,
  early: EarlyEnds,
): Promise<RemoteEnd> {
  const ends: RoleEnd[] = [];
  for (const held of allHeld(connection, tokens)) {
    const found = early.get(held.role);
    const end = found === undefined || found.usedUp ? await endToken(workspace, peer, held) : found;
    const { remote, proof, problem } = found?.usedUp && end.remote !== 'failed' ? found : end;
    ends.push({ role: held.role, remote, proof, problem });
  }
  const { remote, proof, problem } = together(ends);
  return { remote, proof, problem: problem === null ? null : besides(problem, ends) };
}

type RoleEnd = RemoteEnd & { readonly role: string };

/** Where one token could not be ended, which ones have: what works on must not be guessed. */
function besides(problem: CliError, ends: readonly RoleEnd[]): CliError {
  const ended = ends.filter(({ remote, problem }) => problem === null && remote !== 'unsupported');
  if (ended.length === 0) return problem;
  const message = `${problem.message}; the ${ended.map(({ role }) => role).join(' and ')} token has ended`;
  const { hint, retryAfterSeconds } = problem;
  return new CliError(problem.code, message, { hint, retryAfterSeconds, cause: problem });
}

function together(ends: readonly RemoteEnd[]): RemoteEnd {
  const [first, ...others] = ends;
  if (first === undefined) return { remote: 'already_dead', proof: 'none', problem: null };
  if (others.length === 0) return first;
  const order = ['failed', 'unsupported', 'revoked', 'already_dead'] as const;
  return {
    remote: order.find((remote) => ends.some((end) => end.remote === remote)) ?? first.remote,
    proof: ends.some(({ proof }) => proof === 'none') ? 'none' : first.proof,
    problem: ends.find(({ problem }) => problem !== null)?.problem ?? null,
  };
}

async function endToken(workspace: Workspace, peer: Peer, held: Held): Promise<RemoteEnd> {
  const answer = await revokeGrant(peer, held, oauthPorts(workspace));
  switch (answer.kind) {
    case 'unsupported':
      return { remote: 'unsupported', proof: 'none', problem: null };
    case 'failed':
      return { remote: 'failed', proof: 'none', problem: answer.error };
    case 'revoked':
    case 'already_dead':
      return prove(workspace, peer, held, answer.kind);
  }
}

async function prove(
  workspace: Workspace,
  peer: Peer,
  held: Held,
  remote: 'revoked' | 'already_dead',
): Promise<RemoteEnd> {
  let unseen: CliError | undefined;
  for (const pause of proofPausesMs) {
    await workspace.system.clock.sleep(pause);
    const end = await proveEnd(peer, held, oauthPorts(workspace));
    unseen = end instanceof CliError ? end : undefined;
    // It asked to be left alone for longer than this is worth waiting for.
    if (unseen?.retryAfterSeconds !== undefined) break;
    if (end instanceof CliError) continue;
    if (end === 'unknown') return { remote, proof: 'none', problem: null };
    if (end !== 'alive') return { remote, proof: end, problem: null };
    if (remote === 'already_dead') return contradicted(peer);
    // Nobody promised that it would work.
    if (peer.provider.revocation.bestEffort) return { remote: 'unsupported', proof: 'none', problem: null };
  }
  if (unseen !== undefined) return { remote, proof: 'none', problem: notSeen(peer, unseen) };
  const message = `${peer.provider.name} said that the grant is revoked, but still accepts its access token`;
  const hint = 'the record was kept: try again in a few minutes';
  return { remote, proof: 'none', problem: new CliError('not_proved', message, { hint }) };
}

/** A look that fails is no proof, and what passes deletes nothing: the next revocation finds the grant dead. */
function notSeen({ provider }: Peer, cause: CliError): CliError {
  const message = `${provider.name} said that the grant is revoked, and whether it is could not be seen: ${cause.message}`;
  const { retryAfterSeconds } = cause;
  const when = retryAfterSeconds === undefined ? '' : ` in ${retryAfterSeconds} seconds`;
  const hint = `the record was kept: try again${when}`;
  return new CliError('not_proved', message, { hint, retryAfterSeconds, cause });
}

function contradicted({ provider }: Peer): RemoteEnd {
  const message = `${provider.name} says that it has no such token, and still accepts it: the app's client id or secret may be wrong`;
  const problem = new CliError('app_rejected', message, { hint: `oauthctl app set ${provider.id}` });
  return { remote: 'failed', proof: 'none', problem };
}
