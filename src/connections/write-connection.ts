// The one way a connection reaches the store.
import type { Connection, TokenSet } from '../model/connection.ts';
import type { RecordLock } from '../model/store.ts';
import { connectionToFacts } from './facts.ts';
import { tokensToJson } from './tokens-at-rest.ts';
import type { Workspace } from './workspace.ts';

export interface ConnectionWrite {
  readonly connection: Connection;
  readonly tokens: TokenSet;
  readonly lock: RecordLock;
  /** The generation on disk that this one follows; 0 for a new record. */
  readonly replaces: number;
}

/** Returns the new generation. The machine that writes is noted: a copy that turns up elsewhere is warned about. */
export async function writeConnection(
  workspace: Workspace,
  { connection, tokens, lock, replaces }: ConnectionWrite,
): Promise<number> {
  const { provider, issuer, clientId } = connection;
  const { host } = await workspace.system.liveness.self();
  const content = {
    binding: { provider, issuer, clientId },
    facts: connectionToFacts({ ...connection, host }),
    secrets: tokensToJson(tokens),
  };
  return workspace.store.write({ kind: 'connections', name: connection.name }, content, lock, replaces);
}
