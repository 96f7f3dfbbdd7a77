// Ports that load what they are made of at their first call.
import type { Env, Fetch, Keychain, Listener, Liveness, Prompter, Spawner, UserAgent } from '../model/ports.ts';
import type { Variables } from './child-environment.ts';
import type { FetchOptions } from './fetch.ts';
import { keychainName, keychainReaders, largestItem } from './keychain-answers.ts';
import type { RealSignals } from './signals.ts';

/** `make` is called at the first use, and never again. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

export function lazyFetch(options: FetchOptions): Fetch {
  const load = once(async () => (await import('./fetch.ts')).createFetch(options));
  const fetch: Fetch = async (request) => (await load())(request);
  return Object.assign(fetch, { check: async () => (await load()).check?.() });
}

export const lazyListener: Listener = async (options) => (await import('./listener.ts')).createListener()(options);

export function lazyLiveness(): Liveness {
  const load = once(async () => (await import('./real-liveness.ts')).createRealLiveness());
  return {
    self: async () => (await load()).self(),
    judge: async (identity) => (await load()).judge(identity),
  };
}

export function lazyUserAgent(env: Env): UserAgent {
  const load = once(async () => (await import('./real-user-agent.ts')).createRealUserAgent(env));
  return {
    detect: async () => (await load()).detect(),
    address: async (url) => url,
    open: async (url) => (await load()).open(url),
  };
}

export function lazyKeychain(childPath: string, deadlineMs: number, signals: () => RealSignals): Keychain {
  const { platform, env: variables } = process;
  const cutsShort = () => signals().cutsShort();
  const load = once(async () => {
    const { createKeychain } = await import('./keychain.ts');
    return createKeychain({ childPath, platform, deadlineMs, variables, cutsShort });
  });
  return {
    name: keychainName(platform),
    readers: keychainReaders(platform),
    largestItem: largestItem(platform),
    get: async (account, onWaiting) => (await load()).get(account, onWaiting),
    set: async (account, value) => (await load()).set(account, value),
    remove: async (account) => (await load()).remove(account),
  };
}

export function lazySpawner(variables: Variables, signals: () => RealSignals): Spawner {
  const cutsShort = () => signals().cutsShort();
  const load = once(async () => (await import('./spawner.ts')).createSpawner({ variables, cutsShort }));
  return async (request) => (await load())(request);
}

export function lazyPrompter(interactive: boolean, interrupted: AbortSignal): Prompter {
  const load = once(async () => {
    const { createPrompter } = await import('./prompter.ts');
    const interrupt = () => void process.kill(process.pid, 'SIGINT');
    return createPrompter({ interactive, input: process.stdin, output: process.stderr, interrupted, interrupt });
  });
  return {
    interactive,
    text: async (question) => (await load()).text(question),
    secret: async (question) => (await load()).secret(question),
    confirm: async (question) => (await load()).confirm(question),
    select: async (question) => (await load()).select(question),
    pastedLine: async (signal) => (await load()).pastedLine(signal),
  };
}
