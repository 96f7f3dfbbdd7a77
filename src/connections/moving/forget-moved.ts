// The last step of `export --move`: a grant that rests whole in the file is forgotten here, if it is still the same.
import { CliError } from '../../errors.ts';
import type { ExportResult } from '../../model/moving.ts';
import { readConnection } from '../find.ts';
import { noteOutcome } from '../note-outcome.ts';
import type { Workspace } from '../workspace.ts';
import type { Gathered } from './export-connections.ts';

const lockWaitMs = 30_000;

/** A record that was written since (a refresh by another process) is newer than the file: it stays, and is named. */
export async function forgetMoved(
  workspace: Workspace,
  { movable, generation, result }: Gathered,
): Promise<ExportResult> {
  const { name, provider } = movable.connection;
  const ref = { kind: 'connections', name } as const;
  const failed = (problem: CliError): ExportResult => ({ ...result, outcome: 'failed', problem });
  try {
    const lock = await workspace.store.lock(ref, { waitMs: lockWaitMs, signal: workspace.system.signals.interrupted });
    try {
      const now = await readConnection(workspace, name);
      if (now !== undefined && now.record.generation !== generation) return failed(changedMeanwhile(name));
      await workspace.store.remove(ref, lock);
    } finally {
      await lock.release();
    }
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return failed(error);
  }
  await noteOutcome(workspace, {
    type: 'connection.forgotten',
    outcome: 'success',
    provider,
    connection: name,
    details: { moved: true },
  });
  return { ...result, local: 'forgotten' };
}

function changedMeanwhile(name: string): CliError {
  return new CliError(
    'locked',
    `'${name}' was refreshed while it was exported: it stays here, and what the file holds of it is old`,
    {
      hint: `oauthctl export ${name} --move --out ANOTHER-FILE`,
    },
  );
}
