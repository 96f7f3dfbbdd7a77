// `import --from`, from the file that was named to what becomes of it.
import { CliError } from '../../errors.ts';
import type { Connection } from '../../model/connection.ts';
import type { Workspace } from '../workspace.ts';
import { type AdoptRequest, adoptForeign } from './adopt-foreign.ts';
import { leavePlainFile, type PlainFile } from './leave-plain-file.ts';
import { type ForeignRequest, readForeign } from './read-foreign.ts';

type Chosen = Omit<ForeignRequest, 'command' | 'provider'> & Pick<AdoptRequest, 'as' | 'app' | 'role' | 'force'>;

export interface FileRequest extends Chosen {
  readonly provider: string | undefined;
  /** The plain file may go once its grant is stored. */
  readonly removeFile: boolean;
}

export async function adoptFile(
  workspace: Workspace,
  { provider, removeFile, ...chosen }: FileRequest,
): Promise<{ readonly connection: Connection; readonly plainFile: PlainFile | null }> {
  const { from, file } = chosen;
  const typed = `oauthctl import${file === undefined ? '' : ` ${file}`} --from ${from}`;
  if (provider === undefined) {
    throw new CliError('usage', 'whose grant it is must be said', { hint: `${typed} --provider PROVIDER` });
  }
  const named = { ...chosen, provider, command: `${typed} --provider ${provider}` };
  const found = await readForeign(workspace, named);
  const connection = await adoptForeign(workspace, { ...named, found });
  return { connection, plainFile: await leavePlainFile(workspace, found, removeFile) };
}
