// `oauthctl store show`: where everything rests, who else can read it there, and what protects it. Opens nothing.
import type { Context } from '../context.ts';
import type { CommandDefinition, CommandResult } from '../model/command.ts';
import { count, list, object, oneOf, orNull, text } from '../model/json-schema.ts';
import type { RestingPlace, Store } from '../model/store.ts';
import { textCell } from '../ui/cells.ts';

export const definition: CommandDefinition = {
  path: ['store', 'show'],
  summary: 'where records rest, who else can read them, what protects them',
  says: 'Opens nothing and asks no keychain.',
  arguments: [],
  options: [],
  examples: ['oauthctl store show'],
};

const storeName = oneOf('files', 'keychain-items');

export const answer = object({
  store: storeName,
  moving_from: orNull(storeName),
  folder: text,
  records: object({ files: count, keychain_items: count, unreadable: count }),
  orphaned_items: count,
  places: list(object({ what: oneOf('facts', 'secrets'), where: text, readers: text, protection: text })),
});

export async function run(context: Context): Promise<CommandResult> {
  const { store } = await context.workspace();
  const { store: name, movingFrom, folder, places } = await store.describe();
  const records = await countRecords(store);
  const orphans = (await store.findOrphans()).reduce((sum, { items }) => sum + items, 0);
  if (movingFrom !== null) {
    context.warn(`moving from ${movingFrom} was cut short; it goes on with: oauthctl store migrate --to ${name}`);
  }
  if (orphans > 0)
    context.warn(`items in the keychain that no record needs: ${orphans}; oauthctl doctor --repair removes them`);
  return {
    data: {
      store: name,
      moving_from: movingFrom,
      folder,
      records: { files: records.files, keychain_items: records['keychain-items'], unreadable: records.unreadable },
      orphaned_items: orphans,
      places: places.map((place) => ({ ...place })),
    },
    view: {
      kind: 'facts',
      facts: [
        { name: 'store', cell: textCell(name) },
        { name: 'records', cell: textCell(describeCounts(records)) },
        ...places.flatMap(placeFacts),
      ],
    },
  };
}

type Counts = Record<'files' | 'keychain-items' | 'unreadable', number>;

async function countRecords(store: Store): Promise<Counts> {
  const counts: Counts = { files: 0, 'keychain-items': 0, unreadable: 0 };
  for (const kind of ['connections', 'apps'] as const) {
    for (const listed of await store.list(kind)) counts[listed.ok ? listed.record.store : 'unreadable'] += 1;
  }
  return counts;
}

function describeCounts(counts: Counts): string {
  const words = Object.entries(counts).filter(([, number]) => number > 0);
  return words.length === 0 ? 'none' : words.map(([where, number]) => `${number} ${inWords(where)}`).join(', ');
}

const inWords = (where: string) => (where === 'unreadable' ? where : `in ${where}`);

function placeFacts({ what, where, readers, protection }: RestingPlace) {
  return [
    { name: what, cell: textCell(where) },
    { name: `${what} readers`, cell: textCell(readers) },
    { name: `${what} protection`, cell: textCell(protection) },
  ];
}
