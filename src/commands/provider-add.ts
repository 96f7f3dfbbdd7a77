// `oauthctl provider add`: any OAuth 2.0 or OpenID Connect server, from its metadata or from a file.
import { addProvider } from '../connections/provider-changes.ts';
import type { Context } from '../context.ts';
import type { CommandDefinition, CommandInput, CommandResult } from '../model/command.ts';
import { argumentOf, textOf, textsOf } from '../model/command-input.ts';
import { object, shared } from '../model/json-schema.ts';
import { providerFacts, providerJson } from '../ui/show-provider.ts';

export const definition: CommandDefinition = {
  path: ['provider', 'add'],
  summary: 'add a server, from its issuer or from a file',
  says: 'The metadata is fetched once and kept (RFC 8414, OpenID Connect Discovery).',
  arguments: [{ name: 'NAME', says: 'how to call it', required: true }],
  options: [
    { name: 'issuer', says: 'where its metadata is found', value: 'URL' },
    { name: 'file', says: 'a provider as JSON (docs/adding-a-provider.md)', value: 'FILE', completes: 'file' },
    { name: 'scope', short: 's', says: 'scope to ask for by default', value: 'S', repeatable: true },
    { name: 'api-origin', says: 'origin of its API', value: 'O', repeatable: true },
  ],
  examples: [
    'oauthctl provider add acme --issuer https://login.acme.example --scope openid',
    'oauthctl provider add acme --file acme.json',
  ],
};

export const answer = object({ provider: shared('provider') });

export async function run(context: Context, input: CommandInput): Promise<CommandResult> {
  const provider = await addProvider(await context.workspace(), {
    name: argumentOf(input, 'NAME'),
    issuer: textOf(input, 'issuer'),
    file: textOf(input, 'file'),
    scopes: textsOf(input, 'scope'),
    apiOrigins: textsOf(input, 'apiOrigin'),
  });
  const entry = { provider, source: 'added' } as const;
  return {
    data: { provider: providerJson(entry) },
    view: {
      kind: 'facts',
      facts: providerFacts(entry),
      after: [`register an app: oauthctl provider guide ${provider.id}`],
    },
  };
}
