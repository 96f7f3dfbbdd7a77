// What the answer to a refresh does to the record.
import { CliError } from '../errors.ts';
import type { Connection, RoleTokens, TokenSet } from '../model/connection.ts';
import type { Provider } from '../model/provider.ts';
import { scopesOfRole } from '../model/token-roles.ts';
import type { Peer } from '../oauth/peer.ts';
import type { RefreshAnswer } from '../oauth/refresh.ts';
import { missingScopes } from '../oauth/scopes.ts';
import { type FreshenOutcome, openConnection } from './freshen.ts';
import { grantEnd, losesNothing } from './lifetimes.ts';
import { markOf, withMark, withoutMark } from './marks.ts';
import { noteOutcome } from './note-outcome.ts';
import { refusalMark } from './refusal-mark.ts';
import { refusalProblem } from './refusals.ts';
import { restoredWords } from './restored-note.ts';
import { primaryRoleOf, roleTokens } from './role-tokens.ts';
import type { Marked } from './spend.ts';
import type { Workspace } from './workspace.ts';
import { payAfterRefresh } from './write-back.ts';
import { writeConnection } from './write-connection.ts';

/** A save that fails is tried again after these pauses: the new token exists nowhere else. */
const savePausesMs = [100, 400, 1_500, 4_000];

/** Only a definite answer clears the mark. */
export async function settle(
  workspace: Workspace,
  peer: Peer,
  marked: Marked,
  answer: RefreshAnswer,
): Promise<FreshenOutcome> {
  const { provider } = peer;
  switch (answer.kind) {
    case 'granted':
      return saveGranted(workspace, provider, marked, answer);
    case 'refused':
      return saveRefused(workspace, peer, marked, answer);
    case 'transient':
      return leaveUndecided(workspace, provider, marked, answer);
  }
}

async function saveGranted(
  workspace: Workspace,
  provider: Provider,
  marked: Marked,
  answer: Extract<RefreshAnswer, { kind: 'granted' }>,
): Promise<FreshenOutcome> {
  const refresh = answer.tokens.refresh ?? marked.refreshToken;
  const renewed: RoleTokens = { ...answer.tokens, refresh };
  const tokens: TokenSet = {
    roles: { ...marked.tokens.roles, [marked.role]: renewed },
    idToken: answer.idToken ?? marked.tokens.idToken,
  };
  const rotated = refresh.reveal() !== marked.refreshToken.reveal();
  const connection = afterRefresh(provider, marked, { renewed, rotated, answer }, workspace.system.clock.now());
  await saveStubbornly(workspace, connection, tokens, marked);
  await noteOutcome(workspace, {
    type: 'token.refreshed',
    outcome: 'success',
    provider: provider.id,
    connection: connection.name,
    details: {
      role: marked.role,
      token_fp: marked.fingerprint,
      new_token_fp: await workspace.keyring.fingerprint(provider.id, refresh),
      rotated,
    },
  });
  await payAfterRefresh(workspace, connection.name, rotated);
  return { kind: 'refreshed', connection, tokens };
}

interface Renewal {
  readonly renewed: RoleTokens;
  readonly rotated: boolean;
  readonly answer: Extract<RefreshAnswer, { kind: 'granted' }>;
}

function afterRefresh(
  provider: Provider,
  { connection: before, tokens, role }: Marked,
  renewal: Renewal,
  nowAt: number,
): Connection {
  const connection = {
    ...before,
    scopes: scopesAfter(provider, before.scopes, role, renewal.answer.granted),
    spending: withoutMark(before.spending, role),
    refused: withoutMark(before.refused, role),
  };
  // What is shown of a grant's life is the primary token's.
  return role === primaryRoleOf(tokens) ? longerLived(provider, connection, renewal, nowAt) : connection;
}

/** `answered`: the scopes of that role, or null when the answer does not say. */
function scopesAfter(
  provider: Provider,
  { asked, granted: before }: Connection['scopes'],
  role: string,
  answered: readonly string[] | null,
): Connection['scopes'] {
  const ofOthers = before.filter((scope) => !scopesOfRole(provider, role, before).includes(scope));
  const granted = answered === null ? before : [...answered, ...ofOthers];
  return { asked, granted, missing: missingScopes(asked, granted, provider.scopes) };
}

function longerLived(
  provider: Provider,
  connection: Connection,
  { renewed, rotated, answer }: Renewal,
  nowAt: number,
): Connection {
  const issuedSeconds = answer.refreshIssuedSeconds;
  const refreshExpiresAt = issuedSeconds === null ? connection.refreshToken.expiresAt : nowAt + issuedSeconds * 1000;
  const times = { ...connection, refreshedAt: nowAt, accessExpiresAt: renewed.expiresAt, refreshPresent: true };
  return {
    ...connection,
    accessToken: { expiresAt: renewed.expiresAt, refreshable: true },
    refreshToken: { present: true, rotates: rotated, expiresAt: refreshExpiresAt },
    grant: grantEnd(provider, { ...times, refreshExpiresAt }),
    refreshedAt: nowAt,
    provedAt: nowAt,
  };
}

