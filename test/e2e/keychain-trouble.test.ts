// A keychain that is not there, or not open: exit 7 with the ways out, and nothing is stored elsewhere instead.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { connectAcme, setUpAcme } from './support/acme.ts';
import { startAuthorizationServer } from './support/authorization-server.ts';
import { startKeyring } from './support/keyring.ts';
import { mustSucceed, oauthctl, temporaryFolder } from './support/run.ts';

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

const inItems = { OAUTHCTL_STORE: 'keychain-items' };
const recordFile = (home: string) => readFileSync(join(home, '.local/share/oauthctl/connections/acme.json'), 'utf8');

test('records in the keychain itself: from sign-in to revocation, and there and back by migration', async () => {
  const server = await startAuthorizationServer();
  const keyring = await startKeyring();
  const env = { ...keyring.env, ...inItems };
  const home = temporaryFolder();
  const records = () => [...keyring.items().keys()].filter((account) => account.startsWith('record/'));
  await setUpAcme(server, home, env);
  await connectAcme(home, env);
  expect(JSON.parse(recordFile(home))).toMatchObject({ version: 2, sealed_in: { store: 'keychain-items' } });
  expect(recordFile(home)).not.toContain('"sealed"');
  expect(records().filter((account) => account.startsWith('record/connections/acme#'))).not.toEqual([]);
  const fresh = await mustSucceed(['token', 'acme'], home, { env });
  expect(fresh.trim()).toBe(server.accessTokens.at(-1));
  for (let round = 0; round < 2; round++) await mustSucceed(['refresh', 'acme'], home, { env });
  expect(records().filter((account) => account.includes('connections/acme#'))).toHaveLength(3);
  // From here on what the record says counts, and no longer what a new tree would be.
  await mustSucceed(['store', 'migrate', '--to', 'files', '--yes'], home, { env: keyring.env });
  expect(records()).toEqual([]);
  expect(await mustSucceed(['token', 'acme'], home, { env: keyring.env })).toContain(server.accessTokens.at(-1));
  await mustSucceed(['store', 'migrate', '--to', 'keychain-items', '--yes'], home, { env: keyring.env });
  expect(await mustSucceed(['list', '--json'], home, { env })).toContain('"store":"keychain-items"');
  await mustSucceed(['revoke', 'acme', '--yes'], home, { env });
  expect(records().filter((account) => account.includes('connections/'))).toEqual([]);
}, 90_000);

test.each([
  ['token', 'acme'],
  ['refresh', 'acme'],
  ['store', 'migrate', '--to', 'files', '--yes'],
])(
  'records in a keychain that is locked: %s %s ends with 7 and changes nothing, and goes on once it is unlocked',
  async (...args) => {
    const server = await startAuthorizationServer();
    const keyring = await startKeyring();
    // The key is at hand, so that it is the record alone that waits for the keychain.
    const env = { ...keyring.env, OAUTHCTL_KEY: Buffer.alloc(32, 7).toString('base64') };
    const home = temporaryFolder();
    await setUpAcme(server, home, { ...env, ...inItems });
    await connectAcme(home, { ...env, ...inItems });
    const before = recordFile(home);
    keyring.lock();
    const { exit, stdout } = await oauthctl([...args, '--json'], home, { env });
    expect({ exit, said: stdout.includes('"key_locked"') }).toEqual({ exit: 7, said: true });
    expect(recordFile(home)).toBe(before);
    expect(await mustSucceed(['list'], home, { env })).toContain('acme');
    await keyring.unlock();
    await mustSucceed(args, home, { env });
  },
);
