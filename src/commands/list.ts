// `oauthctl list`: what is stored. Opens no secret, asks no network.
import { connectionJson } from '../connections/facts.ts';
import { allConnections } from '../connections/find.ts';
import type { Context } from '../context.ts';
import type { CommandDefinition, CommandResult } from '../model/command.ts';
import { list, object, shared } from '../model/json-schema.ts';
import { reasonLines } from '../ui/cells.ts';
import { listedColumns, listedRow } from '../ui/listed-row.ts';
import { leftOut } from '../ui/problems.ts';

export const definition: CommandDefinition = {
  path: ['list'],
  summary: 'what is stored',
  says: 'Opens no secret and asks no network. Piped: name, account, app, end of the access token, end of the grant and why.',
  arguments: [],
  options: [],
  examples: ['oauthctl list', 'oauthctl list | cut -f1'],
};

export const answer = object({ connections: list(shared('connection')) });

export async function run(context: Context): Promise<CommandResult> {
  const { readable, unreadable } = await allConnections(await context.workspace());
  for (const one of unreadable) context.warn(leftOut(one));
  const connections = readable.map(({ connection }) => connection);
  const nowAt = context.system.clock.now();
  return {
    // A hundred of them take a while that a pipe need not wait.
    data: context.flags.json
      ? { connections: readable.map(({ connection, record }) => connectionJson(connection, record.store)) }
      : {},
    view: {
      kind: 'table',
      columns: listedColumns,
      rows: connections.map((connection) => listedRow(connection, nowAt)),
      notes: reasonLines(connections),
      whenEmpty: 'Nothing is stored yet. Sign in with: oauthctl connect PROVIDER',
    },
    exit: unreadable.length > 0 ? 7 : 0,
  };
}
