// The workspace of a call. Keyring, providers and trail are made when they are first asked for: `list` needs none of them.
import type { AuditTrail } from '../audit/trail.ts';
import { watchSkew } from '../connections/skew-watch.ts';
import type { ProviderBook, Workspace } from '../connections/workspace.ts';
import type { ContextParts, GlobalFlags } from '../context.ts';
import { overlay } from '../model/overlay.ts';
import type { Paths } from '../model/paths.ts';
import type { Keychain, System } from '../model/ports.ts';
import { chooseKeySource, chooseStore, readSettings, requiredProtection, type Settings } from '../model/settings.ts';
import type { Keyring, KeySourceChoice, Store } from '../model/store.ts';
import { chooseWriteBack, type WriteBack } from '../model/write-back.ts';
import type { Locks } from '../stores/record-lock.ts';
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
  const { createLocks } = await import('../stores/record-lock.ts');
  // One for all: keyring and store meet at the key's lock.
  const locks = createLocks({ files, clock, random, liveness });
  const openKeyring = lazyKeyring(
    once(async () => {
      const [{ createKeyring }, { keySources }] = await Promise.all([
        import('../stores/create-keyring.ts'),
        import('./key-sources.ts'),
      ]);
      const choice = await keyChoice(flags, system, paths, settings);
      const source = keySources(system, speaker);
      const beside = { mayCreateBeside: flags.sandbox };
      const ports = { files, random, clock, liveness, locks };
      return createKeyring({ ...ports, dataFolder: paths.data, source, choice, warn, ...beside });
    }),
  );
  const required = () => requiredProtection({ flag: flags.requireProtection, env: system.env, settings });
  const guard = protectionGuard(openKeyring, required);
  const keyring = guard.keyring(openKeyring);
  const store = guard.store(await openStore({ flags, speaker }, system, paths, { keyring: openKeyring, locks }));
  return {
    system: overlay(system, { fetch: watchSkew(() => system.fetch, clock, warn) }),
    paths,
    store,
    keyring,
    providers: lazyProviders(system, paths, warn),
    audit: lazyTrail(system, paths, { keyring, locks }, version),
    networkWaitMs: flags.timeoutSeconds === undefined ? networkWaitMs : flags.timeoutSeconds * 1000,
    writeBack: once(() => writeBackOf(flags, system, paths)),
    // Asking what the streams are loads Node's terminal module, which few commands need.
    say,
    tell,
    warn,
    trace,
  };
}

async function openStore(
  { flags, speaker: { tell, warn } }: Pick<ContextParts, 'flags' | 'speaker'>,
  system: System,
  paths: Paths,
  parts: { readonly keyring: Keyring; readonly locks: Locks },
): Promise<Store> {
  const { createStore } = await import('../stores/create-store.ts');
  const { files, random, clock, liveness, env } = system;
  const deps = { files, random, clock, liveness, dataFolder: paths.data, warn, ...parts };
  // The settings are met by what writes, as with the key: `list` and a fresh token need none.
  const wish = once(async () => {
    if (flags.sandbox) return chooseStore({ flag: flags.store, env: { get: () => undefined }, settings: {} });
    return chooseStore({ flag: flags.store, env, settings: await readSettings(files, paths.config) });
  });
  const keychain = () => system.keychain;
  return createStore({ ...deps, keychain, wish, onWaiting: () => tell(waitingFor(keychain())) });
}

const waitingFor = ({ name }: Keychain) => `waiting for the ${name}: an unlock dialog may be open`;

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

async function writeBackOf(
  { writeBack: flag, sandbox }: GlobalFlags,
  { env, files }: System,
  paths: Paths,
): Promise<WriteBack> {
  const settings = sandbox ? {} : await readSettings(files, paths.config);
  return chooseWriteBack({ flag, env, settings, sandbox }, files);
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
    destroy: async () => (await made()).destroy(),
    reset: async () => (await made()).reset(),
    keyFile: async () => (await made()).keyFile(),
    adopt: async (keyFile) => (await made()).adopt(keyFile),
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
  { keyring, locks }: { readonly keyring: Keyring; readonly locks: Locks },
  version: string,
): AuditTrail {
  const folder = files.join(paths.state, 'audit');
  const made = once(async () => {
    const { createTrail } = await import('../audit/create-trail.ts');
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
