// `oauthctl app show`: one app, without its secret.
import { showApp } from '../connections/apps.ts';
import type { Context } from '../context.ts';
import type { CommandDefinition, CommandInput, CommandResult } from '../model/command.ts';
import { argumentOf, textOf } from '../model/command-input.ts';
import { object, shared } from '../model/json-schema.ts';
import { appFacts, appJson } from '../ui/show-app.ts';

export const definition: CommandDefinition = {
  path: ['app', 'show'],
  summary: 'one app, without its secret',
  arguments: [{ name: 'PROVIDER', says: 'where the app is registered', required: true, completes: 'app-provider' }],
  options: [{ name: 'name', says: 'name of the app, when there are several', value: 'APP', completes: 'app' }],
  examples: ['oauthctl app show gmail'],
};

export const answer = object({ app: shared('app') });

export async function run(context: Context, input: CommandInput): Promise<CommandResult> {
  const workspace = await context.workspace();
  const app = await showApp(workspace, argumentOf(input, 'PROVIDER'), textOf(input, 'name'));
  const { provider } = await workspace.providers.get(app.provider);
  const kind = provider.kinds.find(({ id }) => id === app.kind);
  return {
    data: { app: appJson(app) },
    view: { kind: 'facts', facts: appFacts(app, kind, context.system.clock.now()) },
  };
}
