// CI as it is: every job a new home, and the grant handed on from one to the next by what was written back.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { connectAcme, setUpAcme } from './support/acme.ts';
import { type AuthorizationServer, startAuthorizationServer } from './support/authorization-server.ts';
import { restore } from './support/restore.ts';
import { mustSucceed, oauthctl, temporaryFolder } from './support/run.ts';

const env = { CI: 'true', OAUTHCTL_KEY: Buffer.alloc(32, 9).toString('base64') };

/** A machine that knows the provider and nothing else, given what an earlier one wrote back. */
async function job(server: AuthorizationServer, bundle: string): Promise<string> {
  const home = temporaryFolder();
  await mustSucceed(['provider', 'add', 'acme', '--issuer', server.issuer, '--scope', 'read'], home, { env });
  expect(await restore(bundle, home, env)).toBe('stored');
  return home;
}

/** The first job: signs in, and writes the grant back to the file. */
async function signIn(server: AuthorizationServer, file: string): Promise<void> {
  const home = temporaryFolder();
  await setUpAcme(server, home, env);
  await connectAcme(home, env, '--write-back', file);
}

test('from home to home by a file; an old one is told apart', async () => {
  const server = await startAuthorizationServer({ firstExpiresIn: 60 });
  const cache = temporaryFolder();
  const [first, second] = [join(cache, 'first.json'), join(cache, 'second.json')];
  await signIn(server, first);
  expect(statSync(first).mode & 0o777).toBe(0o600);

  const next = await job(server, first);
  expect(await mustSucceed(['token', 'acme', '--write-back', second], next, { env })).toBe(
    `${server.accessTokens[1]}\n`,
  );
  const last = await job(server, second);
  expect(await mustSucceed(['token', 'acme'], last, { env })).toBe(`${server.accessTokens[1]}\n`);
  for (const file of [first, second])
    for (const secret of server.secrets) expect(readFileSync(file, 'utf8')).not.toContain(secret);

  const late = await job(server, first);
  const old = await oauthctl(['token', 'acme', '--write-back', join(cache, 'third.json')], late, { env });
  expect(old.exit).toBe(4);
  expect(old.stderr).toContain('from a bundle, which was most likely an older one');
});

test('without a receiver nothing is spent; a program reads what comes, and sees no key', async () => {
  const server = await startAuthorizationServer({ firstExpiresIn: 60 });
  const cache = temporaryFolder();
  const [first, second, third] = ['first.json', 'second.json', 'third.json'].map((name) => join(cache, name));
  await signIn(server, String(first));
  const home = await job(server, String(first));
  await mustSucceed(['token', 'acme', '--write-back', String(second)], home, { env });
  const refused = await oauthctl(['refresh', 'acme', '--json'], home, { env });
  expect([refused.exit, server.refreshes()]).toEqual([7, 1]);
  expect(JSON.parse(refused.stdout).data.results).toMatchObject([
    { outcome: 'failed', problem: { code: 'store_unavailable' } },
  ]);

  const receiver = join(cache, 'receive.mjs');
  writeFileSync(
    receiver,
    `import { readFileSync, writeFileSync } from 'node:fs';
    writeFileSync(process.argv[2], readFileSync(0));
    writeFileSync(process.argv[2] + '.env', JSON.stringify(process.env));`,
  );
  const command = `command:'${process.execPath}' '${receiver}' '${third}'`;
  await mustSucceed(['refresh', 'acme'], home, { env: { ...env, OAUTHCTL_WRITE_BACK: command } });
  const seen = JSON.parse(readFileSync(`${third}.env`, 'utf8'));
  expect([seen.OAUTHCTL_WRITE_BACK_NAME, seen.OAUTHCTL_KEY]).toEqual(['acme', undefined]);
  const last = await job(server, String(third));
  expect(await mustSucceed(['token', 'acme'], last, { env })).toBe(`${server.accessTokens[2]}\n`);
});

test('a program that fails leaves the token here, says so, and gets it by the next call', async () => {
  const server = await startAuthorizationServer();
  const home = temporaryFolder();
  await setUpAcme(server, home, env);
  await connectAcme(home, env);
  const failed = await oauthctl(['refresh', 'acme', '--write-back', 'command:false'], home, { env });
  expect([failed.exit, server.refreshes()]).toEqual([7, 1]);
  expect(failed.stderr).toContain('rests on this machine only');
  const file = join(home, 'given.json');
  await mustSucceed(['token', 'acme', '--write-back', file], home, { env });
  expect(server.refreshes()).toBe(1);
  expect(JSON.parse(readFileSync(file, 'utf8')).connection.name).toBe('acme');
});
