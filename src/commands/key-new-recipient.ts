// `oauthctl key new-recipient`: a key pair for exports, so that a CI job or another machine holds its own key.
import { writeRecipient } from '../connections/moving/new-recipient.ts';
import type { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import type { CommandDefinition, CommandInput, CommandResult } from '../model/command.ts';
import { textOf } from '../model/command-input.ts';
import { parseJson } from '../model/json.ts';
import { object, text } from '../model/json-schema.ts';

export const definition: CommandDefinition = {
  path: ['key', 'new-recipient'],
  summary: 'make a key pair that exports can be sealed for',
  says: 'The private key goes to a new file and opens what is sealed for it (import --identity). The public key is printed: give it to export --recipient.',
  arguments: [],
  options: [{ name: 'out', says: 'new file for the private key', value: 'FILE', completes: 'file' }],
  examples: ['oauthctl key new-recipient --out ci.key > ci.pub'],
};

export const answer = object({ file: text, kid: text, public_key: object({ kty: text, crv: text, x: text, y: text }) });

export async function run(context: Context, input: CommandInput): Promise<CommandResult> {
  const out = textOf(input, 'out');
  if (out === undefined) {
    throw new CliError('usage', 'where the private key goes must be said', {
      hint: 'oauthctl key new-recipient --out FILE',
    });
  }
  const { file, kid, publicKey } = await writeRecipient(await context.workspace(), out);
  context.say(`the private key is in ${file}: keep it where import runs, and nowhere else`);
  return {
    data: { file, kid, public_key: parseJson(publicKey) ?? null },
    view: { kind: 'text', text: publicKey },
  };
}
