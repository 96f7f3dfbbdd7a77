// The person's browser: whether one can be expected, and handing it an address. Addresses come from outside: only https
// and our own pages on loopback get through, as one argument, and never to a shell.
import type { ChildProcess } from 'node:child_process';
import type { Env, UserAgent } from '../model/ports.ts';

export interface UserAgentDeps {
  readonly env: Env;
  /** Version string of the operating system's kernel. */
  readonly kernel: string;
  readonly exists: (path: string) => Promise<boolean>;
  /** Starts a program with one argument. */
  readonly start: (program: string, argument: string) => ChildProcess;
  /** The platform's own way. Rejects where there is none. */
  readonly startUsual: (url: string) => Promise<ChildProcess>;
  /** An opener that still runs after so long is the browser itself. */
  readonly graceMs: number;
}

export function createUserAgent(deps: UserAgentDeps): UserAgent {
  const { env, start, startUsual, graceMs } = deps;
  return {
    async detect() {
      const why = await whyNot(deps);
      return why === undefined ? { available: true } : { available: false, why };
    },
    address: async (url) => url,
    async open(url) {
      const address = safeAddress(url);
      const named = env.get('BROWSER');
      if (address === undefined || named === 'none') return false;
      try {
        const child = named === undefined ? await startUsual(address) : start(named, address);
        return await hasOpened(child, graceMs);
      } catch {
        return false;
      }
    },
  };
}

/** As a browser reads it, so that nothing is left that a terminal or an opener could read otherwise. */
function safeAddress(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, href } = new URL(text);
  const isOwnPage = protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
  return protocol === 'https:' || isOwnPage ? href : undefined;
}

async function whyNot({ env, kernel, exists }: UserAgentDeps): Promise<string | undefined> {
  const named = env.get('BROWSER');
  if (named !== undefined) return named === 'none' ? 'BROWSER is none' : undefined;
  if (['SSH_CONNECTION', 'SSH_CLIENT', 'SSH_TTY'].some((name) => env.get(name) !== undefined)) return 'over SSH';
  if (env.platform !== 'linux') return undefined;
  const hasScreen = env.get('DISPLAY') !== undefined || env.get('WAYLAND_DISPLAY') !== undefined;
  const isWsl = /microsoft/i.test(kernel);
  const inContainer = await isContainer(env, exists);
  // The Windows side opens the address, which is reached through this.
  if (isWsl && !inContainer) {
    const reachesWindows = await exists('/proc/sys/fs/binfmt_misc/WSLInterop');
    return reachesWindows || hasScreen ? undefined : 'in WSL without a browser';
  }
  if (!hasScreen) return inContainer ? 'in a container' : 'no screen: DISPLAY is not set';
  const folders = (env.get('PATH') ?? '').split(':');
  const found = await Promise.all(folders.map((folder) => exists(`${folder}/xdg-open`)));
  return found.includes(true) ? undefined : 'xdg-open is not installed';
}

async function isContainer(env: Env, exists: (path: string) => Promise<boolean>): Promise<boolean> {
  // Docker's and Podman's mark; what systemd, Kubernetes and Codespaces set.
  if ((await exists('/.dockerenv')) || (await exists('/run/.containerenv'))) return true;
  return ['container', 'KUBERNETES_SERVICE_HOST', 'CODESPACES'].some((name) => env.get(name) !== undefined);
}

/** Openers end at once, with 0 when they passed the address on. */
function hasOpened(child: ChildProcess, graceMs: number): Promise<boolean> {
  if (child.exitCode !== null) return Promise.resolve(child.exitCode === 0);
  return new Promise((resolve) => {
    const settle = (opened: boolean) => {
      clearTimeout(timer);
      child.unref();
      resolve(opened);
    };
    const timer = setTimeout(() => settle(true), graceMs);
    child.once('error', () => settle(false));
    child.once('exit', (exit) => settle(exit === 0));
  });
}
