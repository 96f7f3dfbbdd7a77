// What one look of `doctor` is, and what it finds.
import { CliError } from '../../errors.ts';
import type { Workspace } from '../workspace.ts';

export interface Finding {
  readonly state: 'ok' | 'warn' | 'failed' | 'repaired';
  readonly says: string;
  /** The one command or act that helps. */
  readonly hint?: string | undefined;
}

export interface Check {
  readonly id: string;
  /** Several findings where several things are wrong; at least one. */
  look(workspace: Workspace): Promise<readonly Finding[]>;
  /** Mends what it can, and nothing that somebody may still want; what `look` finds afterwards counts. */
  repair?(workspace: Workspace): Promise<readonly Finding[]>;
}

export const ok = (says: string): Finding => ({ state: 'ok', says });
export const warn = (says: string, hint?: string): Finding => ({ state: 'warn', says, hint });
export const failed = (says: string, hint?: string): Finding => ({ state: 'failed', says, hint });

/** An error is a finding: it has the words. */
export async function orFailed(body: () => Promise<Finding>): Promise<Finding> {
  try {
    return await body();
  } catch (error) {
    if (!(error instanceof CliError) || error.code === 'cancelled') throw error;
    return failed(error.message, error.hint);
  }
}
