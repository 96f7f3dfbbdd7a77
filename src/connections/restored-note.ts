// That a record was put back from a bundle, and when: until its first refresh here it may be older than what another machine has.

import type { Connection } from '../model/connection.ts';
import { describeInstant, toRfc3339 } from '../model/instants.ts';
import { isJsonObject, parseJson } from '../model/json.ts';
import { noteFile, noteFolder } from './notes.ts';
import type { Workspace } from './workspace.ts';

/** Best effort: it only makes words better. */
export async function noteRestored(workspace: Workspace, connection: Connection): Promise<void> {
  const { files, clock } = workspace.system;
  const { name } = connection;
  try {
    await files.ensureFolder(noteFolder(workspace, 'restored'));
    await files.replaceOwn(
      noteFile(workspace, 'restored', name),
      JSON.stringify({ at: clock.now(), ...lifeOf(connection) }),
    );
  } catch {
    workspace.say(`that '${name}' was restored could not be noted`);
  }
}

/** For a refusal; undefined when it was not restored, or has been refreshed here since. */
export async function restoredWords(workspace: Workspace, connection: Connection): Promise<string | undefined> {
  const { files, clock } = workspace.system;
  const note = parseJson(
    (await files.readOwn(noteFile(workspace, 'restored', connection.name)).catch(() => undefined)) ?? '',
  );
  if (!isJsonObject(note) || typeof note.at !== 'number') return undefined;
  const { created_at: created, refreshed_at: refreshed } = lifeOf(connection);
  if (note.created_at !== created || note.refreshed_at !== refreshed) return undefined;
  return `it was restored ${describeInstant(note.at, clock.now())} from a bundle, which was most likely an older one: another machine has refreshed the grant since, so restore the newest`;
}

/** What a sign-in and a refresh change. */
function lifeOf({ createdAt, refreshedAt }: Connection) {
  return { created_at: toRfc3339(createdAt), refreshed_at: toRfc3339(refreshedAt) };
}
