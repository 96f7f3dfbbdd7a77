// Forgetting a grant without asking the provider.
import { CliError } from '../errors.ts';
import { readConnection, type StoredConnection } from './find.ts';
import { finishPage } from './finish-page.ts';
import { providerOf } from './peer.ts';
import type { RevokeResult } from './revoke.ts';
import type { Workspace } from './workspace.ts';

const lockWaitMs = 30_000;

/** Needs no seal key, and takes a damaged record too, so that a broken tree can be cleaned up. */
export async function forgetOnly(workspace: Workspace, name: string): Promise<RevokeResult> {
  const ref = { kind: 'connections', name } as const;
  const lock = await workspace.store.lock(ref, { waitMs: lockWaitMs, signal: workspace.system.signals.interrupted });
  try {
    const connection = (await readUnlessDamaged(workspace, name))?.connection;
    if (!(await workspace.store.remove(ref, lock))) {
      throw new CliError('connection_not_found', `there is no connection '${name}'`, { hint: 'oauthctl list' });
    }
    const provider = connection && (await providerOf(workspace, connection).catch(() => undefined));
    const whose = connection && { clientId: connection.clientId, accountId: connection.account.id };
    return {
      name,
      remote: 'not_asked',
      proof: 'none',
      local: 'deleted',
      alsoAffected: [],
      aliveUntil: connection?.grant.endsAt ?? connection?.accessToken.expiresAt ?? null,
      finishAt: provider === undefined ? null : finishPage(provider, whose ?? null),
      leaves: null,
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
