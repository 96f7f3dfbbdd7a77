// The first refresh of an adopted grant. It rests sealed by then, so the ordinary freshen with its journal spends the token.
import { CliError } from '../../errors.ts';
import type { Connection } from '../../model/connection.ts';
import { probeGrant } from '../../oauth/probe.ts';
import { missingScopes } from '../../oauth/scopes.ts';
import { readConnection } from '../find.ts';
import { freshen, openConnection } from '../freshen.ts';
import { heldOf } from '../held-of.ts';
import { oauthPorts } from '../peer.ts';
import { primaryRoleOf } from '../role-tokens.ts';
import type { Workspace } from '../workspace.ts';
import { writeConnection } from '../write-connection.ts';
import type { Adoption } from './adopt-foreign.ts';
import { takeOutAdopted } from './adopted-app.ts';

const lockWaitMs = 30_000;

/** What was certainly not spent is taken out of the store again, and the plain file stays what it was. */
export async function renewAdopted(workspace: Workspace, adoption: Adoption): Promise<Connection> {
  const { name } = adoption;
  const outcome = await freshen(workspace, name, { minValidSeconds: 0, force: true, explicit: true }).catch(
    async (error: unknown) => {
      if (await isUnspent(workspace, name)) await takeOut(workspace, adoption);
      throw error;
    },
  );
  if (outcome.kind === 'fresh' || outcome.kind === 'refreshed') return identified(workspace, adoption);
  const { problem } = outcome;
  if (outcome.kind === 'uncertain') throw problem;
  await takeOut(workspace, adoption);
  // What the problem would have looked at next was taken out again.
  const hint = adoption.app.isNew ? `oauthctl connect ${name}` : problem.hint;
  const { code, message, retryAfterSeconds } = problem;
  throw new CliError(code, message, { hint, retryAfterSeconds, cause: problem });
}

/** What ended the attempt came before anything left this machine. */
async function isUnspent(workspace: Workspace, name: string): Promise<boolean> {
  const connection = (await readConnection(workspace, name).catch(() => undefined))?.connection;
  return connection !== undefined && connection.spending.length === 0 && connection.refreshedAt === null;
}

async function takeOut(workspace: Workspace, { name, app }: Adoption): Promise<void> {
  const ref = { kind: 'connections', name } as const;
  const lock = await workspace.store.lock(ref, { waitMs: lockWaitMs });
  try {
    await workspace.store.remove(ref, lock);
  } finally {
    await lock.release();
  }
  await takeOutAdopted(workspace, app);
}

/** Now that there is a token to ask with. A provider that does not answer now is no reason to lose what was just refreshed. */
async function identified(workspace: Workspace, { name, peer, grant }: Adoption): Promise<Connection> {
  const lock = await workspace.store.lock({ kind: 'connections', name }, { waitMs: lockWaitMs });
  try {
    const { connection, tokens, record } = await openConnection(workspace, name);
    const answer = await probeGrant(peer, heldOf(connection, tokens, primaryRoleOf(tokens)), oauthPorts(workspace));
    if (answer.kind !== 'accepted') {
      workspace.warn(`'${name}' was refreshed and stored, but whose it is ${peer.provider.name} does not say now`);
      return connection;
    }
    const granted = answer.scopes ?? connection.scopes.granted;
    const asked = grant.scopes ?? granted;
    const known = {
      ...connection,
      account: { id: answer.account.id, name: answer.account.name ?? connection.account.name },
      scopes: { asked, granted, missing: missingScopes(asked, granted, peer.provider.scopes) },
      provedAt: workspace.system.clock.now(),
    };
    await writeConnection(workspace, { connection: known, tokens, lock, replaces: record.generation });
    return known;
  } finally {
    await lock.release();
  }
}
