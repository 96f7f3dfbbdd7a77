// Every command is run with --verbose while known secrets are about; none may be seen in what it prints, in arguments, in
// the environment of a child, or in any file. `token` prints the one it is asked for, and nothing more.
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { commands } from '../../src/commands/generated-index.ts';
import { browser } from './support/acme.ts';
import { clientId, clientSecret, startAuthorizationServer } from './support/authorization-server.ts';
import { startKeyring } from './support/keyring.ts';
import { oauthctl, temporaryFolder } from './support/run.ts';

interface Line {
  readonly args: readonly string[];
  readonly input?: string;
  /** May print an access token. */
  readonly prints?: boolean;
}

const preload = fileURLToPath(new URL('support/processes.cjs', import.meta.url));
const consoleFile = JSON.stringify({
  installed: { client_id: '2.apps.googleusercontent.com', client_secret: 'GOCSPX-canary' },
});

const lines = (issuer: string, store: string): readonly Line[] => [
  { args: ['provider', 'add', 'acme', '--issuer', issuer, '--scope', 'read'] },
  { args: ['provider', 'list'] },
  { args: ['provider', 'show', 'acme'] },
  { args: ['provider', 'guide', 'gmail'] },
  { args: ['provider', 'refresh', 'acme'] },
  { args: ['app', 'set', 'acme', '--client-id', clientId, '--client-secret-stdin'], input: `${clientSecret}\n` },
  { args: ['app', 'import', 'gmail', 'client_secret.json'] },
  { args: ['app', 'list'] },
  { args: ['app', 'show', 'acme'] },
  { args: ['connect', 'acme'] },
  { args: ['connect', 'acme', '--as', 'second'] },
  { args: ['list'] },
  { args: ['store', 'migrate', '--to', store, '--yes'] },
  { args: ['store', 'show'] },
  { args: ['status', '--all'] },
  { args: ['token', 'acme'], prints: true },
  { args: ['token', 'acme', '--format', 'json'], prints: true },
  { args: ['refresh', 'acme'] },
  { args: ['refresh', '--all'] },
  { args: ['key', 'show'] },
  { args: ['key', 'new-recipient', '--out', 'ci.key'] },
  { args: ['export', 'acme', '--recipient', 'recipient.pub', '--out', 'acme.jwe'] },
  { args: ['export', 'acme', '--to', 'dotenv'], prints: true },
  { args: ['import', 'acme.jwe', '--identity', 'recipient.key', '--yes', '--force'] },
  { args: ['rename', 'acme:second', 'third'] },
  { args: ['settings', 'set', 'require_protection', 'none'] },
  { args: ['settings', 'get', 'require_protection'] },
  { args: ['settings', 'list'] },
  { args: ['doctor', '--repair'] },
  { args: ['completion', 'bash'] },
  { args: ['revoke', 'acme', '--yes'] },
  { args: ['revoke', '--all', '--yes'] },
  { args: ['app', 'remove', 'acme'] },
  { args: ['provider', 'remove', 'acme'] },
  { args: ['key', 'move', '--to', 'file:moved.key'] },
  { args: ['key', 'rotate', '--to', 'file:next.key'] },
  { args: ['key', 'reset', '--yes'] },
];

const keyFiles = ['moved.key', 'next.key'];

// Two programs for each command: more than other tests start.
test.each(['keychain', 'env'] as const)(
  'no command shows a secret, key in the %s',
  { timeout: 120_000 },
  async (source) => {
    const server = await startAuthorizationServer();
    const home = temporaryFolder();
    const report = join(home, 'processes');
    writeFileSync(join(home, 'client_secret.json'), consoleFile);
    writeFileSync(join(home, 'recipient.pub'), JSON.stringify(recipient));
    writeFileSync(join(home, 'recipient.key'), JSON.stringify({ ...recipient, d: privateKey }), { mode: 0o600 });
    const keychain = source === 'keychain' ? await startKeyring() : undefined;
    const sealKey = randomBytes(32).toString('base64');
    const env = {
      ...(keychain ? keychain.env : { OAUTHCTL_KEY: sealKey }),
      OAUTHCTL_GMAIL_CLIENT_SECRET: 'GOCSPX-from-environment',
      BROWSER: browser,
      NODE_OPTIONS: `--require=${preload}`,
      PROCESS_REPORT: report,
    };
    const keys = new Set(keychain ? [] : [sealKey]);
    const known = () => {
      for (const key of keychain?.items().values() ?? []) keys.add(key);
      for (const path of keyFiles.map((name) => join(home, name)).filter(existsSync)) {
        keys.add(readFileSync(path, 'utf8').trim());
      }
      return [...server.secrets, ...keys, ...given];
    };

    for (const { args, input, prints } of lines(server.issuer, keychain ? 'keychain-items' : 'files')) {
      const ran = await oauthctl([...args, '--verbose'], home, { env, ...(input === undefined ? {} : { input }) });
      expect({ args, exit: ran.exit, stderr: ran.exit === 0 ? '' : ran.stderr }).toEqual({ args, exit: 0, stderr: '' });
      expect(found(ran.stderr, known()), `on stderr of ${args.join(' ')}`).toEqual([]);
      const shown = found(ran.stdout, known()).filter((secret) => !prints || !server.accessTokens.includes(secret));
      expect(shown, `on stdout of ${args.join(' ')}`).toEqual([]);
    }

    const processes = readFileSync(report, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    rmSync(report);
    const children = processes.filter(({ env }) => Object.keys(env).length > 0);
    expect(children.map(({ argv }) => basename(argv[1] ?? ''))).toContain('visit.mjs');
    for (const { argv, env } of processes) {
      expect(found(argv.join('\n'), known())).toEqual([]);
      expect(found(Object.values(env).join('\n'), known())).toEqual([]);
    }
    known();
    for (const name of ['client_secret.json', 'recipient.key', ...keyFiles]) rmSync(join(home, name));
    for (const path of filesBelow(home)) expect(found(readFileSync(path, 'latin1'), known()), path).toEqual([]);
    // Last, since it leaves nothing to look at.
    const { exit, stdout, stderr } = await oauthctl(['reset', '--all', '--yes', '--verbose'], home, { env });
    expect({ exit, shown: found(stdout + stderr, known()) }).toEqual({ exit: 0, shown: [] });
  },
);

/** Made for this test. */
const recipient = {
  kty: 'EC',
  crv: 'P-256',
  x: 'ucvzAEMAdpFG0WHR3gk-tSQBhIhwZWIVJqph6Q6rroQ',
  y: 'ZZ31PrS1dNT240hxyUnTPnKiAziYIChq6gB_PjZxmOM',
};
const privateKey = 'hvbSdZJyTEEcYg6Dk5isx35LNxvZEbA0YStIiYCUI2c';
const given = ['GOCSPX-canary', 'GOCSPX-from-environment', privateKey];

/** Which of the secrets a text holds, as they are or percent-encoded or in base64. */
function found(text: string, secrets: readonly string[]): string[] {
  return secrets
    .filter((secret) => secret !== '')
    .filter((secret) =>
      [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64').replace(/=+$/, '')].some((form) =>
        text.includes(form),
      ),
    );
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

test('every command is among those that are run', () => {
  const run = lines('', 'files').map(({ args }) => args);
  const paths = commands.map(({ definition }) => definition.path);
  const untried = paths.filter((path) => !run.some((args) => path.every((word, index) => args[index] === word)));
  // `sandbox` serves until it is interrupted; its own test does that. `reset` ends the test above.
  expect(untried).toEqual([['reset'], ['sandbox']]);
});
