// `import --from`, from the file that was named to what becomes of it.
import { CliError } from '../../errors.ts';
import type { Connection } from '../../model/connection.ts';
import { typedAgain } from '../../model/typed-again.ts';
import type { Workspace } from '../workspace.ts';
import { type AdoptRequest, adoptForeign } from './adopt-foreign.ts';
import { leavePlainFile, type PlainFile } from './leave-plain-file.ts';
import { type ForeignRequest, readForeign } from './read-foreign.ts';

type Chosen = Omit<ForeignRequest, 'again' | 'provider'> & Pick<AdoptRequest, 'as' | 'app' | 'role' | 'force'>;

export interface FileRequest extends Chosen {
  readonly provider: string | undefined;
  /** The plain file may go once its grant is stored. */
  readonly removeFile: boolean;
}

export async function adoptFile(
  workspace: Workspace,
  { provider, removeFile, ...chosen }: FileRequest,
): Promise<{ readonly connection: Connection; readonly plainFile: PlainFile | null }> {
  const { from, file, entry, as, app, role } = chosen;
  const options = { from, provider, entry, as, app, role, 'remove-file': removeFile };
  const again = typedAgain('oauthctl import', file === undefined ? [] : [file], options);
  if (provider === undefined) {
    throw new CliError('usage', 'whose grant it is must be said', { hint: again({ provider: 'PROVIDER' }) });
  }
  const named = { ...chosen, provider, again };
  const found = await readForeign(workspace, named);
  const connection = await adoptForeign(workspace, { ...named, found });
  return { connection, plainFile: await leavePlainFile(workspace, found, removeFile) };
}
