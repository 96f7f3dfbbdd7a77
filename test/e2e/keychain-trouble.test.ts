// A keychain that is not there, or not open: exit 7 with the ways out, and nothing is stored elsewhere instead.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { connectAcme, setUpAcme } from './support/acme.ts';
import { startAuthorizationServer } from './support/authorization-server.ts';
import { startKeyring } from './support/keyring.ts';
import { oauthctl, temporaryFolder } from './support/run.ts';

const setApp = [
  'app',
  'set',
  'gmail',
  '--client-id',
  '1.apps.googleusercontent.com',
  '--client-secret-stdin',
  '--json',
];

test('no keychain at all: key_unavailable, exit 7, and no record', async () => {
  const home = temporaryFolder();
  const { exit, stdout } = await oauthctl(setApp, home, { input: 'GOCSPX-secret\n' });
  const { error } = JSON.parse(stdout);
  expect({ exit, code: error.code }).toEqual({ exit: 7, code: 'key_unavailable' });
  expect(error.hint).toContain('OAUTHCTL_KEY');
  expect(existsSync(join(home, '.local/share/oauthctl/apps/gmail.json'))).toBe(false);
  expect(existsSync(join(home, '.local/share/oauthctl/key.json'))).toBe(false);
});

test.each([
  { name: 'the plain way', args: ['token', 'acme'] },
  { name: 'the long way', args: ['token', 'acme', '--json'] },
])('a locked keychain: key_locked, exit 7, by $name', async ({ args }) => {
  const server = await startAuthorizationServer();
  const { env, lock } = await startKeyring();
  const home = temporaryFolder();
  await setUpAcme(server, home, env);
  await connectAcme(home, env);
  lock();
  const ran = await oauthctl(args, home, { env });
  expect(ran.exit).toBe(7);
  expect(ran.stdout + ran.stderr).toContain(args.includes('--json') ? '"key_locked"' : 'locked');
  expect(ran.stdout + ran.stderr).not.toContain(server.accessTokens[0]);
});
