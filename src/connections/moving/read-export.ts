// An export from a file or standard input, opened: everything that can be known of it before anything is stored.
import { CliError } from '../../errors.ts';
import { fileWords } from '../../model/file-words.ts';
import { isFileError } from '../../model/ports.ts';
import { shellWord } from '../../model/typed-again.ts';
import { claimsOf, openExport } from '../../stores/export-envelope.ts';
import type { Workspace } from '../workspace.ts';
import { type ExportPayload, payloadFromText } from './export-payload.ts';
import { holderFor, type OpeningFlags } from './sealing-inputs.ts';

/** `named`: where the text was found: a file, or `-`. */
export async function openIncoming(
  workspace: Workspace,
  text: string,
  named: string,
  flags: OpeningFlags,
): Promise<ExportPayload> {
  const claims = claimsOf(text);
  if (claims === undefined) {
    throw new CliError(
      'invalid_value',
      `${named === '-' ? 'standard input' : named} is not an export of oauthctl, or was cut; what another tool left is taken with --from`,
      {
        hint: `oauthctl import --from ${shellWord(named)} --provider PROVIDER`,
      },
    );
  }
  return payloadFromText(await openExport(text, await holderFor(workspace, claims, flags)));
}

/** The text of a file, or of standard input (`-`). */
export async function readIncoming({ system: { files, streams } }: Workspace, named: string): Promise<string> {
  if (named === '-') return (await streams.readInput()).trim();
  const path = files.resolve(named);
  try {
    const file = await files.readNamed(path);
    if (file !== undefined) return file.text.trim();
  } catch (error) {
    if (!isFileError(error)) throw error;
    const { why, hint } = fileWords(error);
    throw new CliError('invalid_value', `${path} cannot be used: ${why}`, { hint, cause: error });
  }
  throw new CliError('invalid_value', `there is no file ${path}`, { hint: 'oauthctl import --help' });
}
