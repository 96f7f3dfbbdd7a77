// The workspace of a call. Keyring, providers and trail are made when they are first asked for: `list` needs none of them.
import type { AuditTrail } from '../audit/trail.ts';
import type { ProviderBook, Workspace } from '../connections/workspace.ts';
import type { ContextParts, GlobalFlags } from '../context.ts';
import type { Paths } from '../model/paths.ts';
import type { System } from '../model/ports.ts';
import { chooseKeySource, readSettings, requiredProtection, type Settings } from '../model/settings.ts';
import type { Keyring, KeySourceChoice, Store } from '../model/store.ts';
import { protectionGuard } from './require-protection.ts';

/** As long as a token is spent: what takes longer is a provider in trouble. */
const networkWaitMs = 8_000;

export async function createWorkspace(
  { flags, speaker, version }: ContextParts,
  system: System,
  paths: Paths,
): Promise<Workspace> {
  const { files, random, clock, liveness } = system;
  const { say, tell, warn, trace } = speaker;
  const settings = once(() => readSettings(files, paths.config));
  const openKeyring = lazyKeyring(
    once(async () => {
      const [{ createKeyring }, { keySources }] = await Promise.all([
        import('../stores/create-keyring.ts'),
        import('./key-sources.ts'),
      ]);
      const choice = await keyChoice(flags, system, paths, settings);
      const source = keySources(system, speaker);
      const beside = { mayCreateBeside: flags.sandbox };
      return createKeyring({ files, random, clock, liveness, dataFolder: paths.data, source, choice, warn, ...beside });
    }),
  );
  const required = () => requiredProtection({ flag: flags.requireProtection, env: system.env, settings });
  const guard = protectionGuard(openKeyring, required);
  const keyring = guard.keyring(openKeyring);
  const store = guard.store(await createStore(system, paths, openKeyring, warn));
  return {
    system,
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
  settingsOf: () => Promise<Settings>,
): Promise<{ explicit: KeySourceChoice | undefined; fallback: KeySourceChoice }> {
  if (!flags.sandbox) {
    const settings = await settingsOf();
    return { explicit: chooseKeySource({ flag: flags.key, env, settings }, files), fallback: { type: 'keychain' } };
  }
  // The sandbox's grants are worth nothing: its key lies beside them, and the real tree's key is never asked for.
  const explicit = chooseKeySource({ flag: flags.key, env: { get: () => undefined }, settings: {} }, files);
  return { explicit, fallback: { type: 'file', path: files.join(paths.data, 'seal.key') } };
}

function lazyKeyring(made: () => Promise<Keyring>): Keyring {
  return {
    key: async () => (await made()).key(),
    keyFor: async (kid) => (await made()).keyFor(kid),
    keyToSeal: async () => (await made()).keyToSeal(),
    describe: async () => (await made()).describe(),
    protection: async (to) => (await made()).protection(to),
    fingerprint: async (provider, token) => (await made()).fingerprint(provider, token),
    auditKeys: async () => (await made()).auditKeys(),
    move: async (to) => (await made()).move(to),
    beginRotation: async (to) => (await made()).beginRotation(to),
    endRotation: async (rotation, mustBeDone) => (await made()).endRotation(rotation, mustBeDone),
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
