// The workspace of a call. Keyring, providers and trail are made when they are first asked for: `list` needs none of them.
import type { AuditTrail } from '../audit/trail.ts';
import { watchSkew } from '../connections/skew-watch.ts';
import type { ProviderBook, Workspace } from '../connections/workspace.ts';
import type { ContextParts, GlobalFlags } from '../context.ts';
import { overlay } from '../model/overlay.ts';
import type { Paths } from '../model/paths.ts';
import type { System } from '../model/ports.ts';
import { chooseKeySource, readSettings } from '../model/settings.ts';
import type { Keyring, KeySourceChoice, Store } from '../model/store.ts';
import type { Speaker } from '../ui/speaker.ts';

/** As long as a token is spent: what takes longer is a provider in trouble. */
const networkWaitMs = 8_000;

export async function createWorkspace(
  { flags, speaker, version }: ContextParts,
  system: System,
  paths: Paths,
): Promise<Workspace> {
  const { files, random, clock, liveness } = system;
  const { say, tell, warn, trace } = speaker;
  const keyring = lazyKeyring(
    once(async () => {
      const { createKeyring } = await import('../stores/create-keyring.ts');
      const choice = await keyChoice(flags, system, paths);
      const source = await keySources(system, speaker);
      const beside = { mayCreateBeside: flags.sandbox };
      return createKeyring({ files, random, clock, liveness, dataFolder: paths.data, source, choice, warn, ...beside });
    }),
  );
  const store = await createStore(system, paths, keyring, warn);
  return {
    system: overlay(system, { fetch: watchSkew(() => system.fetch, clock, warn) }),
    paths,
    store,
    keyring,
    providers: lazyProviders(system, paths, warn),
    audit: lazyTrail(system, paths, keyring, version),
    networkWaitMs: flags.timeoutSeconds === undefined ? networkWaitMs : flags.timeoutSeconds * 1000,
    // Asking what the streams are loads Node's terminal module, which few commands need.
    say,
    tell,
    warn,
    trace,
  };
}

async function createStore(
  { files, random, clock, liveness }: System,
  paths: Paths,
  keyring: Keyring,
  warn: (message: string) => void,
): Promise<Store> {
  const { createFilesStore } = await import('../stores/create-store.ts');
  return createFilesStore({ files, random, clock, liveness, dataFolder: paths.data, keyring, warn });
}

async function keyChoice(
  flags: GlobalFlags,
  { env, files }: System,
  paths: Paths,
): Promise<{ explicit: KeySourceChoice | undefined; fallback: KeySourceChoice }> {
  if (!flags.sandbox) {
    const settings = await readSettings(files, paths.config);
    return { explicit: chooseKeySource({ flag: flags.key, env, settings }, files), fallback: { type: 'keychain' } };
  }
  // The sandbox's grants are worth nothing: its key lies beside them, and the real tree's key is never asked for.
  const explicit = chooseKeySource({ flag: flags.key, env: { get: () => undefined }, settings: {} }, files);
  return { explicit, fallback: { type: 'file', path: files.join(paths.data, 'seal.key') } };
}

async function keySources({ env, files, keychain }: System, speaker: Speaker) {
  const [{ keychainSource }, { envSource }, { fileSource }] = await Promise.all([
    import('../stores/key-sources/keychain-source.ts'),
    import('../stores/key-sources/env-source.ts'),
    import('../stores/key-sources/file-source.ts'),
  ]);
  return (choice: KeySourceChoice) => {
    switch (choice.type) {
      case 'keychain':
        return keychainSource(keychain, {
          onWaiting: () => speaker.tell(`waiting for the ${keychain.name}: an unlock dialog may be open`),
        });
      case 'env':
        return envSource(env, files);
      case 'file':
        return fileSource(files, choice.path);
    }
  };
}

function lazyKeyring(made: () => Promise<Keyring>): Keyring {
  return {
    key: async () => (await made()).key(),
    describe: async () => (await made()).describe(),
    fingerprint: async (provider, token) => (await made()).fingerprint(provider, token),
    reset: async () => (await made()).reset(),
  };
}

function lazyProviders({ files }: System, paths: Paths, warn: (message: string) => void): ProviderBook {
  const made = once(async () => {
    const { createProviderBook } = await import('../connections/provider-book.ts');
    return createProviderBook({ files, configFolder: paths.config, warn });
  });
  return { get: async (id) => (await made()).get(id), list: async () => (await made()).list() };
}

const trailLockWaitMs = 30_000;

function lazyTrail(
  { files, clock, random, liveness, env }: System,
  paths: Paths,
  keyring: Keyring,
  version: string,
): AuditTrail {
  const folder = files.join(paths.state, 'audit');
  const made = once(async () => {
    const [{ createTrail }, { createLocks }] = await Promise.all([
      import('../audit/create-trail.ts'),
      import('../stores/record-lock.ts'),
    ]);
    const locks = createLocks({ files, clock, random, liveness });
    const { host, pid } = await liveness.self();
    const user = env.get('USER') ?? env.get('LOGNAME') ?? env.get('USERNAME') ?? 'unknown';
    return createTrail({
      files,
      clock,
      random,
      folder,
      keyring,
      version,
      actor: { user, host, pid },
      async lock(body) {
        const held = await locks.acquire(files.join(folder, 'lock'), 'the audit trail', { waitMs: trailLockWaitMs });
        try {
          return await body();
        } finally {
          await held.release();
        }
      },
    });
  });
  return { append: async (event) => (await made()).append(event) };
}

/** Made at the first call; a failure is not kept. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
