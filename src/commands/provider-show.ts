// `oauthctl provider show`: what is known of one service.
import type { Context } from '../context.ts';
import type { CommandDefinition, CommandInput, CommandResult } from '../model/command.ts';
import { argumentOf } from '../model/command-input.ts';
import { object, shared } from '../model/json-schema.ts';
import { providerFacts, providerJson } from '../ui/show-provider.ts';

export const definition: CommandDefinition = {
  path: ['provider', 'show'],
  summary: 'endpoints, kinds of app, scopes',
  arguments: [{ name: 'PROVIDER', says: 'the service', required: true, completes: 'provider' }],
  options: [],
  examples: ['oauthctl provider show gmail'],
};

export const answer = object({ provider: shared('provider') });

export async function run(context: Context, input: CommandInput): Promise<CommandResult> {
  const { providers } = await context.workspace();
  const entry = await providers.get(argumentOf(input, 'PROVIDER'));
  return { data: { provider: providerJson(entry) }, view: { kind: 'facts', facts: providerFacts(entry) } };
}
