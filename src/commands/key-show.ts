// `oauthctl key show`: which key seals this tree, how old it is and where it rests. Never the key.
import type { Context } from '../context.ts';
import type { CommandDefinition, CommandResult } from '../model/command.ts';
import { toRfc3339 } from '../model/instants.ts';
import { instant, object, oneOf, orNull, text } from '../model/json-schema.ts';
import type { System } from '../model/ports.ts';
import type { KeyDescription } from '../model/store.ts';
import { instantCell, textCell } from '../ui/cells.ts';

export const definition: CommandDefinition = {
  path: ['key', 'show'],
  summary: 'which key, how old, where it rests; never the key',
  arguments: [],
  options: [],
  examples: ['oauthctl key show'],
};

export const answer = object({
  folder: text,
  key: orNull(
    object({ id: text, tree: text, source: oneOf('keychain', 'env', 'file'), where: text, created_at: instant }),
  ),
});

export async function run(context: Context): Promise<CommandResult> {
  const { store } = await context.workspace();
  const { folder, key } = await store.describe();
  if (key === null) {
    return {
      data: { folder, key: null },
      view: {
        kind: 'text',
        text: `there is no key yet in ${folder}: the first command that stores something makes one`,
      },
    };
  }
  const where = whereItRests(key, context.system);
  return {
    data: {
      folder,
      key: { id: key.kid, tree: key.tree, source: key.source.type, where, created_at: toRfc3339(key.createdAt) },
    },
    view: {
      kind: 'facts',
      facts: [
        { name: 'key', cell: textCell(key.kid) },
        { name: 'made', cell: instantCell(key.createdAt, context.system.clock.now()) },
        { name: 'source', cell: textCell(key.source.type) },
        { name: 'where', cell: textCell(where) },
        { name: 'seals', cell: textCell(folder) },
      ],
    },
  };
}

function whereItRests({ kid, source }: KeyDescription, { keychain, env }: System): string {
  switch (source.type) {
    case 'keychain':
      return `the item 'seal-key/${kid}' of the ${keychain.name}`;
    case 'env':
      return env.get('OAUTHCTL_KEY') === undefined ? 'OAUTHCTL_KEY_FILE' : 'OAUTHCTL_KEY';
    case 'file':
      return source.path;
  }
}
