// Handing an address to a browser: one argument, no shell, only addresses that are ours or https; and when not to try.
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Env } from '../../src/model/ports.ts';
import { createEnv } from '../../src/system/env.ts';
import { createRealUserAgent } from '../../src/system/real-user-agent.ts';
import { createUserAgent, type UserAgentDeps } from '../../src/system/user-agent.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A browser that writes down its arguments, NUL between them, then does `rest`. */
function scribe(rest = '', name = 'browser') {
  const folder = temporaryFolder();
  const program = join(folder, name);
  const notes = join(folder, 'notes');
  writeFileSync(program, `#!/bin/sh\nprintf '%s\\0' "$@" >'${notes}.new'\nmv '${notes}.new' '${notes}'\n${rest}\n`);
  chmodSync(program, 0o755);
  const got = () => (existsSync(notes) ? readFileSync(notes, 'utf8').split('\0').slice(0, -1) : undefined);
  return { program, got };
}

const envOf = (variables: Record<string, string>): Env => createEnv(variables, 'linux');

test('BROWSER gets the address as its one argument, with all that a shell would take for its own', async () => {
  const { program, got } = scribe();
  const url = "https://x.example/it's?a=1&b=$(id)&c=`id`;%20|d=*";
  expect(await createRealUserAgent(envOf({ BROWSER: program })).open(url)).toBe(true);
  expect(got()).toEqual([new URL(url).href]);
  expect(got()?.[0]).toContain("/it's?a=1&b=$(id)&c=`id`;");
});

test('BROWSER is one program, spaces and all: nothing in it is an option', async () => {
  const { program, got } = scribe('', 'my browser --new');
  expect(await createRealUserAgent(envOf({ BROWSER: program })).open('https://x.example/')).toBe(true);
  expect(got()).toEqual(['https://x.example/']);
});

test.each([
  'javascript:alert(1)',
  'java\nscript:alert(1)',
  'file:///etc/passwd',
  'http://x.example/',
  'http://127.0.0.1.x.example/',
  'http://0.0.0.0:1/',
  'http://10.0.0.1/',
  'data:text/html,hello',
  'vscode://x',
  '--help',
  'x.example',
  '',
])('%j reaches no opener', async (url) => {
  const { program, got } = scribe();
  expect(await createRealUserAgent(envOf({ BROWSER: program })).open(url)).toBe(false);
  expect(got()).toBeUndefined();
});

test.each(['http://127.0.0.1:8080/a?b=c', 'http://localhost:1/', 'http://[::1]:8080/', 'https://x.example/'])(
  '%s does',
  async (url) => {
    const { program, got } = scribe();
    expect(await createRealUserAgent(envOf({ BROWSER: program })).open(url)).toBe(true);
    expect(got()).toEqual([url]);
  },
);

test('an opener that fails, or is not there, opened nothing', async () => {
  const failing = scribe('exit 3');
  expect(await createRealUserAgent(envOf({ BROWSER: failing.program })).open('https://x.example/')).toBe(false);
  expect(failing.got()).toBeDefined();
  expect(await createRealUserAgent(envOf({ BROWSER: '/none/browser' })).open('https://x.example/')).toBe(false);
});

test('BROWSER=none starts nothing', async () => {
  let started = 0;
  const start = () => {
    started++;
    return spawn('true');
  };
  const agent = agentOn({ env: envOf({ BROWSER: 'none' }), start, startUsual: async () => start() });
  expect([await agent.open('https://x.example/'), started]).toEqual([false, 0]);
});

test('an opener that still runs is the browser itself', async () => {
  const program = scribe('exec tail -f /dev/null').program;
  let pid = 0;
  const agent = agentOn({
    env: envOf({ BROWSER: program }),
    graceMs: 50,
    start: (name, argument) => {
      const child = spawn(name, [argument], { stdio: 'ignore' });
      pid = child.pid ?? 0;
      return child;
    },
  });
  expect(await agent.open('https://x.example/')).toBe(true);
  process.kill(pid, 'SIGKILL');
});

