// The keychain port against a real gnome-keyring in every state that a person's machine may have it in.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Secret } from '../../src/model/secret.ts';
import { createKeychain } from '../../src/system/keychain.ts';
import { childRuns, childrenRunning } from '../support/child-processes.ts';
import { startBareBus, startKeyring } from '../support/keyring-session.ts';
import { bundle } from './bundle.ts';
import { temporaryFolder } from './temporary-folder.ts';

const programs = await bundle({
  child: 'src/system/keychain-child.ts',
  direct: 'test/system/direct-keychain-probe.ts',
});

const account = 'seal-key/4f2a';
const key = 'c2VjcmV0LWtleS1vZi0zMi1ieXRlcy0uLi4uLi4uLi4=';

function keychainIn(variables: Readonly<Record<string, string>>, deadlineMs = 20_000) {
  return createKeychain({ childPath: programs.child, platform: 'linux', deadlineMs, variables });
}

test('an item is absent, stored, read, replaced, removed', async () => {
  const keychain = keychainIn((await startKeyring()).env);
  expect(await keychain.get(account)).toEqual({ ok: true, value: undefined });
  expect(await keychain.remove(account)).toEqual({ ok: true, value: false });
  expect(await keychain.set(account, new Secret(key))).toEqual({ ok: true, value: undefined });
  expect(await keychain.set('seal-key/other', new Secret('other'))).toMatchObject({ ok: true });
  const read = await keychain.get(account);
  expect(read.ok && read.value?.reveal()).toBe(key);
  await keychain.set(account, new Secret('ünïcode "\n'));
  const again = await keychain.get(account);
  expect(again.ok && again.value?.reveal()).toBe('ünïcode "\n');
  expect(await keychain.remove(account)).toEqual({ ok: true, value: true });
  expect(await keychain.get(account)).toEqual({ ok: true, value: undefined });
});

test('other programs find the item by service and account', async () => {
  const session = await startKeyring();
  await keychainIn(session.env).set(account, new Secret(key));
  expect(session.run('secret-tool', 'lookup', 'service', 'oauthctl', 'username', account)).toBe(key);
});

test('an empty item is there, and empty', async () => {
  const keychain = keychainIn((await startKeyring()).env);
  await keychain.set(account, new Secret(''));
  const read = await keychain.get(account);
  expect(read.ok && read.value?.reveal()).toBe('');
});

test('an item as large as they get comes back whole', async () => {
  const keychain = keychainIn((await startKeyring()).env);
  const text = 'x'.repeat(keychain.largestItem);
  expect(await keychain.set(account, new Secret(text))).toMatchObject({ ok: true });
  const read = await keychain.get(account);
  expect(read.ok && read.value?.reveal()).toBe(text);
});

test('two items that fit are ambiguous: neither is taken', async () => {
  const session = await startKeyring();
  const keychain = keychainIn(session.env);
  await keychain.set(account, new Secret(key));
  const store = `printf x | secret-tool store --label=another service oauthctl username ${account} more yes`;
  session.run('sh', '-c', store);
  expect(await keychain.get(account)).toMatchObject({ ok: false, why: 'ambiguous' });
  expect(await keychain.set(account, new Secret(key))).toMatchObject({ ok: false, why: 'ambiguous' });
  expect(await keychain.remove(account)).toMatchObject({ ok: false, why: 'ambiguous' });
});

test('a locked keyring without a screen is locked, for every operation, and works again when unlocked', async () => {
  const session = await startKeyring();
  const keychain = keychainIn(session.env);
  await keychain.set(account, new Secret(key));
  session.lock();
  expect(await keychain.get(account)).toMatchObject({ ok: false, why: 'locked' });
  expect(await keychain.set(account, new Secret('x'))).toMatchObject({ ok: false, why: 'locked' });
  expect(await keychain.remove(account)).toMatchObject({ ok: false, why: 'locked' });
  await session.unlock();
  const read = await keychain.get(account);
  expect(read.ok && read.value?.reveal()).toBe(key);
});

