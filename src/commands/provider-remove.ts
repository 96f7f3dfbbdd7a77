// `oauthctl provider remove`: forgets an added server that nothing uses any more.
import { removeProvider } from '../connections/provider-changes.ts';
import type { Context } from '../context.ts';
import type { CommandDefinition, CommandInput, CommandResult } from '../model/command.ts';
import { argumentOf } from '../model/command-input.ts';
import { object, text } from '../model/json-schema.ts';
import { parseProviderId } from '../model/names.ts';

export const definition: CommandDefinition = {
  path: ['provider', 'remove'],
  summary: 'forget an added server',
  says: 'Refused while a connection or an app belongs to it.',
  arguments: [{ name: 'PROVIDER', says: 'the server', required: true, completes: 'provider' }],
  options: [],
  examples: ['oauthctl provider remove acme'],
};

export const answer = object({ removed: text });

export async function run(context: Context, input: CommandInput): Promise<CommandResult> {
  const id = parseProviderId(argumentOf(input, 'PROVIDER'));
  await removeProvider(await context.workspace(), id);
  return { data: { removed: id }, view: { kind: 'text', text: `'${id}' is forgotten` } };
}
