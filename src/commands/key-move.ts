// `oauthctl key move`: the seal key goes to another source, and stays the same key.
import { moveKey } from '../connections/move-key.ts';
import type { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import type { CommandDefinition, CommandInput, CommandResult } from '../model/command.ts';
import { textOf } from '../model/command-input.ts';
import { toSource } from '../model/global-options.ts';
import { flag, object, orNull, text } from '../model/json-schema.ts';
import { parseKeySource } from '../model/settings.ts';

export const definition: CommandDefinition = {
  path: ['key', 'move'],
  summary: 'put the seal key into another source',
  says: [
    'The key stays the same, so nothing is sealed anew. A keychain, a file or a passphrase is given the key; a variable or a program',
    'must hold it already: move it to a file first, and put what that file holds there. Only the item in the keychain is removed',
    'afterwards; where a copy lies in a file or elsewhere is told. To the same passphrase source: changes the passphrase.',
  ].join(' '),
  arguments: [],
  options: [toSource],
  examples: ['oauthctl key move --to keychain', 'oauthctl key move --to file:/run/keys/oauthctl'],
};

export const answer = object({ moved: flag, where: text, left_at: orNull(text) });

export async function run(context: Context, input: CommandInput): Promise<CommandResult> {
  const typed = textOf(input, 'to');
  if (typed === undefined)
    throw new CliError('usage', "'key move' needs --to", { hint: 'oauthctl key move --to keychain' });
  const to = parseKeySource(typed, '--to', context.system.files);
  const workspace = await context.workspace();
  const { moved, leftAt } = await moveKey(workspace, to);
  const where = (await workspace.keyring.describe())?.where ?? typed;
  const left = leftAt === undefined ? [] : [`a copy still lies in ${leftAt}: remove it when nothing else needs it`];
  return {
    data: { moved, where, left_at: leftAt ?? null },
    view: {
      kind: 'text',
      text: [moved ? `the key rests in ${where}` : `the key is there already: ${where}`, ...left].join('\n'),
    },
  };
}
