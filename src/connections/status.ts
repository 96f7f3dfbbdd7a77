// Asking each provider whether a grant works. Never opens a browser, never prompts; refreshes only what has ended.
import { CliError } from '../errors.ts';
import type { Connection, ConnectionState, Problem } from '../model/connection.ts';
import type { StoreName } from '../model/store.ts';
import { eachInTurn } from './each-in-turn.ts';
import { allConnections, resolveName } from './find.ts';
import { judgeGrant } from './judge-grant.ts';
import { warnOfCutSignIns } from './sign-in-journal.ts';
import { createTurns, type Turns } from './turns.ts';
import type { Workspace } from './workspace.ts';

export interface CheckOptions {
  readonly noRefresh: boolean;
  /** A grant that ends within this span is `expiring`. */
  readonly warnSeconds: number;
  /** Upper bound of checks at once per provider; the provider's own data may say less. */
  readonly concurrency: number;
  /** Of a call that checks again and again: pauses outlast a round. */
  readonly turns?: Turns | undefined;
  readonly onChecked?: (checked: Checked) => void;
}

export interface Checked {
  readonly name: string;
  /** Null when the record cannot be read. */
  readonly connection: Connection | null;
  /** Where its sealed part rests; null when the record cannot be read. */
  readonly store: StoreName | null;
  readonly state: ConnectionState;
  readonly checkedAt: number;
  readonly latencyMs: number | null;
  readonly httpStatus: number | null;
  readonly problem: Problem | null;
}

/** What one look at a grant found; `checkConnections` adds name and instant. */
export interface Verdict {
  readonly connection: Connection | null;
  readonly state: ConnectionState;
  readonly latencyMs: number | null;
  readonly httpStatus: number | null;
  readonly problem: CliError | null;
}

/**
 * Every named connection, or all of them, in the order of their names; several at once, bounded per host, so that a
 * slow provider holds nobody else. A name that stands for nothing throws before anything is asked.
 */
export async function checkConnections(
  workspace: Workspace,
  names: readonly string[] | 'all',
  options: CheckOptions,
): Promise<readonly Checked[]> {
  const stored = await allConnections(workspace);
  const wanted = names === 'all' ? undefined : new Set<string>();
  if (names !== 'all') for (const name of names) wanted?.add(await resolveName(workspace, name));
  const chosen = <T extends { readonly name: string }>(all: readonly T[]) =>
    all.filter(({ name }) => wanted === undefined || wanted.has(name));
  await workspace.system.fetch.check?.();
  await warnOfCutSignIns(workspace);
  const turns = options.turns ?? createTurns();
  const report = (whose: Pick<Checked, 'name' | 'store'>, verdict: Verdict) => {
    const checked = finish(workspace, whose, verdict);
    options.onChecked?.(checked);
    return checked;
  };
  const broken = chosen(stored.unreadable).map(({ name, code, message, hint }) =>
    report({ name, store: null }, unreadable(null, new CliError(code, message, { hint }))),
  );
  const readable = new Map(stored.readable.map((found) => [found.connection.name, found]));
  const askable = chosen([...readable.keys()].map((name) => ({ name }))).map(({ name }) => name);
  const whose = (name: string) => ({ name, store: readable.get(name)?.record.store ?? null });
  const asked = await eachInTurn<Checked | null>(workspace, askable, {
    turns,
    atOnce: options.concurrency,
    one: async (name) => report(whose(name), await judgeGrant(workspace, name, options, turns)),
    // Another process has just forgotten it.
    failed: (name, error) =>
      error.code === 'connection_not_found'
        ? null
        : report(whose(name), verdictOfError(readable.get(name)?.connection ?? null, error)),
  });
  return [...broken, ...asked.filter((checked) => checked !== null)].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function finish(workspace: Workspace, whose: Pick<Checked, 'name' | 'store'>, verdict: Verdict): Checked {
  const { problem, ...rest } = verdict;
  return {
    ...whose,
    checkedAt: workspace.system.clock.now(),
    ...rest,
    problem: problem === null ? null : { code: problem.code, message: problem.message, hint: problem.hint ?? null },
  };
}

/** What an error on the way says about the grant: storage first, then the app, then the network. */
function verdictOfError(connection: Connection | null, error: CliError): Verdict {
  const nothingAsked = { connection, latencyMs: null, httpStatus: null, problem: error };
  if (error.exit === 7) return unreadable(connection, error);
  if (error.exit === 6 || error.code === 'cancelled') return { ...nothingAsked, state: 'unreachable' };
  if (['app_missing', 'app_changed', 'issuer_mismatch', 'provider_not_found'].includes(error.code)) {
    return { ...nothingAsked, state: 'app_rejected' };
  }
  throw error;
}

function unreadable(connection: Connection | null, problem: CliError): Verdict {
  return { connection, state: 'unreadable', latencyMs: null, httpStatus: null, problem };
}
