// Two machines with one grant: whether a refresh token that is refused was used up by somebody else.
import type { UsedElsewhere } from '../model/connection.ts';
import type { Peer } from '../oauth/peer.ts';
import { probeGrant } from '../oauth/probe.ts';
import { heldOf } from './held-of.ts';
import { isAlive, losesNothing } from './lifetimes.ts';
import { oauthPorts } from './peer.ts';
import type { Marked } from './spend.ts';
import type { Workspace } from './workspace.ts';

/** The lock is held meanwhile. */
const askMs = 4_000;

/**
 * Null when nothing speaks for it. A grant whose access token is still taken was not revoked and has not ended: only its refresh
 * token is spent, and not by this tree, whose record would carry the mark.
 */
export async function usedElsewhere(
  workspace: Workspace,
  peer: Peer,
  { connection, tokens, role }: Marked,
  means: string,
): Promise<UsedElsewhere | null> {
  if (means !== 'grant_dead' || losesNothing(peer.provider)) return null;
  const held = heldOf(connection, tokens, role);
  if (isAlive(held.tokens, workspace.system.clock.now())) {
    const ports = { ...oauthPorts(workspace), waitMs: Math.min(askMs, workspace.networkWaitMs) };
    if ((await probeGrant(peer, held, ports)).kind === 'accepted') return { is: 'grant_lives' };
  }
  const { host } = await workspace.system.liveness.self();
  return connection.host === host ? null : { is: 'came_from', host: connection.host };
}
