// Ending every token of a grant at its provider, and proving it token by token.
import { CliError } from '../errors.ts';
import type { Held } from '../oauth/held.ts';
import type { Peer } from '../oauth/peer.ts';
import { proveEnd, revokeGrant } from '../oauth/revoke.ts';
import { freshen, type OpenConnection } from './freshen.ts';
import { allHeld } from './held-of.ts';
import { isAlive } from './lifetimes.ts';
import { markOf } from './marks.ts';
import { oauthPorts } from './peer.ts';
import type { RevokeResult } from './revoke.ts';
import type { Workspace } from './workspace.ts';

/** A revocation may take a moment to reach every server of the provider. */
const proofPausesMs = [0, 500, 1_500, 4_000];

export type RemoteEnd = Pick<RevokeResult, 'proof' | 'problem'> & {
  readonly remote: 'revoked' | 'already_dead' | 'unsupported' | 'failed';
};

/** By role: how a token was found to have ended, or not to be reachable, before anything was revoked. */
export type EarlyEnds = ReadonlyMap<string, RemoteEnd>;

/** Without a living access token nothing can be probed, so it is refreshed first; a refused refresh is itself the proof. */
export async function findEarlyEnds(
  workspace: Workspace,
  { provider }: Peer,
  { connection, tokens }: OpenConnection,
): Promise<EarlyEnds> {
  const ends = new Map<string, RemoteEnd>();
  if (provider.revocation.kind === 'none') return ends;
  for (const { role, tokens: held } of allHeld(connection, tokens)) {
    if (held.refresh === null || isAlive(held, workspace.system.clock.now())) continue;
    const options = { minValidSeconds: 0, role, force: false, explicit: true };
    const outcome = await freshen(workspace, connection.name, options);
    if (outcome.kind === 'fresh' || outcome.kind === 'refreshed') continue;
    const isDead = outcome.kind === 'rejected' && markOf(outcome.connection.refused, role)?.means === 'grant_dead';
    ends.set(
      role,
      isDead
        ? { remote: 'already_dead', proof: 'refresh_rejected', problem: null }
        : { remote: 'failed', proof: 'none', problem: outcome.problem },
    );
  }
  return ends;
}

/** Each token by itself, since each may die alone; what they came to is told as one. */
export async function endGrant(
  workspace: Workspace,
  peer: Peer,
  { connection, tokens }: OpenConnection,
  early: EarlyEnds,
): Promise<RemoteEnd> {
  const ends: RemoteEnd[] = [];
  for (const held of allHeld(connection, tokens)) {
    ends.push(early.get(held.role) ?? (await endToken(workspace, peer, held)));
  }
  return together(ends);
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
  for (const pause of proofPausesMs) {
    await workspace.system.clock.sleep(pause);
    const end = await proveEnd(peer, held, oauthPorts(workspace));
    if (end === 'unknown') return { remote, proof: 'none', problem: null };
    if (end !== 'alive') return { remote, proof: end, problem: null };
    // Nobody promised that it would work.
    if (peer.provider.revocation.bestEffort) return { remote: 'unsupported', proof: 'none', problem: null };
  }
  const message = `${peer.provider.name} said that the grant is revoked, but still accepts its access token`;
  const hint = 'the record was kept: try again in a few minutes';
  return { remote, proof: 'none', problem: new CliError('not_proved', message, { hint }) };
}
