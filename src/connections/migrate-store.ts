// Moving every record of the tree to the other store, and noting that it was done.
import type { MigrateOptions, Migration, StoreName } from '../model/store.ts';
import { noteOutcome } from './note-outcome.ts';
import type { Workspace } from './workspace.ts';

/** Errors as `Store.migrate`. */
export async function migrateStore(workspace: Workspace, to: StoreName, options: MigrateOptions): Promise<Migration> {
  const migration = await workspace.store.migrate(to, options);
  if (migration.moved.length > 0) {
    const details = { from: migration.from, to, records: migration.moved.length };
    await noteOutcome(workspace, { type: 'store.migrated', outcome: 'success', details });
  }
  return migration;
}
