// Import: grants out of an opened export, each checked with its provider and stored whole or not at all.
import { CliError } from '../../errors.ts';
import type { Connection } from '../../model/connection.ts';
import type { ImportResult } from '../../model/moving.ts';
import { connectionName, parseLabel } from '../../model/names.ts';
import type { Again } from '../../model/typed-again.ts';
import type { Peer } from '../../oauth/peer.ts';
import { probeGrant } from '../../oauth/probe.ts';
import { readConnection } from '../find.ts';
import { heldOf } from '../held-of.ts';
import { isAlive } from '../lifetimes.ts';
import { noteOutcome } from '../note-outcome.ts';
import { oauthPorts } from '../peer.ts';
import { keepProvider } from '../provider-changes.ts';
import { reconnectCommand } from '../reconnect-hint.ts';
import { primaryRoleOf, roleTokens } from '../role-tokens.ts';
import { sameAccount } from '../same-account.ts';
import type { Workspace } from '../workspace.ts';
import { writeConnection } from '../write-connection.ts';
import type { ExportPayload, Movable } from './export-payload.ts';
import { keepApp, meetPeer } from './incoming-peer.ts';
import { judgeIncoming, type Verdict } from './judge-incoming.ts';
import { isSingleUse } from './single-use.ts';

export interface ImportRequest {
  readonly payload: ExportPayload;
  /** As it was typed, for hints; without --force. */
  readonly again: Again;
  readonly force: boolean;
  /** Asks no provider. */
  readonly offline: boolean;
  /** Stores nothing and asks nobody. */
  readonly dryRun: boolean;
}

const lockWaitMs = 30_000;

/** Under the other label, under the other app. Throws `usage` where that would not tell which one is meant. */
export function renamed(payload: ExportPayload, as: string | undefined, app: string | undefined): ExportPayload {
  if (as === undefined && app === undefined) return payload;
  const [only, ...more] = payload.grants;
  if (only === undefined || more.length > 0) {
    throw new CliError('usage', `--as and --app go with one connection, and the file holds ${payload.grants.length}`, {
      hint: 'oauthctl import --help',
    });
  }
  const label = as === undefined ? only.connection.label : parseLabel(as);
  const { text: name } = connectionName(only.connection.provider, label);
  const named = app ?? only.app.name;
  const grant = {
    ...only,
    connection: { ...only.connection, name, label, app: named },
    app: { ...only.app, name: named },
  };
  return { ...payload, grants: [grant] };
}

/** Every grant is tried, one after the other: two of them may share an app. */
export async function importConnections(
  workspace: Workspace,
  request: ImportRequest,
): Promise<readonly ImportResult[]> {
  const results: ImportResult[] = [];
  for (const grant of request.payload.grants) results.push(await importOne(workspace, grant, request));
  return results;
}

async function importOne(workspace: Workspace, grant: Movable, request: ImportRequest): Promise<ImportResult> {
  const { name, provider, account, app } = grant.connection;
  const facts = { name, provider, account, app };
  let checked: ImportResult['checked'] = 'not_asked';
  try {
    const peer = await meetPeer(workspace, grant, request.again);
    const before = await readConnection(workspace, name);
    const first = judge(workspace, grant, peer, before?.connection, request);
    if (first.verdict === 'same') return { ...facts, outcome: 'same', checked, problem: null };
    if (first.warning !== undefined) workspace.warn(first.warning);
    if (request.dryRun) {
      return { ...facts, outcome: first.verdict === 'store' ? 'would_store' : 'would_replace', checked, problem: null };
    }
    await before?.record.open();
    if (!request.offline) checked = await check(workspace, peer, grant);
    const outcome = await take(workspace, grant, peer, { ...request, isProved: checked === 'accepted' });
    return { ...facts, outcome, checked, problem: null };
  } catch (error) {
    if (!(error instanceof CliError) || error.code === 'cancelled') throw error;
    return { ...facts, outcome: 'refused', checked, problem: error };
  }
}

/** How the two stand, the one in the file and what is stored. */
function judge(
  workspace: Workspace,
  { connection: incoming }: Movable,
  { provider }: Peer,
  existing: Connection | undefined,
  { again, force, payload }: ImportRequest,
): Verdict {
  const [isOnly, singleUse] = [payload.grants.length === 1, isSingleUse(incoming, provider)];
  const taking = { again, force, isOnly, singleUse, nowAt: workspace.system.clock.now() };
  return judgeIncoming(incoming, existing, taking);
}

/**
 * The access token is shown to the provider; a refresh token never is: to spend a copy may end the original. Throws where
 * the token works and is another's, and where it is dead and nothing can renew it.
 */
