// `__complete SHELL WORDS…`, which the scripts of completions/ ask: no key, no network, and no words when something is wrong.
import { type CommandEntry, openContext, plainFlags } from '../context.ts';
import type { System } from '../model/ports.ts';
import { type CompletionSources, complete } from '../ui/complete.ts';
import { fileOffers } from '../ui/complete-files.ts';
import { shells } from '../ui/completion-scripts.ts';
import { type Offer, readTyped, writeOffers } from '../ui/completion-words.ts';
import { createSpeaker } from '../ui/speaker.ts';

/** `args`: after `__complete`. Returns the exit. */
export async function answerShell(
  [name, ...words]: readonly string[],
  commands: readonly CommandEntry[],
  system: System,
): Promise<number> {
  const shell = shells.find((candidate) => candidate === name);
  if (shell === undefined) return 2;
  const { env, files, streams } = system;
  const sources: CompletionSources = {
    names: (what, flags) => storedNames(what, flags, system),
    files: (prefix, foldersOnly) => fileOffers(prefix, foldersOnly, files, env),
  };
  try {
    const typed = readTyped(shell, words, env);
    const definitions = commands.map(({ definition }) => definition);
    const offers = await complete(typed.before, typed.current, definitions, sources);
    await streams.out(writeOffers(shell, offers, typed, env));
  } catch {
    // Whoever completes sees no errors: the command itself will say what is wrong.
  }
  return 0;
}

async function storedNames(
  what: 'connection' | 'provider' | 'app-provider',
  typed: ReadonlyMap<string, string>,
  system: System,
): Promise<readonly Offer[]> {
  const speaker = createSpeaker(system.streams, system.env, { json: true, quiet: true, verbose: false });
  const flags = {
    ...plainFlags(system.env),
    noInput: true,
    sandbox: typed.has('sandbox'),
    configDir: typed.get('config-dir'),
    dataDir: typed.get('data-dir'),
    stateDir: typed.get('state-dir'),
  };
  const { context } = await openContext({ flags, system, speaker, version: '', show: async () => {} });
  const { store, providers } = await context.workspace();
  if (what === 'provider') {
    return (await providers.list()).map(({ provider }) => ({ value: provider.id, says: provider.name }));
  }
  const names = await store.names(what === 'connection' ? 'connections' : 'apps');
  if (what === 'connection') return names.map((value) => ({ value, says: 'connection' }));
  return [...new Set(names.map((app) => app.split('.')[0] ?? app))].map((value) => ({ value, says: 'app' }));
}
