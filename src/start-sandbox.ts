// `import { startSandbox } from 'oauthctl/sandbox'`: the standing sandbox for tests of Node programs. Its state lives in memory
// and ends with it. Described for callers in sandbox.d.ts.
import type { Files } from './model/ports.ts';
import { createSandbox } from './sandbox/create-sandbox.ts';
import { hostsOf, mustBeServed } from './sandbox/families.ts';
import type { Sandbox, SandboxDeps, SeededApp } from './sandbox/sandbox.ts';
import { serveSandbox } from './sandbox/serve.ts';
import { createClock } from './system/clock.ts';
import { createListener } from './system/listener.ts';
import { createRandom } from './system/random.ts';

export interface SandboxOptions {
  readonly providers?: readonly string[];
  readonly port?: number;
  readonly consent?: 'browser' | 'auto';
  readonly faults?: readonly string[];
  readonly now?: () => number;
}

/** Rejects with an Error whose `code` is `invalid_value` for unknown providers and faults, `port_unavailable` for a taken port. */
export async function startSandbox(options: SandboxOptions = {}) {
  const { providers = [], port = 0, consent = 'auto', faults = [], now } = options;
  const hosts = hostsOf(providers);
  mustBeServed(faults, providers);
  const real = createClock();
  const clock = now === undefined ? real : { ...real, now };
  const random = createRandom();
  const sandbox = createSandbox({ clock, random, consent, ...inMemory() });
  await sandbox.control(faults);
  const served = await serveSandbox({ sandbox, listen: createListener(), random, port, surface: 'everything', hosts });
  return {
    origin: served.origin,
    apps: await appsOf(sandbox, providers),
    control: { url: served.control.url, token: served.control.token.reveal() },
    address: (realUrl: string) => served.pageAddress(realUrl),
    switch: async (...lines: string[]) => (await sandbox.control(lines)).switches,
    violations: () => sandbox.violations(),
    close: () => served.close(),
  };
}

function inMemory(): Pick<SandboxDeps, 'files' | 'stateFile' | 'lock'> {
  let state: string | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const files: Pick<Files, 'readOwn' | 'replaceOwn' | 'ensureFolder'> = {
    readOwn: async () => state,
    replaceOwn: async (_, content) => {
      state = content;
    },
    ensureFolder: async () => {},
  };
  return {
    files: files as Files,
    stateFile: 'state.json',
    // One at a time, in the order of asking.
    lock: (body) => {
      const turn = last.then(body, body);
      last = turn.catch(() => {});
      return turn;
    },
  };
}

async function appsOf(sandbox: Sandbox, providers: readonly string[]) {
  const seeded = Object.entries((await sandbox.seed()).providers);
  const chosen = seeded.filter(([id]) => providers.length === 0 || providers.includes(id));
  return Object.fromEntries(chosen.map(([id, app]) => [id, shown(app)]));
}

function shown({ account, clients }: SeededApp) {
  const kinds = Object.entries(clients).map(([kind, { clientId, clientSecret, redirectUris }]) => [
    kind,
    { clientId, clientSecret: clientSecret?.reveal() ?? null, redirectUris },
  ]);
  return { account, clients: Object.fromEntries(kinds) as Record<string, ShownClient> };
}

interface ShownClient {
  readonly clientId: string;
  readonly clientSecret: string | null;
  readonly redirectUris: readonly string[];
}
