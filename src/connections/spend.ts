// Spending one refresh token under its record's lock: mark, send; what the answer does to the record is in settle.ts.
import type { Connection } from '../model/connection.ts';
import type { Provider } from '../model/provider.ts';
import type { Secret } from '../model/secret.ts';
import type { RecordLock } from '../model/store.ts';
import { refreshGrant } from '../oauth/refresh.ts';
import type { FreshenOutcome, OpenConnection } from './freshen.ts';
import { losesNothing } from './lifetimes.ts';
import { markOf, withMark } from './marks.ts';
import { oauthPorts, peerOf } from './peer.ts';
import { settle } from './settle.ts';
import type { Workspace } from './workspace.ts';
import { writeConnection } from './write-connection.ts';

/** The provider's answer must be there by then, whatever `--timeout` allows elsewhere. */
const spendDeadlineMs = 8_000;
/**
 * Whoever gives up on a token that is good once may lose the grant to a slow answer, so `--timeout` does not shorten this.
 * With the saving it stays below what others wait for the lock.
 */
const singleUseDeadlineMs = 20_000;

export interface Spending extends OpenConnection {
  readonly role: string;
  readonly refreshToken: Secret;
  readonly lock: RecordLock;
}

export interface Marked extends Spending {
  /** Of the record that carries the mark. */
  readonly generation: number;
  readonly fingerprint: string;
}

export async function spend(workspace: Workspace, spending: Spending): Promise<FreshenOutcome> {
  const { connection } = spending;
  const peer = await peerOf(workspace, connection);
  await warnWhenMoved(workspace, connection);
  const marked = await mark(workspace, spending);
  return workspace.system.signals.during(
    (signal, first) => {
      if (!first) workspace.system.signals.exitNow(130);
      workspace.tell(
        `${signal}: ending as soon as ${peer.provider.name} has answered the refresh of '${connection.name}'`,
      );
    },
    async () => {
      const ports = { ...oauthPorts(workspace), waitMs: answerWaitMs(workspace, peer.provider) };
      const { scopes, account, flow } = connection;
      const { role, refreshToken } = spending;
      const request = { role, refreshToken, asked: scopes.asked, accountId: account.id, flow };
      const answer = await refreshGrant(peer, request, ports);
      return settle(workspace, peer, marked, answer);
    },
  );
}

function answerWaitMs({ networkWaitMs }: Workspace, provider: Provider): number {
  return losesNothing(provider) ? Math.min(spendDeadlineMs, networkWaitMs) : singleUseDeadlineMs;
}

/** Writes the journal into the record, which also proves that the store can be written before anything is spent. */
async function mark(workspace: Workspace, spending: Spending): Promise<Marked> {
  const { connection, tokens, record, lock, role, refreshToken } = spending;
  const fingerprint = await workspace.keyring.fingerprint(connection.provider, refreshToken);
  const self = await workspace.system.liveness.self();
  const spendingMark = {
    role,
    fingerprint,
    at: workspace.system.clock.now(),
    by: `process ${self.pid} on ${self.host}`,
  };
  // A mark that is already there is older evidence for the same token: it stays what the words are built from.
  const before = markOf(connection.spending, role);
  const keep = before?.fingerprint === fingerprint ? before : spendingMark;
  const marked = { ...connection, spending: withMark(connection.spending, keep) };
  const generation = await writeConnection(workspace, {
    connection: marked,
    tokens,
    lock,
    replaces: record.generation,
  });
  try {
    await workspace.audit.append({
      type: 'token.refreshed',
      outcome: 'intent',
      provider: connection.provider,
      connection: connection.name,
      details: { role, token_fp: fingerprint },
    });
  } catch (error) {
    // Nothing has left this machine, so the mark would not be true.
    await writeConnection(workspace, { connection, tokens, lock, replaces: generation }).catch(() => undefined);
    throw error;
  }
  return { ...spending, generation, fingerprint };
}

/** A record that comes from another machine may be an old copy, and its refresh token may have been used up there. */
async function warnWhenMoved(workspace: Workspace, connection: Connection): Promise<void> {
  const { host } = await workspace.system.liveness.self();
  if (connection.host === host) return;
  // Handed from machine to machine on purpose.
  const { kind } = await workspace.writeBack();
  if (kind === 'path' || kind === 'command') return;
  workspace.warn(
    `'${connection.name}' was last written on another machine (${connection.host}); if it still lives there too, each refresh may end the other's`,
  );
}
