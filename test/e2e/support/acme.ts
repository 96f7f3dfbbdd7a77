// The set-up that most end-to-end tests start from: the provider `acme` at the standing server, its app, and its connection.
import { fileURLToPath } from 'node:url';
import { type AuthorizationServer, clientId, clientSecret } from './authorization-server.ts';
import { mustSucceed, type RunOptions } from './run.ts';

/** Follows redirects without a person, so that `connect` completes by itself. */
export const browser = fileURLToPath(new URL('visit.mjs', import.meta.url));

export async function setUpAcme(server: AuthorizationServer, home: string, env: Record<string, string>): Promise<void> {
  const run = (args: readonly string[], options: RunOptions = {}) =>
    mustSucceed(args, home, { ...options, env: { ...env, BROWSER: browser } });
  await run(['provider', 'add', 'acme', '--issuer', server.issuer, '--scope', 'read']);
  await run(['app', 'set', 'acme', '--client-id', clientId, '--client-secret-stdin'], { input: `${clientSecret}\n` });
}

export async function connectAcme(home: string, env: Record<string, string>, ...more: string[]): Promise<string> {
  return mustSucceed(['connect', 'acme', ...more], home, { env: { ...env, BROWSER: browser } });
}
