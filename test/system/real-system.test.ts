// The real system in a process of its own: streams, pipes, children's environments, signals, and what it does not load.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { bundle } from './bundle.ts';
import { temporaryFolder } from './temporary-folder.ts';

const { probe } = await bundle({ probe: 'test/system/real-system-probe.ts' });
const path = process.env.PATH ?? '';

function start(act: string, argument = '', env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [probe, act, argument], { env: { PATH: path, HOME: '/root', ...env } });
  onTestFinished(() => void child.kill('SIGKILL'));
  const printed = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    printed.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    printed.stderr += chunk;
  });
  const ended = once(child, 'close').then(([exit, signal]) => ({ exit, signal, ...printed }));
  return { child, ended };
}

const says = async (child: ChildProcess, text: string) => {
  for await (const chunk of child.stderr ?? []) if (String(chunk).includes(text)) return;
};

test('standard input is read to its end and written as it was', async () => {
  const { child, ended } = start('echo');
  child.stdin.end('{"größe":1}\n');
  expect(await ended).toEqual({ exit: 0, signal: null, stdout: '{"größe":1}\n', stderr: '' });
});

test.each([
  ['more than 1 MiB', Buffer.alloc(1024 * 1024 + 1, 'x')],
  ['what is not text', Buffer.from([0xff, 0xfe, 0x00])],
])('%s on standard input is refused', async (_, bytes) => {
  const { child, ended } = start('echo');
  child.stdin.on('error', () => {});
  child.stdin.end(bytes);
  expect(await ended).toMatchObject({ exit: 1, stdout: '', stderr: 'invalid_value' });
});

test.each(['many', 'nonblocking'])('a long answer arrives whole (%s)', async (act) => {
  const { stdout, stderr, exit } = await start(act, '5').ended;
  expect([stdout.length, stdout.endsWith('xend\n'), stderr, exit]).toEqual([5 * 1024 * 1024 + 4, true, 'done', 0]);
});

test.each(['many', 'nonblocking'])('a reader that leaves early is no error (%s)', async (act) => {
  const { child, ended } = start(act, '5');
  child.stdout.once('data', () => child.stdout.destroy());
  expect(await ended).toMatchObject({ exit: 0, signal: null, stderr: 'done' });
});

test('a full disk behind the answer is a failure', async () => {
  const child = spawn('sh', ['-c', `"${process.execPath}" "${probe}" many 1 >/dev/full`], { env: { PATH: path } });
  const [exit] = await once(child, 'close');
  expect(exit).toBe(1);
});

test('pipes are no terminals: nothing is asked, and secrets are read all the same', async () => {
  const { stdout } = await start('facts', '', { OAUTHCTL_KEY: 'k' }).ended;
  expect(JSON.parse(stdout)).toEqual({
    outIsTerminal: false,
    errIsTerminal: false,
    inIsTerminal: false,
    columns: 80,
    interactive: false,
    key: 'k',
  });
});

test('in a terminal: it is one, as wide as it is', async () => {
  const command = `stty cols 101 rows 20; "${process.execPath}" "${probe}" facts`;
  const child = spawn('script', ['-qec', command, '/dev/null'], { env: { PATH: path, HOME: '/root' } });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  await once(child, 'close');
  expect(JSON.parse(text)).toMatchObject({ outIsTerminal: true, inIsTerminal: true, columns: 101, interactive: true });
});

test('what is read in the hot path loads no HTTP, no sockets, no terminal, no children', async () => {
  const { stdout } = await start('hot', '/none').ended;
  const loaded = JSON.parse(stdout) as string[];
  const heavy = ['http', 'https', 'net', 'tls', 'tty', 'child_process', 'crypto', 'readline', 'dns', 'zlib'];
  expect(loaded.filter((name) => heavy.some((module) => name === `NativeModule ${module}`))).toEqual([]);
  expect(loaded).toContain('NativeModule fs');
});

test.each(['read', 'read fast'])('a file of ours that was open to others is warned about (%s)', async (act) => {
  const file = join(temporaryFolder(), 'record');
  writeFileSync(file, 'content');
  chmodSync(file, 0o644);
  const warning = `warning: ${file} was open to other users and no longer is\n`;
  expect(await start(act, file).ended).toMatchObject({ stdout: 'content', stderr: warning });
  expect(await start(act, file).ended).toMatchObject({ stdout: 'content', stderr: '' });
});

/** A program that writes its environment and its arguments down, under that name in a folder of its own. */
function scribe(name: string) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, name), `#!/bin/sh\nenv >"${folder}/env"\nprintf '%s|' "$@" >"${folder}/args"\n`);
  chmodSync(join(folder, name), 0o755);
  return { folder, program: join(folder, name), read: (file: string) => readFileSync(join(folder, file), 'utf8') };
}

const secrets = {
  OAUTHCTL_KEY: 'canary',
  OAUTHCTL_KEY_FILE: 'canary',
  OAUTHCTL_PASSPHRASE_FILE: 'canary',
  OAUTHCTL_GMAIL_CLIENT_SECRET: 'canary',
  OAUTHCTL_GMAIL_CLIENT_SECRET_FILE: 'canary',
};
const url = 'https://x.example/?a=1&b=$(id)';

test('BROWSER and the usual opener get the address alone, and no secret in their environment', async () => {
  const named = scribe('browser');
  const usual = scribe('xdg-open');
  const runs = [
    { opener: named, env: { BROWSER: named.program } },
    { opener: usual, env: { PATH: `${usual.folder}:${path}` } },
  ];
  for (const { opener, env } of runs) {
    expect(await start('open', url, { ...secrets, ...env }).ended).toMatchObject({ stdout: 'true', stderr: '' });
    expect(opener.read('args')).toBe(`${url}|`);
    expect(opener.read('env')).toContain('HOME=');
    expect(opener.read('env')).not.toContain('canary');
  }
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s ends a wait, and the process ends by itself',
  async (signal) => {
    const { child, ended } = start('wait');
    await says(child, 'ready');
    child.kill(signal);
    expect(await ended).toMatchObject({ exit: 0, stdout: 'interrupted' });
  },
);

test('an interruption ends an exchange that hangs', async () => {
  const server = createServer(() => child.kill('SIGINT'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { child, ended } = start('fetch', `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  expect(await ended).toMatchObject({ exit: 1, stdout: '', stderr: 'cancelled' });
});
