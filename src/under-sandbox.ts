// `--sandbox`: the real system with the sandbox in front of the network and the browser. The client keeps the real
// addresses; only pages for the browser are served on loopback.
import { environmentName } from './model/names.ts';
import { overlay } from './model/overlay.ts';
import type { Paths } from './model/paths.ts';
import type { Env, Fetch, Prompter, System, UserAgent } from './model/ports.ts';
import { type AutoBrowser, autoBrowser } from './sandbox/auto-browser.ts';
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

/** As openSandbox; the faults of a server that was killed are ended first. */
export async function enterSandbox(system: System, paths: Paths, consent: Consent): Promise<Sandbox> {
  const sandbox = openSandbox(system, paths, consent);
  await sandbox.endWith(async (server) => (await system.liveness.judge(server)) === 'dead');
  return sandbox;
}

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
  const sandbox = await enterSandbox(system, paths, consent);
  let served: Promise<ServedSandbox> | undefined;
  const pages = () => {
    served ??= serveSandbox({ sandbox, listen: system.listen, random: system.random, port: 0, surface: 'pages' });
    return served;
  };
  const fetch = routed(system.fetch, fetchThrough(sandbox));
  const env = withSeededApps(system.env, await sandbox.seed());
  const person = consent === 'auto' ? nobody(system, sandbox, fetch, pages) : somebody(system, pages);
  return {
    sandbox,
    system: overlay(system, { fetch, env, ...person }),
    close: async () => (await served)?.close(),
  };
}

/** Loopback addresses are our own listener's; everything else is the sandbox. */
function routed(real: Fetch, sandboxed: Fetch): Fetch {
  return (request) => (new URL(request.url).protocol === 'http:' ? real(request) : sandboxed(request));
}

type Pages = () => Promise<ServedSandbox>;

function somebody({ userAgent }: System, pages: Pages): Pick<System, 'userAgent'> {
  const address = async (url: string) => (await pages()).pageAddress(url);
  return {
    userAgent: {
      detect: () => userAgent.detect(),
      address,
      open: async (url) => userAgent.open(await address(url)),
    },
  };
}

/** The sandbox consents, and does what a browser and a person would do with the answer. */
function nobody(
  { prompter }: System,
  sandbox: Sandbox,
  fetch: Fetch,
  pages: Pages,
): Pick<System, 'userAgent' | 'prompter'> {
  const browser = autoBrowser(sandbox, fetch, (signal) => prompter.pastedLine(signal));
  const userAgent: UserAgent = {
    detect: async () => ({ available: true }),
    address: async (url) => (await pages()).pageAddress(url),
    open: (url) => browser.open(url),
  };
  return { userAgent, prompter: pasting(prompter, browser) };
}

function pasting(prompter: Prompter, { pastedLine }: AutoBrowser): Prompter {
  return {
    get interactive() {
      return prompter.interactive;
    },
    text: (question) => prompter.text(question),
    secret: (question) => prompter.secret(question),
    confirm: (question) => prompter.confirm(question),
    select: (question) => prompter.select(question),
    pastedLine,
  };
}

/** The sandbox's own registrations come in by the same names that a CI job would use; a real secret never goes with them. */
function withSeededApps(env: Env, { providers }: Awaited<ReturnType<Sandbox['seed']>>): Env {
  const seeded = new Map<string, string | undefined>();
  for (const [provider, app] of Object.entries(providers)) {
    seeded.set(`OAUTHCTL_${environmentName(provider)}_CLIENT_ID`, app.clientId);
    seeded.set(`OAUTHCTL_${environmentName(provider)}_CLIENT_SECRET`, app.clientSecret?.reveal());
    seeded.set(`OAUTHCTL_${environmentName(provider)}_CLIENT_SECRET_FILE`, undefined);
  }
  const { platform, homeFolder, workingFolder } = env;
  return { platform, homeFolder, workingFolder, get: (name) => (seeded.has(name) ? seeded.get(name) : env.get(name)) };
}
