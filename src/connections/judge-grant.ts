// One grant's state, from what is stored and what its provider answers now: the worst of its tokens' states.
import { CliError } from '../errors.ts';
import type { Connection, ConnectionState } from '../model/connection.ts';
import type { Peer } from '../oauth/peer.ts';
import { type ProbeAnswer, probeGrant } from '../oauth/probe.ts';
import { hostOf } from './each-in-turn.ts';
import { type FreshenOutcome, freshen, type OpenConnection, openConnection, unlessInterrupted } from './freshen.ts';
import { heldOf } from './held-of.ts';
import { judgeAnswer, verdict } from './judge-answer.ts';
import { isAlive } from './lifetimes.ts';
import { oauthPorts, peerOf } from './peer.ts';
import type { CheckOptions, Verdict } from './status.ts';
import type { Turns } from './turns.ts';
import type { Workspace } from './workspace.ts';

/** What is needed to look at one token of a grant. */
interface Look {
  readonly workspace: Workspace;
  readonly peer: Peer;
  readonly role: string;
  readonly options: CheckOptions;
  readonly turns: Turns;
}

export async function judgeGrant(
  workspace: Workspace,
  name: string,
  options: CheckOptions,
  turns: Turns,
): Promise<Verdict> {
  const open = await openConnection(workspace, name);
  const { connection } = open;
  const peer = await peerOf(workspace, connection);
  await turns.waitOut(hostOf(peer.provider), workspace.system);
  let [worst, scopes]: [Verdict | undefined, Connection['scopes']] = [undefined, connection.scopes];
  for (const [index, role] of connection.roles.entries()) {
    // A refresh of the role before may have written the record anew.
    const current = index === 0 ? open : await openConnection(workspace, name);
    const found = await judgeRole({ workspace, peer, role, options, turns }, current, scopes);
    scopes = found.connection?.scopes ?? scopes;
    worst = worse(worst, connection.roles.length > 1 ? named(role, found) : found);
  }
  const judged = worst ?? verdict(connection, 'unverified');
  return judged.connection === null ? judged : { ...judged, connection: { ...judged.connection, scopes } };
}

/** From bad to good: what a person must do something about stands first. */
const order: readonly ConnectionState[] = [
  'unreadable',
  'reconnect_required',
  'app_rejected',
  'scope_missing',
  'expired',
  'uncertain',
  'unreachable',
  'expiring',
  'unverified',
  'healthy',
];

function worse(a: Verdict | undefined, b: Verdict): Verdict {
  if (a === undefined) return b;
  const [worst, other] = order.indexOf(b.state) < order.indexOf(a.state) ? [b, a] : [a, b];
  const latencyMs = (worst.latencyMs ?? 0) + (other.latencyMs ?? 0);
  return { ...worst, latencyMs: worst.latencyMs === null && other.latencyMs === null ? null : latencyMs };
}

function named(role: string, found: Verdict): Verdict {
  const { problem } = found;
  if (problem === null) return found;
  const { code, message, hint } = problem;
  return { ...found, problem: new CliError(code, `${role} token: ${message}`, { hint, cause: problem }) };
}

/** `scopes`: as the roles before this one were seen to have them. */
async function judgeRole(look: Look, open: OpenConnection, scopes: Connection['scopes']): Promise<Verdict> {
  const { workspace, peer, role, options } = look;
  const { name } = open.connection;
  const connection = { ...open.connection, scopes };
  const { tokens } = open;
  const held = heldOf(connection, tokens, role);
  if (!isAlive(held.tokens, workspace.system.clock.now())) {
    return options.noRefresh ? ended(connection) : refreshAndProbe(look, name, false);
  }
  const answer = await ask(look, held);
  const canRefresh = answer.kind === 'rejected' && held.tokens.refresh !== null && !options.noRefresh;
  // A token that the provider no longer takes has ended, whatever its expiry said; a refresh tells whether the grant has.
  return canRefresh
    ? refreshAndProbe(look, name, true)
    : judgeAnswer({ workspace, peer, connection, role, options }, answer);
}

async function ask({ workspace, peer, turns }: Look, held: ReturnType<typeof heldOf>): Promise<ProbeAnswer> {
  const answer = await probeGrant(peer, held, oauthPorts(workspace));
  const pause = answer.kind === 'transient' ? answer.error.retryAfterSeconds : undefined;
  if (pause !== undefined) turns.pause(hostOf(peer.provider), pause, workspace.system.clock);
  return answer;
}

async function refreshAndProbe(look: Look, name: string, force: boolean): Promise<Verdict> {
  const { workspace, peer, role, options } = look;
  const refreshed = await freshen(workspace, name, { minValidSeconds: 0, role, force, explicit: false });
  const outcome = unlessInterrupted(workspace, refreshed);
  if (outcome.kind !== 'fresh' && outcome.kind !== 'refreshed') return verdictOfRefresh(outcome);
  const { connection, tokens } = outcome;
  const answer = await ask(look, heldOf(connection, tokens, role));
  return judgeAnswer({ workspace, peer, connection, role, options }, answer);
}

function ended(connection: Connection): Verdict {
  const problem = new CliError('reconnect_required', 'the access token has ended and --no-refresh was given', {
    hint: `oauthctl refresh ${connection.name}`,
  });
  return verdict(connection, 'expired', { problem });
}

function verdictOfRefresh(outcome: Exclude<FreshenOutcome, { kind: 'fresh' | 'refreshed' }>): Verdict {
  const { connection, problem } = outcome;
  if (outcome.kind === 'withheld') return verdict(connection, 'expired', { problem });
  if (outcome.kind === 'uncertain') return verdict(connection, 'uncertain', { problem });
  if (outcome.kind === 'unreachable') return verdict(connection, 'unreachable', { problem });
  const byCode: Readonly<Record<string, ConnectionState>> = {
    reconnect_required: 'reconnect_required',
    scope_missing: 'scope_missing',
  };
  return verdict(connection, byCode[problem.code] ?? 'app_rejected', { problem });
}
