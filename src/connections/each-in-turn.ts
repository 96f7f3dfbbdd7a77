// Several connections at once: bounded per host, patient where a provider asked for patience, and whole after Ctrl-C.
import { CliError } from '../errors.ts';
import type { Provider } from '../model/provider.ts';
import type { Turns } from './turns.ts';
import type { Workspace } from './workspace.ts';

export interface Round<T> {
  readonly turns: Turns;
  /** Upper bound at one host; the provider's own data may say less. */
  readonly atOnce: number;
  readonly one: (name: string, host: string) => Promise<T>;
  /** What an error on the way comes to; `cancelled` is that of every connection whose turn did not come before Ctrl-C. */
  readonly failed: (name: string, error: CliError) => T | Promise<T>;
}

/** Sockets and files of one process: macOS allows 256 to begin with. */
const atOnceInAll = 100;

/** Results in the order of the names. Rejects with what is nobody's fault but ours. */
export async function eachInTurn<T>(
  workspace: Workspace,
  names: readonly string[],
  { turns, atOnce, one, failed }: Round<T>,
): Promise<readonly T[]> {
  const { interrupted } = workspace.system.signals;
  const attempt = async (name: string, host: string) => {
    if (interrupted.aborted) return failed(name, new CliError('cancelled', 'interrupted before its turn came'));
    try {
      return await one(name, host);
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      return failed(name, error);
    }
  };
  return Promise.all(
    names.map(async (name) => {
      const id = name.split(':', 1)[0] ?? name;
      const provider = await workspace.providers.get(id).then(
        (entry) => entry.provider,
        () => undefined,
      );
      const host = provider === undefined ? id : hostOf(provider);
      const bound = Math.min(atOnce, provider?.probesAtOnce ?? atOnce);
      return turns.take(host, bound, () => turns.take('every host', atOnceInAll, () => attempt(name, host)));
    }),
  );
}

/** Where a provider counts what it is asked: products of one family share it. */
export function hostOf({ endpoints, issuer }: Pick<Provider, 'endpoints' | 'issuer'>): string {
  return new URL(endpoints.token ?? issuer).host;
}
