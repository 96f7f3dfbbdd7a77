// `oauthctl key rotate`: a new seal key, and everything sealed anew with it.
import { rotateKey } from '../connections/rotate-key.ts';
import type { Context } from '../context.ts';
import type { CommandDefinition, CommandInput, CommandResult } from '../model/command.ts';
import { textOf } from '../model/command-input.ts';
import { counted } from '../model/counted.ts';
import { toSource } from '../model/global-options.ts';
import { count, flag, object, orNull, text } from '../model/json-schema.ts';
import { parseKeySource } from '../model/settings.ts';

export const definition: CommandDefinition = {
  path: ['key', 'rotate'],
  summary: 'make a new seal key, and seal everything anew with it',
  says: [
    'Other commands go on meanwhile: until the end both keys are accepted. Cut short at any point, the next `key rotate` goes on.',
    'A keychain and a passphrase hold the new key beside the old one; a file, a variable or a program hold one only, so that',
    '--to names another place.',
  ].join(' '),
  arguments: [],
  options: [toSource],
  examples: ['oauthctl key rotate', 'oauthctl key rotate --to file:/run/keys/oauthctl-2'],
};

export const answer = object({
  id: text,
  before: text,
  resumed: flag,
  resealed: count,
  where: text,
  left_at: orNull(text),
});

export async function run(context: Context, input: CommandInput): Promise<CommandResult> {
  const typed = textOf(input, 'to');
  const source = typed === undefined ? undefined : parseKeySource(typed, '--to', context.system.files);
  const workspace = await context.workspace();
  const { from, to, resumed, resealed, leftAt } = await rotateKey(workspace, source);
  const where = (await workspace.keyring.describe())?.where ?? '';
  const left =
    leftAt === undefined ? [] : [`the old key still lies in ${leftAt}: it opens backups of before, and nothing else`];
  return {
    data: { id: to, before: from, resumed, resealed, where, left_at: leftAt ?? null },
    view: {
      kind: 'text',
      text: [`sealed ${counted(resealed, 'record')} anew; the new key rests in ${where}`, ...left].join('\n'),
    },
  };
}
