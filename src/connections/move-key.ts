// `key move`: the same key at another source. Nothing is sealed anew.
import type { KeySourceChoice } from '../model/store.ts';
import { noteOutcome } from './note-outcome.ts';
import type { Workspace } from './workspace.ts';

export async function moveKey(
  workspace: Workspace,
  to: KeySourceChoice,
): Promise<{ readonly moved: boolean; readonly leftAt: string | undefined }> {
  const { moved, leftAt } = await workspace.keyring.move(to);
  if (moved) await noteOutcome(workspace, { type: 'key.moved', outcome: 'success', details: { to: to.type } });
  return { moved, leftAt };
}