test('an unlock dialog that nobody answers is waited for until the deadline; answered, the key comes', async () => {
  const session = await startKeyring();
  await keychainIn(session.env).set(account, new Secret(key));
  const display = await session.openScreen();
  session.lock();
  let waited = 0;
  const unanswered = await keychainIn(session.env, 2500).get(account, () => void waited++);
  expect([unanswered, waited]).toMatchObject([
    { ok: false, why: 'timed_out', detail: expect.stringContaining('2.5 s') },
    1,
  ]);

  const answered = keychainIn(session.env).get(account);
  // The dialog of the killed attempt is still there and is the one that is answered.
  const xdotool = (...args: string[]) => session.run('env', `DISPLAY=${display}`, 'xdotool', ...args);
  xdotool('search', '--sync', '--onlyvisible', '--class', 'gcr-prompter');
  xdotool('type', session.env.KEYRING_PW ?? '');
  xdotool('key', 'Return');
  const read = await answered;
  expect(read.ok && read.value?.reveal()).toBe(key);
});

test('a stalled daemon is not responding, and is no absence', async () => {
  const session = await startKeyring();
  const keychain = keychainIn(session.env);
  await keychain.set(account, new Secret(key));
  session.stall();
  expect(await keychain.get(account)).toMatchObject({ ok: false, why: 'not_responding' });
  expect(await keychainIn(session.env, 500).get(account)).toMatchObject({ ok: false, why: 'timed_out' });
  session.resume();
  expect(await keychain.get(account)).toMatchObject({ ok: true, value: expect.any(Secret) });
});

test('a machine that is slow to start the child is not taken for a slow keychain', async () => {
  const reply = JSON.stringify({ ok: true, value: key });
  const childPath = join(temporaryFolder(), 'child.cjs');
  const ask = (startMs: number, program: string) => {
    writeFileSync(childPath, `process.stdin.resume(); ${program}`);
    return createKeychain({ childPath, platform: 'linux', deadlineMs: 1, startMs, variables: {} }).get(account);
  };
  // No program starts within a millisecond.
  const read = await ask(20_000, `process.stdout.write(${JSON.stringify(`\n${reply}\n`)});`);
  expect(read.ok && read.value?.reveal()).toBe(key);
  expect(await ask(20_000, `process.stdout.write('\\n');`)).toMatchObject({ ok: false, why: 'timed_out' });
  expect(await ask(1, '')).toMatchObject({
    ok: false,
    why: 'failed',
    detail: expect.stringContaining('not even asked'),
  });
});

test('a daemon that is killed during a write leaves its outcome open; the next one is locked', async () => {
  const session = await startKeyring();
  const keychain = keychainIn(session.env);
  await keychain.set(account, new Secret(key));
  session.stall();
  const write = keychain.set(account, new Secret('new'));
  await childRuns(programs.child);
  session.kill();
  expect(await write).toMatchObject({ ok: false, why: expect.stringMatching(/^(not_responding|locked)$/) });
  expect(await keychain.get(account)).toMatchObject({ ok: false, why: 'locked' });
  await session.unlock();
  expect(await keychain.get(account)).toMatchObject({ ok: true, value: expect.any(Secret) });
});

test('a daemon without a keyring has nothing, and takes nothing', async () => {
  const keychain = keychainIn((await startKeyring({ password: '' })).env);
  expect(await keychain.get(account)).toEqual({ ok: true, value: undefined });
  expect(await keychain.set(account, new Secret(key))).toMatchObject({ ok: false, why: 'no_default_collection' });
});

test('a bus without a keyring is unavailable', async () => {
  const keychain = keychainIn((await startBareBus()).env);
  expect(await keychain.get(account)).toMatchObject({ ok: false, why: 'unavailable' });
  expect(await keychain.set(account, new Secret(key))).toMatchObject({ ok: false, why: 'unavailable' });
});

