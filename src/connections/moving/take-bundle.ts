// A bundle, as `--write-back` gives it to its receiver, among what `import` takes in.
import { CliError } from '../../errors.ts';
import type { ImportResult } from '../../model/moving.ts';
import { readConnection } from '../find.ts';
import { restoreBundle } from '../restore-bundle.ts';
import type { Workspace } from '../workspace.ts';

/** Errors as `restoreBundle`. What is kept here is as new or newer, and the reason is warned of. */
export async function takeBundle(workspace: Workspace, text: string, from: string): Promise<ImportResult> {
  const { name, outcome } = await restoreBundle(workspace, text, from);
  const stored = await readConnection(workspace, name);
  if (stored === undefined) throw new CliError('internal', `'${name}' was put back and is not there`);
  const { provider, account, app } = stored.connection;
  const came = outcome === 'restored' ? 'stored' : outcome;
  return { name, provider, account, app, outcome: came, checked: 'not_asked', problem: null };
}
