// Freshen: a working access token for a connection, refreshed when it must be, by one process at a time.
// The order of the steps is what keeps a single-use refresh token from being lost; see docs/decisions.md.
import { CliError } from '../errors.ts';
import type { Connection, TokenSet } from '../model/connection.ts';
import { describeInstant } from '../model/instants.ts';
import type { Provider } from '../model/provider.ts';
import type { Secret } from '../model/secret.ts';
import { readConnection, type StoredConnection } from './find.ts';
import { isAlive, isFresh, passedSince, refusalPauseSeconds } from './lifetimes.ts';
import { markOf } from './marks.ts';
import { peerOf, providerOf } from './peer.ts';
import { reconnectCommand } from './reconnect-hint.ts';
import { refusalProblem } from './refusals.ts';
import { restoredWords } from './restored-note.ts';
import { primaryRoleOf, roleTokens } from './role-tokens.ts';
import { tokensFromJson } from './tokens-at-rest.ts';
import type { Workspace } from './workspace.ts';
import { isOwed, payDebt, settleDebt, whyWithheld } from './write-back.ts';

/** How long to wait for another process that refreshes: its own deadline is shorter. */
const lockWaitMs = 30_000;
/** Where the holder gives what it got to a receiver before it lets go. */
const lockWaitWithReceiverMs = 90_000;

export interface FreshenOptions {
  readonly minValidSeconds: number;
  /** Which of the grant's tokens; the primary when left out. */
  readonly role?: string | undefined;
  /** Refresh even when the access token is fresh. */
  readonly force: boolean;
  /** A person asked for this very refresh: a remembered refusal does not stop it. */
  readonly explicit: boolean;
}

export type FreshenOutcome =
  | { readonly kind: 'fresh'; readonly connection: Connection; readonly tokens: TokenSet }
  | { readonly kind: 'refreshed'; readonly connection: Connection; readonly tokens: TokenSet }
  /** Not asked: the new refresh token would have gone with this machine, or with its receiver. Nothing was changed. */
  | { readonly kind: 'withheld'; readonly connection: Connection; readonly problem: CliError }
  /** The provider refused; `problem` says what that means for the grant. */
  | { readonly kind: 'rejected'; readonly connection: Connection; readonly problem: CliError }
  /** The request may have been acted on and no answer came: the next refresh will tell. */
  | { readonly kind: 'uncertain'; readonly connection: Connection; readonly problem: CliError }
  /** Nothing is known and nothing was changed. */
  | { readonly kind: 'unreachable'; readonly connection: Connection; readonly problem: CliError };

/** Throws what is not the provider's doing: no such connection, key, store, app, lock. */
export async function freshen(workspace: Workspace, name: string, options: FreshenOptions): Promise<FreshenOutcome> {
  const before = await openConnection(workspace, name);
  const owed = await isOwed(workspace, name);
  if (!owed && !options.force && (await mayHandOut(workspace, before, options))) return { kind: 'fresh', ...before };
  // Whatever ends the attempt for sure is met before the lock is taken and before anything is marked.
  await peerOf(workspace, before.connection);
  const ref = { kind: 'connections', name } as const;
  const lock = await workspace.store.lock(ref, {
    waitMs: (await workspace.writeBack()).kind === 'not_needed' ? lockWaitMs : lockWaitWithReceiverMs,
    onWait: (holder) => workspace.say(`waiting for ${holder}, which is refreshing '${name}'`),
    signal: workspace.system.signals.interrupted,
  });
  try {
    if (owed) await payDebt(workspace, name);
    const current = await openConnection(workspace, name);
    const role = roleIn(current, options);
    const refreshedMeanwhile = accessOf(current, options) !== accessOf(before, options);
    if ((refreshedMeanwhile || !options.force) && (await usableUnderLock(workspace, current, options))) {
      return { kind: 'fresh', connection: current.connection, tokens: current.tokens };
    }
    const held = roleTokens(current.tokens, role);
    if (held.refresh === null) {
      // Some providers give tokens that never end, and no refresh token with them: there is nothing to do.
      if (isAlive(held, workspace.system.clock.now())) return { kind: 'fresh', ...current };
      const problem = noRefreshToken(current.connection, await providerOf(workspace, current.connection));
      return { kind: 'rejected', connection: current.connection, problem };
    }
    const remembered = await rememberedRefusal(workspace, current, held.refresh, options);
    if (remembered !== undefined) return { kind: 'rejected', connection: current.connection, problem: remembered };
    const withheld = await whyWithheld(workspace, current.connection);
    if (withheld !== undefined) return { kind: 'withheld', connection: current.connection, problem: withheld };
    // Loaded when a token is really spent: a fresh one needs no HTTP.
    const { spend } = await import('./spend.ts');
    const outcome = await spend(workspace, { ...current, role, refreshToken: held.refresh, lock });
    await settleDebt(workspace, outcome);
    return outcome;
  } finally {
    await lock.release();
  }
}

