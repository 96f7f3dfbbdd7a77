// From what a person typed to stored connections.
import { CliError } from '../errors.ts';
import type { Connection } from '../model/connection.ts';
import { nearestName, parseConnectionName } from '../model/names.ts';
import type { StoredRecord } from '../model/store.ts';
import { connectionFromFacts } from './facts.ts';
import type { Workspace } from './workspace.ts';

export interface StoredConnection {
  readonly connection: Connection;
  readonly record: StoredRecord;
}

export interface UnreadableConnection {
  readonly name: string;
  readonly code: 'record_unreadable' | 'record_too_new';
  readonly message: string;
  readonly hint: string | undefined;
}

function asConnection(record: StoredRecord): StoredConnection {
  return { record, connection: connectionFromFacts(record.ref.name, record.binding, record.facts) };
}

/** Undefined when there is no such record; an unreadable one throws. */
export async function readConnection(workspace: Workspace, name: string): Promise<StoredConnection | undefined> {
  const record = await workspace.store.read({ kind: 'connections', name });
  return record === undefined ? undefined : asConnection(record);
}

/**
 * The name of the one connection that the text means: an exact name wins; a bare provider stands for its only
 * connection. Throws `connection_not_found` (naming the nearest) or `invalid_value` (several fit).
 */
export async function resolveName(workspace: Workspace, text: string): Promise<string> {
  const wanted = parseConnectionName(text);
  const names = await workspace.store.names('connections');
  if (names.includes(wanted.text)) return wanted.text;
  const labelled = wanted.label === null ? names.filter((name) => name.startsWith(`${wanted.provider}:`)) : [];
  if (labelled.length === 1 && labelled[0] !== undefined) return labelled[0];
  if (labelled.length > 1) {
    throw new CliError('invalid_value', `'${text}' could be any of ${labelled.join(', ')}`, {
      hint: 'name one of them in full',
    });
  }
  const nearest = nearestName(wanted.text, names);
  const guess = nearest === undefined ? '' : `; did you mean '${nearest}'?`;
  const connectable = nearest === undefined && (await isProvider(workspace, wanted.provider));
  throw new CliError('connection_not_found', `there is no connection '${wanted.text}'${guess}`, {
    hint: connectable ? `oauthctl connect ${wanted.text}` : 'oauthctl list',
  });
}

const isProvider = (workspace: Workspace, id: string): Promise<boolean> =>
  workspace.providers.get(id).then(
    () => true,
    () => false,
  );

/** Everything stored, sorted by name; what cannot be read is told apart, never dropped. */
export async function allConnections(workspace: Workspace): Promise<{
  readonly readable: readonly StoredConnection[];
  readonly unreadable: readonly UnreadableConnection[];
}> {
  const readable: StoredConnection[] = [];
  const unreadable: UnreadableConnection[] = [];
  for (const listed of await workspace.store.list('connections')) {
    if (!listed.ok) {
      unreadable.push({ name: listed.ref.name, code: listed.code, message: listed.message, hint: listed.hint });
      continue;
    }
    try {
      readable.push(asConnection(listed.record));
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      unreadable.push({
        name: listed.record.ref.name,
        code: 'record_unreadable',
        message: error.message,
        hint: error.hint,
      });
    }
  }
  return { readable, unreadable };
}
