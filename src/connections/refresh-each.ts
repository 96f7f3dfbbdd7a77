// `refresh` of several connections: every token of each, at most so many at one host at once, and a provider that asks for a
// little patience gets it.
import type { CliError } from '../errors.ts';
import { eachInTurn } from './each-in-turn.ts';
import type { FreshenOutcome } from './freshen.ts';
import { freshenAll } from './freshen-all.ts';
import { createTurns, hasWaited } from './turns.ts';
import type { Workspace } from './workspace.ts';

export interface RefreshOptions {
  /** Refresh only what ends within this span; undefined: whatever the clock says. */
  readonly expiringSeconds: number | undefined;
  /** A person asked for these very connections. */
  readonly explicit: boolean;
  /** Upper bound at one host. */
  readonly atOnce: number;
  readonly onRefreshed: (refreshed: Refreshed) => void;
}

export interface Refreshed {
  readonly name: string;
  readonly outcome: Exclude<FreshenOutcome['kind'], 'withheld'> | 'failed';
  /** `cancelled`: its turn did not come before Ctrl-C, or it was waiting then. */
  readonly problem: CliError | null;
}

export async function refreshEach(
  workspace: Workspace,
  names: readonly string[],
  { expiringSeconds, explicit, atOnce, onRefreshed }: RefreshOptions,
): Promise<readonly Refreshed[]> {
  const turns = createTurns();
  const { system } = workspace;
  await system.fetch.check?.();
  const told = (refreshed: Refreshed) => {
    onRefreshed(refreshed);
    return refreshed;
  };
  const attempt = async (name: string): Promise<Refreshed> => {
    const options = { minValidSeconds: expiringSeconds ?? 0, force: expiringSeconds === undefined, explicit };
    const outcome = await freshenAll(workspace, name, options);
    const kind = outcome.kind === 'withheld' ? 'failed' : outcome.kind;
    return { name, outcome: kind, problem: 'problem' in outcome ? outcome.problem : null };
  };
  return eachInTurn(workspace, names, {
    turns,
    atOnce,
    async one(name, host) {
      await turns.waitOut(host, system);
      const first = await attempt(name);
      const pauseSeconds = first.problem?.retryAfterSeconds;
      if (pauseSeconds === undefined) return told(first);
      if (first.outcome !== 'unreachable') {
        turns.pause(host, pauseSeconds, system.clock);
        return told(first);
      }
      // What was answered so was not acted upon, so the same token may be sent again: once, and only after the pause.
      return told((await hasWaited(turns, host, pauseSeconds, system)) ? await attempt(name) : first);
    },
    failed: (name, error) =>
      told({ name, outcome: error.code === 'rate_limited' ? 'unreachable' : 'failed', problem: error }),
  });
}