test("without BROWSER the platform's opener is used, and its failure is seen", async () => {
  const opened: string[] = [];
  const run = (exit: number) => async (url: string) => {
    opened.push(url);
    return spawn('sh', ['-c', `exit ${exit}`], { stdio: 'ignore' });
  };
  expect(await agentOn({ startUsual: run(0) }).open('https://x.example/?a&b')).toBe(true);
  expect(await agentOn({ startUsual: run(3) }).open('https://x.example/')).toBe(false);
  expect(await agentOn({ startUsual: () => Promise.reject(new Error('ENOENT')) }).open('https://x.example/')).toBe(
    false,
  );
  expect(await agentOn({ startUsual: run(0) }).open('file:///etc/passwd')).toBe(false);
  expect(opened).toEqual(['https://x.example/?a&b', 'https://x.example/']);
});

test('the address that is printed is the address', async () => {
  expect(await agentOn({}).address('https://x.example/')).toBe('https://x.example/');
});

/** A machine without anything but what a test gives it. */
function agentOn(deps: Partial<UserAgentDeps>) {
  return createUserAgent({
    env: envOf({}),
    kernel: '6.1.0-generic',
    exists: async () => false,
    start: () => spawn('false'),
    startUsual: () => Promise.reject(new Error('none')),
    graceMs: 1000,
    ...deps,
  });
}

describe('detect', () => {
  const desk = { DISPLAY: ':0', PATH: '/bin:/usr/bin' };
  const having =
    (...paths: string[]) =>
    async (path: string) =>
      paths.includes(path);
  const interop = '/proc/sys/fs/binfmt_misc/WSLInterop';
  const wsl = { kernel: '5.15.1-microsoft-standard-WSL2' };
  const opener = '/usr/bin/xdg-open';

  test.each([
    ['a desk', desk, { exists: having(opener) }],
    ['Wayland', { WAYLAND_DISPLAY: 'wayland-0', PATH: '/usr/bin' }, { exists: having(opener) }],
    ['BROWSER over SSH', { BROWSER: '/usr/bin/b', SSH_TTY: '/dev/pts/0' }, {}],
    ['WSL beside Windows', {}, { ...wsl, exists: having(interop) }],
    ['WSL with a screen of its own', { DISPLAY: ':0' }, wsl],
    ['a container with a screen', desk, { exists: having('/run/.containerenv', opener) }],
  ])('%s has a browser', async (_, variables, deps) => {
    expect(await agentOn({ env: envOf(variables), ...deps }).detect()).toEqual({ available: true });
  });

  test.each([
    ['BROWSER is none', { ...desk, BROWSER: 'none' }, { exists: having(opener) }],
    ['over SSH', { ...desk, SSH_CONNECTION: '1.2.3.4 5 6.7.8.9 22' }, { exists: having(opener) }],
    ['in a container', { PATH: '/usr/bin' }, { exists: having('/.dockerenv') }],
    ['in a container', { container: 'podman' }, {}],
    ['in a container', { KUBERNETES_SERVICE_HOST: '10.0.0.1' }, wsl],
    ['in WSL without a browser', {}, wsl],
    ['no screen: DISPLAY is not set', { PATH: '/usr/bin' }, { exists: having(opener) }],
    ['xdg-open is not installed', desk, {}],
  ])('none: %s', async (why, variables, deps) => {
    expect(await agentOn({ env: envOf(variables), ...deps }).detect()).toEqual({ available: false, why });
  });

  test('Windows and macOS have one, but for SSH', async () => {
    for (const platform of ['win32', 'darwin'] as const) {
      expect(await agentOn({ env: createEnv({}, platform) }).detect()).toEqual({ available: true });
      expect(await agentOn({ env: createEnv({ SSH_CLIENT: 'x' }, platform) }).detect()).toMatchObject({
        available: false,
      });
    }
  });
});