test('no bus at all is unavailable: nothing is put into the kernel keyring instead', async () => {
  const keychain = keychainIn({ PATH: process.env.PATH ?? '' });
  expect(await keychain.set(account, new Secret(key))).toMatchObject({ ok: false, why: 'unavailable' });
  expect(await keychain.get(account)).toMatchObject({ ok: false, why: 'unavailable' });
});

test('the child is told no secret by arguments or environment, and is gone after an interruption', async () => {
  const session = await startKeyring();
  const stop = new AbortController();
  const variables = { ...session.env, OAUTHCTL_KEY: key, OAUTHCTL_ACME_CLIENT_SECRET: key };
  const options = { childPath: programs.child, platform: 'linux', deadlineMs: 20_000, variables } as const;
  session.stall();
  const asked = createKeychain({ ...options, cutsShort: () => stop.signal }).set(account, new Secret(key));
  const outcome = expect(asked).rejects.toMatchObject({ code: 'cancelled' });
  const pid = await childRuns(programs.child);
  const shown = ['cmdline', 'environ'].map((file) => readFileSync(`/proc/${pid}/${file}`, 'utf8')).join();
  expect(shown).toContain('DBUS_SESSION_BUS_ADDRESS');
  expect(shown).not.toContain(key);
  stop.abort();
  await outcome;
  while (childrenRunning(programs.child).length > 0) await new Promise((resolve) => setImmediate(resolve));
});

test('the child ends when its parent is gone', async () => {
  const session = await startKeyring();
  session.stall();
  const child = spawn(process.execPath, [programs.child], {
    env: { ...session.env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  child.stdin.end(`${JSON.stringify({ act: 'get', account })}\n`);
  expect(await ended).toEqual([null, 'SIGKILL']);
});

interface Ended {
  readonly exit: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function readDirectly(env: Readonly<Record<string, string>>, deadlineMs: number): Promise<Ended> {
  const child = spawn(process.execPath, [programs.direct, account, String(deadlineMs)], { env: { ...env } });
  onTestFinished(() => void child.kill('SIGKILL'));
  const printed = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    printed.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    printed.stderr += chunk;
  });
  const [exit, signal] = await once(child, 'close');
  return { exit, signal, ...printed };
}

test('read directly: the same answers, and a hang ends the process with the message on stderr', async () => {
  const session = await startKeyring();
  expect((await readDirectly(session.env, 20_000)).stdout).toBe('absent');
  await keychainIn(session.env).set(account, new Secret(key));
  expect(await readDirectly(session.env, 20_000)).toMatchObject({ exit: 0, stdout: key, stderr: '' });
  await session.openScreen();
  session.lock();
  const hung = await readDirectly(session.env, 1500);
  expect(hung).toMatchObject({ stdout: '', stderr: 'waiting\nno answer\n' });
  const canReplaceItself = 'execve' in process;
  expect([hung.exit, hung.signal]).toEqual(canReplaceItself ? [7, null] : [null, 'SIGKILL']);
});

test('read directly: locked, and nobody there', async () => {
  const session = await startKeyring();
  await keychainIn(session.env).set(account, new Secret(key));
  session.lock();
  expect((await readDirectly(session.env, 20_000)).stdout).toBe('locked');
  expect((await readDirectly({ PATH: process.env.PATH ?? '' }, 20_000)).stdout).toBe('unavailable');
});

test('a package without its native part is unavailable', async () => {
  const empty = execFileSync('mktemp', ['-d'], { encoding: 'utf8' }).trim();
  onTestFinished(() => void execFileSync('rm', ['-r', empty]));
  execFileSync('cp', ['-r', `${programs.child.slice(0, programs.child.lastIndexOf('/'))}/.`, empty]);
  const keychain = createKeychain({
    childPath: `${empty}/child.cjs`,
    platform: 'linux',
    deadlineMs: 20_000,
    variables: { PATH: process.env.PATH ?? '' },
  });
  expect(await keychain.get(account)).toMatchObject({ ok: false, why: 'unavailable' });
});
