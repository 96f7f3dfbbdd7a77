// `oauthctl provider list`: the services that ship, and those that were added.
import type { Context } from '../context.ts';
import type { CommandDefinition, CommandResult } from '../model/command.ts';
import { list, object, oneOf, orNull, text } from '../model/json-schema.ts';
import { providerForApp } from '../model/provider-for-app.ts';
import { textCell } from '../ui/cells.ts';

export const definition: CommandDefinition = {
  path: ['provider', 'list'],
  summary: 'the services that ship, and those that you added',
  arguments: [],
  options: [],
  examples: ['oauthctl provider list'],
};

export const answer = object({
  providers: list(
    object({ id: text, name: text, source: oneOf('shipped', 'added'), issuer: text, docs_url: orNull(text) }),
  ),
});

export async function run(context: Context): Promise<CommandResult> {
  const { providers } = await context.workspace();
  const entries = (await providers.list()).map(({ provider, source }) => ({
    // In the default tenant, where there are tenants.
    provider: providerForApp(provider, null, null),
    source,
  }));
  return {
    data: {
      providers: entries.map(({ provider, source }) => ({
        id: provider.id,
        name: provider.name,
        source,
        issuer: provider.issuer,
        docs_url: provider.docsUrl,
      })),
    },
    view: {
      kind: 'table',
      columns: ['provider', 'name', 'source', 'issuer'],
      rows: entries.map(({ provider, source }) => [
        textCell(provider.id),
        textCell(provider.name),
        textCell(source),
        textCell(provider.issuer),
      ]),
      whenEmpty: '',
    },
  };
}
