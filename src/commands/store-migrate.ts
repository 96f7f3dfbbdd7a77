// `oauthctl store migrate`: moves every record to the other store, all or nothing.
import { migrateStore } from '../connections/migrate-store.ts';
import { mustAgree } from '../context/must-agree.ts';
import type { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import type { CommandDefinition, CommandInput, CommandResult } from '../model/command.ts';
import { flagOf, textOf } from '../model/command-input.ts';
import { list, object, oneOf, text } from '../model/json-schema.ts';
import type { Store, StoreName } from '../model/store.ts';

export const definition: CommandDefinition = {
  path: ['store', 'migrate'],
  summary: 'move every record to the other store, all or nothing',
  says: 'Each record is opened from its new place before the next one moves; if one cannot be moved, all go back. Cut short at any moment everything still reads, and the same command goes on. Other processes may work meanwhile.',
  arguments: [],
  options: [
    {
      name: 'to',
      says: 'where the records are to rest',
      value: 'STORE',
      choices: ['files', 'keychain-items'],
    },
    { name: 'yes', short: 'y', says: 'do not ask' },
  ],
  examples: ['oauthctl store migrate --to keychain-items', 'oauthctl store migrate --to files --yes'],
};

const storeName = oneOf('files', 'keychain-items');

export const answer = object({
  from: storeName,
  to: storeName,
  moved: list(object({ kind: oneOf('connections', 'apps'), name: text })),
});

export async function run(context: Context, input: CommandInput): Promise<CommandResult> {
  const to = textOf(input, 'to') as StoreName | undefined;
  if (to === undefined) {
    throw new CliError('usage', "'store migrate' needs --to", {
      hint: 'oauthctl store migrate --to files|keychain-items',
    });
  }
  const workspace = await context.workspace();
  const { prompter, signals, keychain } = context.system;
  const wanted = await countElsewhere(workspace.store, to);
  if (wanted > 0) {
    const where = to === 'files' ? workspace.paths.data : `the ${keychain.name}`;
    await mustAgree(prompter, {
      yes: flagOf(input, 'yes'),
      question: `Move ${wanted === 1 ? 'one record' : `${wanted} records`} to ${where}?`,
      command: `oauthctl store migrate --to ${to} --yes`,
    });
  }
  let done = 0;
  const { from, moved } = await migrateStore(workspace, to, {
    onMoved: ({ name }) => context.progress(`${++done} of ${wanted}: ${name}`),
    signal: signals.interrupted,
  });
  return {
    data: { from, to, moved: moved.map(({ kind, name }) => ({ kind, name })) },
    view: {
      kind: 'table',
      columns: ['moved', 'kind'],
      rows: moved.map(({ kind, name }) => [{ text: name }, { text: kind }]),
      whenEmpty: `nothing to move: everything rests in ${to}`,
    },
  };
}

/** What cannot be read stops the migration later, with its reason. */
async function countElsewhere(store: Store, to: StoreName): Promise<number> {
  const listed = [...(await store.list('connections')), ...(await store.list('apps'))];
  return listed.filter((one) => one.ok && one.record.store !== to).length;
}