async function check(
  workspace: Workspace,
  peer: Peer,
  { connection, tokens }: Movable,
): Promise<ImportResult['checked']> {
  const role = primaryRoleOf(tokens);
  const held = roleTokens(tokens, role);
  if (!isAlive(held, workspace.system.clock.now())) {
    if (held.refresh === null) throw dead(connection, peer, 'it has ended, and there is no refresh token');
    return 'ended';
  }
  const answer = await probeGrant(peer, heldOf(connection, tokens, role), oauthPorts(workspace));
  switch (answer.kind) {
    case 'accepted':
      if (isAnothers(connection.account.id, answer.account.id)) {
        throw new CliError(
          'account_differs',
          `${peer.provider.name} says that the token of '${connection.name}' belongs to ${answer.account.name ?? answer.account.id}, not to ${connection.account.name ?? connection.account.id}`,
          { hint: 'do not trust the file; ask whoever made it' },
        );
      }
      return 'accepted';
    case 'rejected':
      if (held.refresh === null) throw dead(connection, peer, answer.words);
      return 'ended';
    case 'refused':
      throw new CliError(
        'provider_refused',
        `${peer.provider.name} refused the token of '${connection.name}': ${answer.words}`,
        {
          hint: `oauthctl provider guide ${connection.provider}`,
        },
      );
    case 'transient':
      workspace.warn(`'${connection.name}' could not be checked: ${answer.error.message}`);
      return 'unreachable';
    case 'nothing_to_ask':
      return 'nothing_to_ask';
  }
}

function isAnothers(recorded: string | null, told: string | null): boolean {
  return recorded !== null && told !== null && !sameAccount(recorded, told);
}

function dead(connection: Connection, { provider }: Peer, why: string): CliError {
  return new CliError('reconnect_required', `the grant of '${connection.name}' is dead: ${why}`, {
    hint: reconnectCommand(connection, provider),
  });
}

/** Provider, app, record, in this order: what is left after a failure is of no harm, and the next try goes on from there. */
async function take(
  workspace: Workspace,
  grant: Movable,
  peer: Peer,
  request: ImportRequest & { readonly isProved: boolean },
): Promise<'stored' | 'replaced' | 'same'> {
  const { connection, tokens } = grant;
  const ref = { kind: 'connections', name: connection.name } as const;
  const lock = await workspace.store.lock(ref, { waitMs: lockWaitMs, signal: workspace.system.signals.interrupted });
  try {
    // Another process may have connected or refreshed since the first look.
    const existing = await readConnection(workspace, connection.name);
    const { verdict } = judge(workspace, grant, peer, existing?.connection, request);
    if (verdict === 'same') return 'same';
    if (grant.provider !== undefined) await keepNewProvider(workspace, grant.provider);
    await keepApp(workspace, grant);
    const proved = request.isProved ? { provedAt: workspace.system.clock.now() } : {};
    const marked = await withOwnMarks(workspace, connection, tokens);
    const replaces = existing?.record.generation ?? 0;
    await writeConnection(workspace, { connection: { ...marked, ...proved }, tokens, lock, replaces });
    await noteImport(workspace, connection, verdict, request.payload);
    return verdict === 'store' ? 'stored' : 'replaced';
  } finally {
    await lock.release();
  }
}

async function keepNewProvider(workspace: Workspace, added: NonNullable<Movable['provider']>): Promise<void> {
  const known = (await workspace.providers.list()).some(({ provider }) => provider.id === added.provider.id);
  if (!known) await keepProvider(workspace, added);
}

/** Fingerprints are keyed: a mark from another machine is made this machine's own. */
async function withOwnMarks(
  workspace: Workspace,
  connection: Connection,
  tokens: Movable['tokens'],
): Promise<Connection> {
  const own = async <M extends { readonly role: string }>(marks: readonly M[]): Promise<M[]> => {
    const kept: M[] = [];
    for (const mark of marks) {
      const { refresh } = roleTokens(tokens, mark.role);
      if (refresh === null) continue;
      kept.push({ ...mark, fingerprint: await workspace.keyring.fingerprint(connection.provider, refresh) });
    }
    return kept;
  };
  return { ...connection, spending: await own(connection.spending), refused: await own(connection.refused) };
}

async function noteImport(
  workspace: Workspace,
  connection: Connection,
  verdict: 'store' | 'replace',
  { host, moved }: ExportPayload,
): Promise<void> {
  await noteOutcome(workspace, {
    type: verdict === 'store' ? 'connection.created' : 'connection.updated',
    outcome: 'success',
    provider: connection.provider,
    connection: connection.name,
    details: { client_id: connection.clientId, scopes_granted: connection.scopes.granted, imported_from: host, moved },
  });
}
