// `oauthctl app remove`: forgets an app that no connection uses.
import { removeApp } from '../connections/apps.ts';
import type { Context } from '../context.ts';
import type { CommandDefinition, CommandInput, CommandResult } from '../model/command.ts';
import { argumentOf, textOf } from '../model/command-input.ts';
import { object, text } from '../model/json-schema.ts';
import { defaultAppName, parseProviderId } from '../model/names.ts';

export const definition: CommandDefinition = {
  path: ['app', 'remove'],
  summary: 'forget an app that no connection uses',
  arguments: [{ name: 'PROVIDER', says: 'where the app is registered', required: true, completes: 'app-provider' }],
  options: [{ name: 'name', says: 'name of the app, when there are several', value: 'APP', completes: 'app' }],
  examples: ['oauthctl app remove gmail --name old'],
};

export const answer = object({ removed: object({ provider: text, name: text }) });

export async function run(context: Context, input: CommandInput): Promise<CommandResult> {
  const provider = parseProviderId(argumentOf(input, 'PROVIDER'));
  const name = textOf(input, 'name') ?? defaultAppName;
  await removeApp(await context.workspace(), provider, name);
  return {
    data: { removed: { provider, name } },
    view: { kind: 'text', text: `the app '${name}' of ${provider} is forgotten here; it still exists at the provider` },
  };
}
