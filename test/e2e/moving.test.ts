// Two homes, each with a key of its own, as two machines: a grant is moved, adopted, and handed to CI by the real program.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { connectAcme, setUpAcme } from './support/acme.ts';
import {
  type AuthorizationServer,
  clientId,
  clientSecret,
  startAuthorizationServer,
} from './support/authorization-server.ts';
import { mustSucceed, oauthctl, temporaryFolder } from './support/run.ts';

interface Machine {
  readonly home: string;
  readonly env: Record<string, string>;
}

const machine = (): Machine => ({
  home: temporaryFolder(),
  env: { OAUTHCTL_KEY: randomBytes(32).toString('base64') },
});

/** A machine where `acme` is connected, and one that is empty. */
async function twoMachines(): Promise<{ server: AuthorizationServer; laptop: Machine; other: Machine }> {
  const server = await startAuthorizationServer();
  const laptop = machine();
  await setUpAcme(server, laptop.home, laptop.env);
  await connectAcme(laptop.home, laptop.env);
  return { server, laptop, other: machine() };
}

/** Fails when a secret is seen. */
async function quietly(server: AuthorizationServer, { home, env }: Machine, ...args: string[]): Promise<string> {
  const { exit, stdout, stderr } = await oauthctl([...args, '--verbose'], home, { env });
  expect({ args, exit, stderr: exit === 0 ? '' : stderr }).toEqual({ args, exit: 0, stderr: '' });
  for (const secret of server.secrets) expect((stdout + stderr).includes(secret), args.join(' ')).toBe(false);
  return stdout;
}

test('a CI job holds its own key: moved there, a grant works there and is gone here', async () => {
  const { server, laptop, other } = await twoMachines();
  const publicKey = await quietly(server, other, 'key', 'new-recipient', '--out', 'ci.key');
  expect(statSync(join(other.home, 'ci.key')).mode & 0o777).toBe(0o600);
  expect(publicKey).not.toContain(JSON.parse(readFileSync(join(other.home, 'ci.key'), 'utf8')).d);
  await quietly(server, laptop, 'export', 'acme', '--recipient', publicKey, '--out', 'acme.jwe', '--move', '--yes');
  const file = join(laptop.home, 'acme.jwe');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  for (const secret of server.secrets) expect(readFileSync(file, 'utf8')).not.toContain(secret);
  expect(await mustSucceed(['list'], laptop.home, { env: laptop.env })).toBe('');

  copyFileSync(file, join(other.home, 'acme.jwe'));
  const job = { ...other, env: { ...other.env, OAUTHCTL_IDENTITY_FILE: 'ci.key', OAUTHCTL_NO_INPUT: '1' } };
  expect(await quietly(server, job, 'import', 'acme.jwe', '--yes')).toContain('stored\taccepted');
  expect(await mustSucceed(['token', 'acme'], job.home, job)).toBe(`${server.accessTokens[0]}\n`);
  await quietly(server, job, 'refresh', 'acme');
  expect(await mustSucceed(['token', 'acme'], job.home, job)).toBe(`${server.accessTokens[1]}\n`);
  expect(server.refreshes()).toBe(1);
});

test('with a passphrase from a file, through a pipe; another one opens nothing', async () => {
  const { server, laptop, other } = await twoMachines();
  for (const { home } of [laptop, other])
    writeFileSync(join(home, 'words'), 'correct horse battery\n', { mode: 0o600 });
  writeFileSync(join(other.home, 'wrong'), 'wrong horse battery\n', { mode: 0o600 });
  const args = ['export', '--all', '--passphrase-file', 'words', '--out', '-'];
  const sealed = await mustSucceed(args, laptop.home, { env: laptop.env });
  const take = (words: string) =>
    oauthctl(['import', '-', '--passphrase-file', words, '--yes'], other.home, { env: other.env, input: sealed });
  expect(await take('wrong')).toMatchObject({ exit: 7, stdout: '' });
  expect(existsSync(join(other.home, '.local'))).toBe(false);
  expect(await take('words')).toMatchObject({ exit: 0 });
  expect(await mustSucceed(['token', 'acme'], other.home, { env: other.env })).toBe(`${server.accessTokens[0]}\n`);
});

/** As the runner reads it: https://github.com/actions/runner/blob/main/src/Runner.Worker/FileCommandManager.cs */
function runnerReads(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const [, name, delimiter] = /^([^=]+?)<<(.+)$/.exec(lines[at] ?? '') ?? [];
    if (name === undefined || delimiter === undefined) continue;
    const end = lines.indexOf(delimiter, at + 1);
    values[name] = lines.slice(at + 1, end).join('\n');
    at = end;
  }
  return values;
}

test('a job of GitHub and a shell read what was written for them', async () => {
  const { server, laptop } = await twoMachines();
  const [token = ''] = server.accessTokens;
  const job = join(laptop.home, 'github.env');
  writeFileSync(job, 'EARLIER=1\n', { mode: 0o644 });
  const env = { ...laptop.env, GITHUB_ENV: job };
  const [mask, ...more] = (await mustSucceed(['export', 'acme', '--to', 'github-actions'], laptop.home, { env })).split(
    '\n',
  );
  expect(mask).toBe(`::add-mask::${token}`);
  expect(more.join('\n')).not.toContain(token);
  const written = readFileSync(job, 'utf8');
  expect(written.startsWith('EARLIER=1\n')).toBe(true);
  expect(runnerReads(written)).toMatchObject({ OAUTHCTL_TOKEN: token, ACME_ACCESS_TOKEN: token });

  await mustSucceed(['export', 'acme', '--to', 'dotenv', '--out', 'my.env'], laptop.home, { env });
  expect(statSync(join(laptop.home, 'my.env')).mode & 0o777).toBe(0o600);
  const shell = spawnSync('sh', ['-c', '. ./my.env; printf %s "$ACME_ACCESS_TOKEN"'], { cwd: laptop.home });
  expect(shell.stdout.toString()).toBe(token);
});

test('a plain file is adopted, its token refreshed from the store, and the file is gone', async () => {
  const { server, laptop, other } = await twoMachines();
  await mustSucceed(['revoke', 'acme', '--local-only', '--yes'], laptop.home, { env: laptop.env });
  await setUpAcme(server, other.home, other.env);
  const refresh = [...server.secrets].findLast((secret) => secret.startsWith('refresh-'));
  const path = join(other.home, 'token.json');
  const content = {
    access_token: 'gone',
    refresh_token: refresh,
    client_id: clientId,
    client_secret: clientSecret,
    scope: 'read',
  };
  writeFileSync(path, JSON.stringify({ ...content, expiry: '2020-01-01T00:00:00Z' }), { mode: 0o600 });
  const stdout = await quietly(
    server,
    other,
    'import',
    '--from',
    'token.json',
    '--provider',
    'acme',
    '--remove-file',
    '--json',
  );
  expect(JSON.parse(stdout).data).toMatchObject({
    results: [{ name: 'acme', outcome: 'stored', checked: 'accepted' }],
    plain_file: { removed: true },
  });
  expect(existsSync(path)).toBe(false);
  expect(await mustSucceed(['token', 'acme'], other.home, { env: other.env })).toBe(`${server.accessTokens[1]}\n`);
  expect(server.refreshes()).toBe(1);
});
