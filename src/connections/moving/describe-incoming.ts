// What is in an opened export, for the person who decides whether to take it in.
import type { Connection } from '../../model/connection.ts';
import { tokenOriginsOf } from '../peer.ts';
import type { Workspace } from '../workspace.ts';
import type { ExportPayload } from './export-payload.ts';
import { isSingleUse } from './single-use.ts';

export interface Incoming
  extends Pick<Connection, 'name' | 'account' | 'clientId' | 'app' | 'createdAt' | 'refreshedAt'> {
  /** Of a provider that is not known here: where its codes, tokens and secrets go. */
  readonly sendsTo: readonly string[];
}

/** Warns of what two copies of one grant do to each other. */
export async function describeIncoming(workspace: Workspace, payload: ExportPayload): Promise<readonly Incoming[]> {
  const known = new Map((await workspace.providers.list()).map(({ provider }) => [provider.id, provider]));
  const copies = payload.grants.filter(({ connection, provider }) => {
    const here = known.get(connection.provider) ?? provider?.provider;
    return !payload.moved && here !== undefined && isSingleUse(connection, here);
  });
  if (copies.length > 0) {
    const names = copies.map(({ connection }) => connection.name).join(', ');
    workspace.warn(
      `${names}: the machine that exported it may hold it still, and the refresh token works once: the first refresh on either ends the other's copy`,
    );
  }
  return payload.grants.map(({ connection, provider }) => {
    const isNew = provider !== undefined && !known.has(provider.provider.id);
    const { name, account, clientId, app, createdAt, refreshedAt } = connection;
    return {
      name,
      account,
      clientId,
      app,
      createdAt,
      refreshedAt,
      sendsTo: isNew ? tokenOriginsOf(provider.provider) : [],
    };
  });
}
