// `--sandbox`: the real system with the sandbox in front of the network and the browser. The client keeps the real
// addresses; only pages for the browser are served on loopback.
import { environmentName } from './model/names.ts';
import { overlay } from './model/overlay.ts';
import type { Paths } from './model/paths.ts';
import type { Env, Fetch, System, UserAgent } from './model/ports.ts';
import { approve } from './sandbox/approve.ts';
import { createSandbox } from './sandbox/create-sandbox.ts';
import { fetchThrough } from './sandbox/fetch-through.ts';
import type { Consent, Sandbox } from './sandbox/sandbox.ts';
import { type ServedSandbox, serveSandbox } from './sandbox/serve.ts';
import { createLocks } from './stores/record-lock.ts';

export interface SandboxedSystem {
  readonly system: System;
  readonly sandbox: Sandbox;
  /** Ends the page server, if a page was asked for. */
  close(): Promise<void>;
}

const lockWaitMs = 30_000;

/** The one sandbox of a tree: its state rests in the state folder, so that grants outlive the command. */
export function openSandbox(system: System, paths: Paths, consent: Consent): Sandbox {
  const { clock, random, files } = system;
  const locks = createLocks(system);
  const folder = files.join(paths.state, 'server');
  return createSandbox({
    clock,
    random,
    files,
    consent,
    stateFile: files.join(folder, 'state.json'),
    async lock(body) {
      const held = await locks.acquire(files.join(folder, 'lock'), 'the sandbox', { waitMs: lockWaitMs });
      try {
        return await body();
      } finally {
        await held.release();
      }
    },
  });
}

export async function underSandbox(system: System, paths: Paths, consent: Consent): Promise<SandboxedSystem> {
  const sandbox = openSandbox(system, paths, consent);
  let served: Promise<ServedSandbox> | undefined;
  const pages = () => {
    served ??= serveSandbox({ sandbox, listen: system.listen, random: system.random, port: 0, surface: 'pages' });
    return served;
  };
  const fetch = routed(system.fetch, fetchThrough(sandbox));
  const userAgent = consent === 'auto' ? approving(sandbox, fetch, pages) : browsing(system.userAgent, pages);
  return {
    sandbox,
    system: overlay(system, { fetch, userAgent, env: withSeededApps(system.env, await sandbox.seed()) }),
    close: async () => (await served)?.close(),
  };
}

/** Loopback addresses are our own listener's; everything else is the sandbox. */
function routed(real: Fetch, sandboxed: Fetch): Fetch {
  return (request) => (new URL(request.url).protocol === 'http:' ? real(request) : sandboxed(request));
}

function browsing(real: UserAgent, pages: () => Promise<ServedSandbox>): UserAgent {
  const address = async (url: string) => (await pages()).pageAddress(url);
  return { detect: () => real.detect(), address, open: async (url) => real.open(await address(url)) };
}

/** Nobody is there: the sandbox consents, and the callback is visited as a browser would. */
function approving(sandbox: Sandbox, fetch: Fetch, pages: () => Promise<ServedSandbox>): UserAgent {
  const visit = async (url: string): Promise<void> => {
    const answer = await fetch({ method: 'GET', url, headers: {}, timeoutMs: 30_000 });
    const next = answer.headers.location;
    if (next !== undefined) await visit(new URL(next, url).href);
  };
  return {
    detect: async () => ({ available: true }),
    address: async (url) => (await pages()).pageAddress(url),
    async open(url) {
      const callback = await approve(sandbox, url);
      // Not awaited: the listener answers only when the flow that waits for this call has gone on.
      if (new URL(callback).protocol === 'http:') visit(callback).catch(() => {});
      return true;
    },
  };
}

/** The sandbox's own registrations come in by the same names that a CI job would use. */
function withSeededApps(env: Env, { providers }: Awaited<ReturnType<Sandbox['seed']>>): Env {
  const seeded = new Map<string, string>();
  for (const [provider, app] of Object.entries(providers)) {
    seeded.set(`OAUTHCTL_${environmentName(provider)}_CLIENT_ID`, app.clientId);
    seeded.set(`OAUTHCTL_${environmentName(provider)}_CLIENT_SECRET`, app.clientSecret.reveal());
  }
  const { platform, homeFolder, workingFolder } = env;
  return { platform, homeFolder, workingFolder, get: (name) => seeded.get(name) ?? env.get(name) };
}
