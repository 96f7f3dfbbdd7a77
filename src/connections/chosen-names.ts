// Which connections a command line means: those that are named, or all.
import { CliError } from '../errors.ts';
import { resolveName } from './find.ts';
import type { Workspace } from './workspace.ts';

export interface Choice {
  readonly named: readonly string[];
  readonly all: boolean;
}

/**
 * Full names, sorted, each once. Throws `usage` unless exactly one of names and `--all` was given, `nothing_to_check` when
 * `--all` finds nothing.
 */
export async function chosenNames(workspace: Workspace, { named, all }: Choice): Promise<readonly string[]> {
  if (all === named.length > 0) {
    throw new CliError('usage', 'name the connections, or say --all', { hint: 'oauthctl list' });
  }
  if (!all) {
    const names = await Promise.all(named.map((name) => resolveName(workspace, name)));
    return [...new Set(names)].sort();
  }
  const stored = await workspace.store.names('connections');
  if (stored.length > 0) return stored;
  throw new CliError('nothing_to_check', 'nothing is stored yet', { hint: 'oauthctl connect PROVIDER' });
}
