// What a sign-in needs of this machine: a loopback port and a browser.
import { CliError } from '../../errors.ts';
import type { Workspace } from '../workspace.ts';
import { type Check, type Finding, ok, warn } from './check.ts';

export const signIn: Check = {
  id: 'sign-in',
  look: async (workspace) => [await loopback(workspace), await browser(workspace)],
};

async function loopback({ system: { listen } }: Workspace): Promise<Finding> {
  const reached: string[] = [];
  const missing: string[] = [];
  for (const host of ['127.0.0.1', '::1'] as const) {
    try {
      const listening = await listen({ host, port: 0, handle: async () => ({ status: 404, headers: {}, body: '' }) });
      await listening.close();
      reached.push(host);
    } catch (error) {
      if (!(error instanceof CliError) || error.code === 'cancelled') throw error;
      missing.push(host);
    }
  }
  if (missing.length === 0) return ok(`a sign-in can be received at ${reached.join(' and ')}`);
  if (reached.includes('127.0.0.1'))
    return ok(`a sign-in can be received at 127.0.0.1; ${missing.join()} is not there`);
  return warn(`nothing can listen at ${missing.join(' and ')}`, 'sign in with --device or --paste');
}

async function browser({ system: { userAgent } }: Workspace): Promise<Finding> {
  const found = await userAgent.detect();
  return found.available
    ? ok('a browser can be opened')
    : warn(`no browser is opened from here (${found.why})`, 'sign in with --device, or paste the final address');
}
