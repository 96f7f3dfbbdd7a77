// Remembering when the provider last accepted a token whose end it never told.
import type { Secret } from '../model/secret.ts';
import { openConnection } from './freshen.ts';
import { roleTokens } from './role-tokens.ts';
import type { Workspace } from './workspace.ts';
import { writeConnection } from './write-connection.ts';

const lockWaitMs = 10_000;

/** Does nothing when the stored token is no longer the one that was proved. */
export async function recordProof(workspace: Workspace, name: string, proved: Secret): Promise<void> {
  const lock = await workspace.store.lock({ kind: 'connections', name }, { waitMs: lockWaitMs });
  try {
    const { connection, tokens, record } = await openConnection(workspace, name);
    if (roleTokens(tokens).access?.reveal() !== proved.reveal()) return;
    const proven = { ...connection, provedAt: workspace.system.clock.now() };
    await writeConnection(workspace, { connection: proven, tokens, lock, replaces: record.generation });
  } finally {
    await lock.release();
  }
}
