// Small files beside the records, one per connection: what is owed to a receiver, and what was put back from a bundle.
import { overFiles } from '../stores/file-trouble.ts';
import { encodeRecordName } from '../stores/record-name.ts';
import type { Workspace } from './workspace.ts';

export const noteKinds = ['owed', 'restored'] as const;
type NoteKind = (typeof noteKinds)[number];

export function noteFolder({ system, paths }: Workspace, kind: NoteKind): string {
  return system.files.join(paths.data, kind);
}

export function noteFile(workspace: Workspace, kind: NoteKind, name: string): string {
  return workspace.system.files.join(noteFolder(workspace, kind), encodeRecordName(name));
}

/** Runs `rename`, so that a note is there under the name that the record has, whenever it is cut short. */
export async function moveNotes(
  workspace: Workspace,
  from: string,
  to: string,
  rename: () => Promise<void>,
): Promise<void> {
  const { files } = workspace.system;
  for (const kind of noteKinds) {
    await overFiles(`noting the new name of '${from}'`, async () => {
      const text = await files.readOwn(noteFile(workspace, kind, from));
      if (text !== undefined) await files.createOwn(noteFile(workspace, kind, to), text);
    });
  }
  await rename();
  for (const kind of noteKinds) await files.remove(noteFile(workspace, kind, from)).catch(() => false);
}