async function saveStubbornly(
  workspace: Workspace,
  connection: Connection,
  tokens: TokenSet,
  { role, lock, generation }: Marked,
): Promise<void> {
  for (const pause of [...savePausesMs, null]) {
    try {
      await writeConnection(workspace, { connection, tokens, lock, replaces: generation });
      return;
    } catch (error) {
      // A rename that happened and a folder that could not be synchronised look like a failed write.
      if (await isAtRest(workspace, connection.name, role, tokens)) return;
      if (pause === null) throw unsaved(connection, error);
      workspace.say(`saving '${connection.name}' failed; trying again`);
      await workspace.system.clock.sleep(pause);
    }
  }
}

async function isAtRest(workspace: Workspace, name: string, role: string, tokens: TokenSet): Promise<boolean> {
  const found = await openConnection(workspace, name).catch(() => undefined);
  // Some servers answer with the access token of before, or the refresh token; what was there before carries the mark.
  if (found === undefined || markOf(found.connection.spending, role) !== undefined) return false;
  const [there, ours] = [roleTokens(found.tokens, role), roleTokens(tokens, role)];
  return there.access?.reveal() === ours.access?.reveal() && there.refresh?.reveal() === ours.refresh?.reveal();
}

function unsaved(connection: Connection, cause: unknown): CliError {
  const why = cause instanceof CliError ? cause.message : 'the store refused the write';
  return new CliError(
    'store_unavailable',
    `'${connection.name}' was refreshed, but the new tokens could not be saved: ${why}; make room or permissions in the data folder`,
    {
      hint: `oauthctl refresh ${connection.name}`,
      cause,
    },
  );
}

async function saveRefused(
  workspace: Workspace,
  peer: Peer,
  marked: Marked,
  answer: Extract<RefreshAnswer, { kind: 'refused' }>,
): Promise<FreshenOutcome> {
  const nowAt = workspace.system.clock.now();
  const { provider } = peer;
  const { role } = marked;
  const { spending: cuts } = marked.connection;
  const refused = await refusalMark(workspace, peer, marked, answer);
  const problem = refusalProblem(provider, marked.connection, refused, nowAt, {
    words: answer.words,
    restored: await restoredWords(workspace, marked.connection),
  });
  // Only the end of the grant answers what became of an earlier refresh that was cut short.
  const spending = answer.means === 'grant_dead' ? withoutMark(cuts, role) : cuts;
  const shown = answer.means === 'grant_dead' ? lifeAfterRefusal(marked) : {};
  const marks = { spending, refused: withMark(marked.connection.refused, refused) };
  const connection = { ...marked.connection, ...shown, ...marks };
  await writeConnection(workspace, {
    connection,
    tokens: marked.tokens,
    lock: marked.lock,
    replaces: marked.generation,
  });
  await auditFailure(workspace, marked, { means: answer.means, error: answer.error, status: answer.status });
  return { kind: 'rejected', connection, problem };
}

/** What is left of the primary token is its access token. */
function lifeAfterRefusal({ connection, tokens, role }: Marked): Partial<Connection> {
  if (role !== primaryRoleOf(tokens)) return {};
  const { expiresAt } = connection.accessToken;
  const grant = { endsAt: expiresAt, reason: 'its refresh was refused: it ends with the access token' };
  return { accessToken: { expiresAt, refreshable: false }, grant };
}

async function leaveUndecided(
  workspace: Workspace,
  provider: Provider,
  marked: Marked,
  answer: Extract<RefreshAnswer, { kind: 'transient' }>,
): Promise<FreshenOutcome> {
  const { connection, tokens, lock, generation } = marked;
  await auditFailure(workspace, marked, { means: 'transient', error: answer.error.code, spent: answer.spent });
  if (answer.spent === 'no') {
    // Nothing left this machine: the mark that was there before, if any, is all that is true.
    await writeConnection(workspace, { connection, tokens, lock, replaces: generation });
    return { kind: 'unreachable', connection, problem: answer.error };
  }
  if (losesNothing(provider)) return { kind: 'unreachable', connection, problem: answer.error };
  const { retryAfterSeconds } = answer.error;
  const pause = retryAfterSeconds === undefined ? '' : ` (it asks to wait ${retryAfterSeconds} seconds)`;
  const problem = new CliError(
    'grant_uncertain',
    `the refresh of '${connection.name}' was cut short: ${answer.error.message}${pause}; ${provider.name} may have used the refresh token up, and the next refresh will tell`,
    { hint: `oauthctl refresh ${connection.name}`, retryAfterSeconds, cause: answer.error },
  );
  return { kind: 'uncertain', connection, problem };
}

async function auditFailure(
  workspace: Workspace,
  { connection, role, fingerprint }: Marked,
  details: Readonly<Record<string, string | number | null>>,
): Promise<void> {
  await noteOutcome(workspace, {
    type: 'token.refresh_failed',
    outcome: 'failure',
    provider: connection.provider,
    connection: connection.name,
    details: { role, token_fp: fingerprint, ...details },
  });
}
