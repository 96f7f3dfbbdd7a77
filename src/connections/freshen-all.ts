// Freshen for every token of a grant, as a person asks for it: what they came to is told as one.
import { readConnection } from './find.ts';
import { type FreshenOptions, type FreshenOutcome, freshen, noRefreshToken } from './freshen.ts';
import { heldOf } from './held-of.ts';
import { oauthPorts, peerOf } from './peer.ts';
import type { Workspace } from './workspace.ts';

/** From bad to good. */
const order: readonly FreshenOutcome['kind'][] = [
  'rejected',
  'withheld',
  'uncertain',
  'unreachable',
  'refreshed',
  'fresh',
];

/** The worst of the outcomes, after every token had its turn. Throws what `freshen` throws. */
export async function freshenAll(
  workspace: Workspace,
  name: string,
  options: Omit<FreshenOptions, 'role'>,
): Promise<FreshenOutcome> {
  const [first, ...others] = (await readConnection(workspace, name))?.connection.roles ?? [];
  let worst = await freshenOne(workspace, name, first, options);
  for (const role of others) {
    const outcome = await freshenOne(workspace, name, role, options);
    if (order.indexOf(outcome.kind) < order.indexOf(worst.kind)) worst = outcome;
  }
  return worst;
}

async function freshenOne(
  workspace: Workspace,
  name: string,
  role: string | undefined,
  options: Omit<FreshenOptions, 'role'>,
): Promise<FreshenOutcome> {
  const outcome = await freshen(workspace, name, { ...options, role });
  if (outcome.kind !== 'fresh' || role === undefined) return outcome;
  const held = heldOf(outcome.connection, outcome.tokens, role);
  return options.force && held.tokens.refresh === null ? askAbout(workspace, outcome, held) : outcome;
}

/** There is nothing to refresh it with, so the clock alone would say that it is well. */
async function askAbout(
  workspace: Workspace,
  fresh: Extract<FreshenOutcome, { readonly kind: 'fresh' }>,
  held: ReturnType<typeof heldOf>,
): Promise<FreshenOutcome> {
  const { connection } = fresh;
  const peer = await peerOf(workspace, connection);
  const { probeGrant } = await import('../oauth/probe.ts');
  const answer = await probeGrant(peer, held, oauthPorts(workspace));
  if (answer.kind === 'rejected') {
    return { kind: 'rejected', connection, problem: noRefreshToken(connection, peer.provider) };
  }
  return answer.kind === 'transient' ? { kind: 'unreachable', connection, problem: answer.error } : fresh;
}
