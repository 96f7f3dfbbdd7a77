// `oauthctl app import`: client id and secret (never endpoints) from the file that a provider's console downloads.
import { kindOf } from '../connections/app-values.ts';
import { parseConsoleFile, setApp } from '../connections/apps.ts';
import type { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import type { CommandDefinition, CommandInput, CommandResult } from '../model/command.ts';
import { argumentOf, textOf } from '../model/command-input.ts';
import { object, shared } from '../model/json-schema.ts';
import { appFacts, appJson, connectCommand } from '../ui/show-app.ts';

export const definition: CommandDefinition = {
  path: ['app', 'import'],
  summary: 'take id and secret from what the console of the provider downloads',
  arguments: [
    { name: 'PROVIDER', says: 'where the app is registered', required: true, completes: 'provider' },
    { name: 'FILE', says: 'the downloaded JSON', required: true, completes: 'file' },
  ],
  options: [{ name: 'name', says: 'name of the app, when there are several', value: 'APP' }],
  examples: ['oauthctl app import gmail ~/Downloads/client_secret_….json'],
};

export const answer = object({ app: shared('app') });

export async function run(context: Context, input: CommandInput): Promise<CommandResult> {
  const workspace = await context.workspace();
  const { files, clock } = context.system;
  const { provider } = await workspace.providers.get(argumentOf(input, 'PROVIDER'));
  const path = files.resolve(argumentOf(input, 'FILE'));
  const file = await files.readNamed(path);
  if (file === undefined) {
    throw new CliError('invalid_value', `there is no file ${path}`, { hint: `oauthctl provider guide ${provider.id}` });
  }
  const client = parseConsoleFile(provider, file.text);
  const app = await setApp(workspace, { provider: provider.id, name: textOf(input, 'name'), ...client });
  return {
    data: { app: appJson(app) },
    view: {
      kind: 'facts',
      facts: appFacts(app, kindOf(provider, app.kind), clock.now()),
      after: [
        `${path} still holds ${app.hasSecret ? 'the secret in clear' : 'the client'}: you can delete it`,
        `sign in with: ${connectCommand(app)}`,
      ],
    },
  };
}
