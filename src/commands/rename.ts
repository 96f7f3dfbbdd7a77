// `oauthctl rename`: another name for a connection. The name is bound in the seal, so this seals it anew.
import { renameConnection } from '../connections/rename.ts';
import type { Context } from '../context.ts';
import type { CommandDefinition, CommandInput, CommandResult } from '../model/command.ts';
import { argumentOf } from '../model/command-input.ts';
import { object, text } from '../model/json-schema.ts';

export const definition: CommandDefinition = {
  path: ['rename'],
  summary: 'another name for a connection',
  says: 'The grant stays what it is. NEW is PROVIDER, PROVIDER:LABEL, or the label alone.',
  arguments: [
    { name: 'CONNECTION', says: 'what to rename', required: true, completes: 'connection' },
    { name: 'NEW', says: 'its name from now on', required: true },
  ],
  options: [],
  examples: ['oauthctl rename gmail gmail:work', 'oauthctl rename gmail:work home'],
};

export const answer = object({ from: text, to: text });

export async function run(context: Context, input: CommandInput): Promise<CommandResult> {
  const workspace = await context.workspace();
  const { from, to } = await renameConnection(workspace, argumentOf(input, 'CONNECTION'), argumentOf(input, 'NEW'));
  return { data: { from, to }, view: { kind: 'text', text: `${from} is ${to} from now on` } };
}
