// `__complete SHELL WORDS…`, which the scripts of completions/ ask: no key, no network, and no words when something is wrong.
import type { Workspace } from '../connections/workspace.ts';
import { type CommandEntry, openContext, plainFlags } from '../context.ts';
import { parseAppRecordName } from '../model/names.ts';
import type { System } from '../model/ports.ts';
import type { Provider } from '../model/provider.ts';
import { rolesOf } from '../model/token-roles.ts';
import { type CompletionSources, complete, type NamedThing } from '../ui/complete.ts';
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
    names: (what, flags, provider) => namesOf(what, flags, provider, system),
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

async function namesOf(
  what: NamedThing,
  typed: ReadonlyMap<string, string>,
  id: string | undefined,
  system: System,
): Promise<readonly Offer[]> {
  const { store, providers } = await openTree(typed, system);
  if (what === 'connection') return (await store.names('connections')).map((value) => ({ value, says: 'connection' }));
  if (what === 'provider') {
    return (await providers.list()).map(({ provider }) => ({ value: provider.id, says: provider.name }));
  }
  if (what === 'app' || what === 'app-provider') {
    const apps = (await store.names('apps')).map(parseAppRecordName);
    const values = apps
      .filter(({ provider }) => what === 'app-provider' || id === undefined || provider === id)
      .map(({ provider, app }) => (what === 'app' ? app : provider));
    return [...new Set(values)].map((value) => ({ value, says: 'app' }));
  }
  return id === undefined ? [] : partsOf((await providers.get(id)).provider, what);
}

function partsOf(provider: Provider, what: 'kind' | 'role' | 'scope'): readonly Offer[] {
  if (what === 'kind') return provider.kinds.map(({ id, name }) => ({ value: id, says: name }));
  if (what === 'role') return rolesOf(provider).map(({ id }) => ({ value: id, says: 'token' }));
  return Object.entries(provider.scopes.known).map(([value, { says }]) => ({ value, says }));
}

async function openTree(typed: ReadonlyMap<string, string>, system: System): Promise<Workspace> {
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
  return context.workspace();
}
