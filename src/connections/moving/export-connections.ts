// Export: grants with everything they need, sealed for another machine and written to one file. With `move` they are
// forgotten here, and only once the file is whole on the disk.
import { CliError } from '../../errors.ts';
import type { ExportResult } from '../../model/moving.ts';
import { type Recipient, sealExport } from '../../stores/export-envelope.ts';
import { openConnection } from '../freshen.ts';
import { noteOutcome } from '../note-outcome.ts';
import { appChanged, providerOf } from '../peer.ts';
import { providersFolder, readAdded } from '../provider-book.ts';
import { resolveApp } from '../resolve-app.ts';
import type { Workspace } from '../workspace.ts';
import { type Movable, payloadToText } from './export-payload.ts';
import { forgetMoved } from './forget-moved.ts';
import { isSingleUse } from './single-use.ts';

export interface ExportRequest {
  readonly names: readonly string[];
  readonly recipient: Recipient;
  /** Absolute; null: the sealed text is returned only. */
  readonly file: string | null;
  /** A file of that name may be replaced. */
  readonly force: boolean;
  readonly move: boolean;
}

export interface ExportReport {
  readonly results: readonly ExportResult[];
  /** Undefined when nothing could be exported. */
  readonly sealed: string | undefined;
}

/** As much as the Files port reads of one file. */
const longest = 1024 * 1024;

export async function exportConnections(workspace: Workspace, request: ExportRequest): Promise<ExportReport> {
  const gathered = await Promise.all(request.names.map((name) => gather(workspace, name)));
  const found = gathered.flatMap(({ grant }) => (grant === undefined ? [] : [grant]));
  if (found.length === 0) return { results: gathered.map(({ result }) => result), sealed: undefined };
  const { host } = await workspace.system.liveness.self();
  const grants = found.map(({ movable }) => movable);
  const payload = { createdAt: workspace.system.clock.now(), host, moved: request.move, grants };
  const sealed = `${await sealExport(payloadToText(payload), request.recipient)}\n`;
  if (sealed.length > longest) throw tooLong(grants.length);
  await noteIntent(workspace, request, grants);
  try {
    if (request.file !== null) await writeWhole(workspace, request.file, sealed, request.force);
    await noteEnd(workspace, grants, 'success');
  } catch (error) {
    await noteEnd(workspace, grants, 'failure');
    throw error;
  }
  warnOfCopies(workspace, found, request.move);
  const results: ExportResult[] = [];
  for (const { result, grant } of gathered) {
    const gone = request.move && grant !== undefined ? await forgetMoved(workspace, grant) : result;
    results.push(gone);
  }
  return { results, sealed };
}

export interface Gathered {
  readonly movable: Movable;
  /** Of the record that was read. */
  readonly generation: number;
  /** The first refresh of one copy ends the other. */
  readonly singleUse: boolean;
  readonly result: ExportResult;
}

async function gather(
  workspace: Workspace,
  name: string,
): Promise<{ readonly result: ExportResult; readonly grant?: Gathered }> {
  try {
    const { connection, tokens, record } = await openConnection(workspace, name);
    const { app, clientSecret } = await resolveApp(workspace, connection.provider, connection.app);
    if (app.clientId !== connection.clientId) throw appChanged(connection, app.clientId);
    const { files } = workspace.system;
    const { source } = await workspace.providers.get(connection.provider);
    const folder = providersFolder(files, workspace.paths.config);
    const provider = source === 'added' ? await readAdded(files, folder, connection.provider) : undefined;
    const result: ExportResult = {
      name,
      account: connection.account,
      outcome: 'exported',
      local: 'kept',
      problem: null,
    };
    const movable = {
      connection: await withTrueMarks(workspace, connection, tokens),
      tokens,
      app,
      clientSecret,
      provider,
    };
    const singleUse = isSingleUse(connection, await providerOf(workspace, connection));
    return { result, grant: { movable, generation: record.generation, singleUse, result } };
  } catch (error) {
    if (!(error instanceof CliError) || error.code === 'cancelled') throw error;
    return { result: { name, account: null, outcome: 'failed', local: 'kept', problem: error } };
  }
}

/** Marks about tokens that are no longer held say nothing to another machine, whose fingerprints are other ones anyway. */
async function withTrueMarks(
  workspace: Workspace,
  connection: Movable['connection'],
  tokens: Movable['tokens'],
): Promise<Movable['connection']> {
  const { spending, refused, provider } = connection;
  if (spending.length === 0 && refused.length === 0) return connection;
  const prints = new Map<string, string>();
  for (const [role, { refresh }] of Object.entries(tokens.roles)) {
    if (refresh !== null) prints.set(role, await workspace.keyring.fingerprint(provider, refresh));
  }
  const isTrue = ({ role, fingerprint }: { readonly role: string; readonly fingerprint: string }) =>
    prints.get(role) === fingerprint;
  return { ...connection, spending: spending.filter(isTrue), refused: refused.filter(isTrue) };
}

/** Before anybody is asked for a passphrase. */
export async function refuseTaken({ system: { files } }: Workspace, file: string, force: boolean): Promise<void> {
  if (!force && (await files.facts(file)) !== undefined) throw taken(file);
}

function taken(file: string): CliError {
  return new CliError('invalid_value', `there is already something at ${file}`, {
    hint: 'name another with --out, or replace it with --force',
  });
}

/** The file is read back before anybody relies on it: a disk that lies is met while the grants are still here. */
async function writeWhole({ system: { files } }: Workspace, file: string, text: string, force: boolean): Promise<void> {
  if (force) await files.replaceOwn(file, text);
  else if (!(await files.createOwn(file, text))) throw taken(file);
  if ((await files.readOwn(file)) === text) return;
  throw new CliError('store_unavailable', `${file} does not hold what was written to it; nothing was forgotten here`, {
    hint: 'name a file on another disk with --out',
  });
}

function tooLong(count: number): CliError {
  return new CliError('invalid_value', `an export of ${count} connections would be larger than 1 MiB`, {
    hint: 'name the connections in groups, each with a file of its own',
  });
}

/** Who took what out of the tree is known before it leaves. */
async function noteIntent(
  workspace: Workspace,
  { recipient, move }: ExportRequest,
  grants: readonly Movable[],
): Promise<void> {
  const sealedFor = recipient.kind === 'key' ? recipient.kid : 'passphrase';
  for (const { connection } of grants) {
    await workspace.audit.append({
      type: 'connection.exported',
      outcome: 'intent',
      provider: connection.provider,
      connection: connection.name,
      details: { sealed_for: sealedFor, move },
    });
  }
}

async function noteEnd(
  workspace: Workspace,
  grants: readonly Movable[],
  outcome: 'success' | 'failure',
): Promise<void> {
  for (const { connection } of grants) {
    const { provider, name } = connection;
    await noteOutcome(workspace, { type: 'connection.exported', outcome, provider, connection: name });
  }
}

function warnOfCopies(workspace: Workspace, grants: readonly Gathered[], move: boolean): void {
  const rotating = grants.filter(({ singleUse }) => singleUse).map(({ movable: { connection } }) => connection.name);
  if (move || rotating.length === 0) return;
  workspace.warn(
    `${rotating.join(', ')}: the refresh token works once, so the first refresh on either machine ends the other's copy; --move forgets it here`,
  );
}
