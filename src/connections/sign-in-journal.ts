// The one moment of connect in which a crash leaves a grant that nobody holds: the provider has been asked for tokens, and
// they are not yet saved. It is journaled, so that the next run can say so.
import { describeInstant } from '../model/instants.ts';
import { isJsonObject, parseJson } from '../model/json.ts';
import type { ProcessIdentity } from '../model/ports.ts';
import { overFiles } from '../stores/file-trouble.ts';
import { encodeRecordName } from '../stores/record-name.ts';
import { readConnection } from './find.ts';
import { finishPage } from './finish-page.ts';
import type { Workspace } from './workspace.ts';

const folderOf = ({ system, paths }: Workspace) => system.files.join(paths.data, 'signing-in');

const fileOf = (workspace: Workspace, name: string) =>
  workspace.system.files.join(folderOf(workspace), `${encodeRecordName(name)}.json`);

/** Runs the exchange and the save. An error that this process lives to report needs no journal. */
export async function journaled<T>(
  workspace: Workspace,
  { name, provider }: { readonly name: string; readonly provider: string },
  body: () => Promise<T>,
): Promise<T> {
  const { files, clock, liveness } = workspace.system;
  const file = fileOf(workspace, name);
  const entry = { version: 1, name, provider, at: clock.now(), holder: await liveness.self() };
  await overFiles('noting the sign-in', async () => {
    await files.ensureFolder(folderOf(workspace));
    await files.replaceOwn(file, JSON.stringify(entry));
  });
  try {
    return await body();
  } finally {
    await files.remove(file).catch(() => false);
  }
}

/** Warns of every sign-in that was cut short in that moment. `settle`: the name that a new sign-in takes care of. */
export async function warnOfCutSignIns(workspace: Workspace, settle?: string): Promise<void> {
  const { files, clock } = workspace.system;
  const folder = folderOf(workspace);
  for (const fileName of (await files.list(folder).catch(() => undefined)) ?? []) {
    const cut = await readCut(workspace, files.join(folder, fileName));
    if (cut === undefined) continue;
    if (await wasSaved(workspace, cut)) {
      await files.remove(files.join(folder, fileName)).catch(() => false);
      continue;
    }
    const entry = await workspace.providers.get(cut.provider).catch(() => undefined);
    const where = (entry && finishPage(entry.provider, null)) ?? "the provider's page of connected apps";
    workspace.warn(
      `a sign-in as '${cut.name}' was cut short ${describeInstant(cut.at, clock.now())}, after ${entry?.provider.name ?? cut.provider} had been asked for tokens: a grant that nobody holds may be left there; end it at ${where}`,
    );
    if (cut.name === settle) await files.remove(files.join(folder, fileName)).catch(() => false);
  }
}

/** It was cut between the save and the end of the journal. Instants at rest are whole seconds. */
async function wasSaved(workspace: Workspace, { name, at }: { name: string; at: number }): Promise<boolean> {
  const stored = await readConnection(workspace, name).catch(() => undefined);
  return stored !== undefined && stored.connection.createdAt >= Math.floor(at / 1000) * 1000;
}

/** Undefined while the process that wrote it may still save, and for what is no journal. */
async function readCut(
  { system: { files, liveness } }: Workspace,
  path: string,
): Promise<{ readonly name: string; readonly provider: string; readonly at: number } | undefined> {
  const entry = parseJson((await files.readOwn(path).catch(() => undefined)) ?? '');
  if (!isJsonObject(entry) || !isJsonObject(entry.holder)) return undefined;
  const { name, provider, at, holder } = entry;
  if (typeof name !== 'string' || typeof provider !== 'string' || typeof at !== 'number') return undefined;
  const verdict = await liveness.judge(holder as unknown as ProcessIdentity);
  return verdict === 'alive' ? undefined : { name, provider, at };
}
