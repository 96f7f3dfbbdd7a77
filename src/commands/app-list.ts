// `oauthctl app list`: the stored apps, and those that the environment gives.
import { listApps } from '../connections/apps.ts';
import type { Context } from '../context.ts';
import type { CommandDefinition, CommandResult } from '../model/command.ts';
import { list, object, shared } from '../model/json-schema.ts';
import { instantCell, textCell } from '../ui/cells.ts';
import { leftOut } from '../ui/problems.ts';
import { appJson, secretCell } from '../ui/show-app.ts';

export const definition: CommandDefinition = {
  path: ['app', 'list'],
  summary: 'the apps that are set',
  arguments: [],
  options: [],
  examples: ['oauthctl app list'],
};

export const answer = object({ apps: list(shared('app')) });

export async function run(context: Context): Promise<CommandResult> {
  const { apps, unreadable } = await listApps(await context.workspace());
  for (const one of unreadable) context.warn(leftOut(one));
  const nowAt = context.system.clock.now();
  return {
    data: { apps: apps.map(appJson) },
    view: {
      kind: 'table',
      columns: ['provider', 'app', 'kind', 'client id', 'secret', 'set'],
      rows: apps.map((app) => [
        textCell(app.provider),
        textCell(app.name),
        textCell(app.kind),
        textCell(app.clientId),
        secretCell(app),
        instantCell(app.createdAt, nowAt),
      ]),
      whenEmpty: 'No app is set yet. Begin with: oauthctl provider guide PROVIDER',
    },
    exit: unreadable.length > 0 ? 7 : 0,
  };
}
