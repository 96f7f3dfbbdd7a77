// What has happened is noted in the trail, but no longer hangs on it: the intent was noted before, and a trail that fails
// now must not turn something done into an error.
import type { AuditEvent } from '../audit/trail.ts';
import { CliError } from '../errors.ts';
import type { Workspace } from './workspace.ts';

/** Warns when the trail cannot be written. */
export async function noteOutcome(workspace: Workspace, event: AuditEvent): Promise<void> {
  try {
    await workspace.audit.append(event);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    workspace.warn(`this is missing from the audit trail (${event.type}): ${error.message}`);
  }
}
