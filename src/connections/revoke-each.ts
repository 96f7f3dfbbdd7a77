// `revoke` of several connections: one after another at each provider, or in a panic everything at once.
import { CliError } from '../errors.ts';
import { toRfc3339 } from '../model/instants.ts';
import { eachInTurn } from './each-in-turn.ts';
import { readConnection } from './find.ts';
import { finishPage } from './finish-page.ts';
import { type RevokeResult, revokeConnection } from './revoke.ts';
import { finishList, isProved } from './revoke-words.ts';
import { createTurns, hasWaited } from './turns.ts';
import type { Workspace } from './workspace.ts';

export interface RevokeOptions {
  readonly localOnly: boolean;
  /** Many at once, and what failed for the moment is tried again. */
  readonly panic: boolean;
  readonly onRevoked: (result: RevokeResult) => void;
}

/** Those of one family at one provider follow one another: the first may end the next, which is then told so. */
const calmly = 1;
const inPanic = 8;
/** Seconds, before each further attempt at what failed for the moment. */
const panicPauses = [1, 4];

export async function revokeEach(
  workspace: Workspace,
  names: readonly string[],
  { localOnly, panic, onRevoked }: RevokeOptions,
): Promise<readonly RevokeResult[]> {
  const turns = createTurns();
  const told = (result: RevokeResult) => {
    onRevoked(result);
    return result;
  };
  return eachInTurn(workspace, names, {
    turns,
    atOnce: panic ? inPanic : calmly,
    async one(name, host) {
      for (const pauseSeconds of panic ? panicPauses : []) {
        const result = await attempt(workspace, name, { localOnly, panic });
        if (result.problem?.retryable !== true) return told(result);
        const seconds = Math.max(result.problem.retryAfterSeconds ?? 0, pauseSeconds);
        if (!(await hasWaited(turns, host, seconds, workspace.system))) return told(result);
      }
      return told(await attempt(workspace, name, { localOnly, panic }));
    },
    async failed(name, error) {
      const result = await notRevoked(workspace, name, error, panic);
      return told({ ...result, remote: error.code === 'cancelled' ? 'not_asked' : 'failed' });
    },
  });
}

async function attempt(
  workspace: Workspace,
  name: string,
  { localOnly, panic }: Pick<RevokeOptions, 'localOnly' | 'panic'>,
): Promise<RevokeResult> {
  try {
    return await revokeConnection(workspace, name, { localOnly });
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return notRevoked(workspace, name, error, panic);
  }
}

/** In a panic with what its person needs to finish by hand. */
async function notRevoked(
  workspace: Workspace,
  name: string,
  problem: CliError,
  panic: boolean,
): Promise<RevokeResult> {
  const places = panic ? await placesOf(workspace, name) : { finishAt: null, leaves: null };
  return {
    name,
    remote: 'failed',
    proof: 'none',
    local: 'kept',
    problem,
    alsoAffected: [],
    aliveUntil: null,
    ...places,
  };
}

/** A record that cannot be opened, or even read, still tells by its name where its person can look. */
async function placesOf(workspace: Workspace, name: string): Promise<Pick<RevokeResult, 'finishAt' | 'leaves'>> {
  const connection = (await readConnection(workspace, name).catch(() => undefined))?.connection;
  const id = name.split(':', 1)[0] ?? name;
  const provider = (await workspace.providers.get(id).catch(() => undefined))?.provider;
  if (provider === undefined) return { finishAt: null, leaves: null };
  const whose = connection ? { clientId: connection.clientId, accountId: connection.account.id } : null;
  const finishAt = finishPage(provider, whose);
  // A page that needs the client id cannot be named without a record; the other place that is known tells more than none.
  return { finishAt, leaves: finishAt === null ? (provider.revocation.leaves ?? null) : null };
}

/** Writes what was not proved to a file of the state folder, since the records may be gone by then. Its path; null when all was. */
export async function leaveList(workspace: Workspace, results: readonly RevokeResult[]): Promise<string | null> {
  const open = results.filter((result) => !isProved(result));
  if (open.length === 0) return null;
  const { files, clock } = workspace.system;
  const { state } = workspace.paths;
  const nowAt = clock.now();
  const path = files.join(state, `to-finish-${(toRfc3339(nowAt) ?? '').replace(/[-:]/g, '')}.txt`);
  await files.ensureFolder(state);
  await files.replaceOwn(path, finishList(open, nowAt));
  return path;
}