/** For callers that go on from here: a signal was held back until the answer was at rest, and counts now. */
export function unlessInterrupted(workspace: Workspace, outcome: FreshenOutcome): FreshenOutcome {
  const { kind, connection } = outcome;
  if (!workspace.system.signals.interrupted.aborted || kind === 'fresh') return outcome;
  const { name } = connection;
  const done = kind === 'refreshed' ? `'${name}' had been refreshed and saved` : `the refresh of '${name}' had failed`;
  throw new CliError('cancelled', `interrupted; ${done}`, { hint: `oauthctl status ${name}` });
}

export interface OpenConnection extends StoredConnection {
  readonly tokens: TokenSet;
}

/** Reads and opens; throws `connection_not_found`, `record_…`, `key_…`. */
export async function openConnection(workspace: Workspace, name: string): Promise<OpenConnection> {
  const found = await readConnection(workspace, name);
  if (found === undefined) {
    throw new CliError('connection_not_found', `there is no connection '${name}'`, { hint: 'oauthctl list' });
  }
  return { ...found, tokens: tokensFromJson(await found.record.open(), name) };
}

function roleIn({ tokens }: OpenConnection, { role }: FreshenOptions): string {
  return role ?? primaryRoleOf(tokens);
}

function accessOf(open: OpenConnection, options: FreshenOptions): string | undefined {
  return roleTokens(open.tokens, roleIn(open, options)).access?.reveal();
}

/**
 * Under the lock a mark is left over from a refresh that was cut short: whatever still lives is handed out before the
 * stored token is spent again. Where a refresh ends the access token of before, the one at rest may be dead whatever its
 * expiry says, so the stored refresh token is spent again at once.
 */
async function usableUnderLock(workspace: Workspace, open: OpenConnection, options: FreshenOptions): Promise<boolean> {
  const role = roleIn(open, options);
  const held = roleTokens(open.tokens, role);
  if (markOf(open.connection.spending, role) === undefined) return usable(workspace, open, options);
  if (await isDoubtful(workspace, open, options)) return false;
  return held.expiresAt === null ? usable(workspace, open, options) : isAlive(held, workspace.system.clock.now());
}

async function mayHandOut(workspace: Workspace, open: OpenConnection, options: FreshenOptions): Promise<boolean> {
  return (await usable(workspace, open, options)) && !(await isDoubtful(workspace, open, options));
}

/** A refresh was cut short, and it would have ended the access token that is at rest. */
async function isDoubtful(workspace: Workspace, open: OpenConnection, options: FreshenOptions): Promise<boolean> {
  const role = roleIn(open, options);
  if (markOf(open.connection.spending, role) === undefined) return false;
  const { oldAccessDies } = await providerOf(workspace, open.connection);
  return oldAccessDies === true && roleTokens(open.tokens, role).refresh !== null;
}

async function usable(workspace: Workspace, open: OpenConnection, options: FreshenOptions): Promise<boolean> {
  const role = roleIn(open, options);
  const held = roleTokens(open.tokens, role);
  const nowAt = workspace.system.clock.now();
  // The provider's data is loaded only for tokens without a known end: a fresh token costs nothing more.
  const trustSeconds = held.expiresAt === null ? await trustSpan(workspace, open.connection) : 0;
  const provedAt = role === primaryRoleOf(open.tokens) ? open.connection.provedAt : null;
  return isFresh(held, provedAt, { trustSeconds }, options.minValidSeconds, nowAt);
}

async function trustSpan(workspace: Workspace, connection: Connection): Promise<number> {
  return (await providerOf(workspace, connection)).lifetimes.trustSeconds;
}

export function noRefreshToken(connection: Connection, provider: Provider): CliError {
  return new CliError(
    'reconnect_required',
    `the access token of '${connection.name}' has ended and the provider gave no refresh token`,
    {
      hint: reconnectCommand(connection, provider),
    },
  );
}

/** The same token was refused before: unattended callers leave it alone for a growing while. */
async function rememberedRefusal(
  workspace: Workspace,
  open: OpenConnection,
  refreshToken: Secret,
  options: FreshenOptions,
): Promise<CliError | undefined> {
  const { connection } = open;
  const refused = markOf(connection.refused, roleIn(open, options));
  if (refused === undefined || options.explicit) return undefined;
  const fingerprint = await workspace.keyring.fingerprint(connection.provider, refreshToken);
  if (fingerprint !== refused.fingerprint) return undefined;
  const nowAt = workspace.system.clock.now();
  const pauseMs = refusalPauseSeconds(refused.count) * 1000;
  if (passedSince(refused.at, nowAt) >= pauseMs) return undefined;
  const againAt = refused.at + pauseMs;
  return refusalProblem(await providerOf(workspace, connection), connection, refused, nowAt, {
    restored: await restoredWords(workspace, connection),
    remembered: `refused ${describeInstant(refused.at, nowAt)}; asked again ${describeInstant(againAt, nowAt)} at the earliest`,
  });
}
