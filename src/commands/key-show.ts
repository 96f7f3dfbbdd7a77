// `oauthctl key show`: which key seals this tree, how old it is, where it rests and who else can read it. Never the key.
import type { Context } from '../context.ts';
import type { CommandDefinition, CommandResult } from '../model/command.ts';
import { toRfc3339 } from '../model/instants.ts';
import type { JsonObject } from '../model/json.ts';
import { instant, object, oneOf, orNull, text } from '../model/json-schema.ts';
import { protections } from '../model/protection.ts';
import type { KeyDescription } from '../model/store.ts';
import { instantCell, textCell } from '../ui/cells.ts';

export const definition: CommandDefinition = {
  path: ['key', 'show'],
  summary: 'which key, how old, where it rests, who can read it; never the key',
  says: 'While a rotation is under way there are two keys, and both are told.',
  arguments: [],
  options: [],
  examples: ['oauthctl key show'],
};

const shownKey = {
  id: text,
  source: oneOf('keychain', 'env', 'file', 'passphrase', 'command'),
  where: text,
  protection: oneOf(...protections),
  readers: text,
  created_at: instant,
};

export const answer = object({
  folder: text,
  key: orNull(object({ ...shownKey, tree: text, next: orNull(object(shownKey)) })),
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
  const nowAt = context.system.clock.now();
  const next =
    key.next === null ? [] : [{ name: 'rotating to', cell: textCell(key.next.kid) }, ...factsOf(key.next, nowAt)];
  return {
    data: { folder, key: { ...dataOf(key), tree: key.tree, next: key.next === null ? null : dataOf(key.next) } },
    view: {
      kind: 'facts',
      facts: [
        { name: 'key', cell: textCell(key.kid) },
        ...factsOf(key, nowAt),
        ...next,
        { name: 'seals', cell: textCell(folder) },
      ],
    },
  };
}

type Described = Omit<KeyDescription, 'tree' | 'next'>;

function dataOf({ kid, source, where, protection, readers, createdAt }: Described): JsonObject {
  return { id: kid, source, where, protection, readers, created_at: toRfc3339(createdAt) };
}

function factsOf({ source, where, protection, readers, createdAt }: Described, nowAt: number) {
  return [
    { name: 'made', cell: instantCell(createdAt, nowAt) },
    { name: 'source', cell: textCell(source) },
    { name: 'where', cell: textCell(where) },
    { name: 'protection', cell: textCell(protection) },
    { name: 'readers', cell: textCell(readers) },
  ];
}
