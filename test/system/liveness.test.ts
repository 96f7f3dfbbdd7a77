// Whether another process still runs: the real Linux way on real processes, the other platforms by what their tools print.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import type { ProcessIdentity } from '../../src/model/ports.ts';
import { createLiveness, type LivenessDeps } from '../../src/system/liveness.ts';
import { createRealLiveness } from '../../src/system/real-liveness.ts';

const machineId = '0123456789abcdef0123456789abcdef';

/** `/proc/PID/stat` of a process that started at that tick. */
function stat(start: number, state = 'S', comm = 'node'): string {
  return `42 (${comm}) ${state} 1 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 11 0 ${start} 1000 200 18446744073709551615\n`;
}

function onLinux(files: Record<string, string>, deps: Partial<LivenessDeps> = {}) {
  const all: Record<string, string> = {
    '/etc/machine-id': `${machineId}\n`,
    '/proc/sys/kernel/random/boot_id': 'boot-1\n',
    '/proc/self/ns/pid': 'pid:[4026531836]',
    '/proc/42/stat': stat(500),
    ...files,
  };
  const read = async (path: string) => all[path];
  return createLiveness({
    platform: 'linux',
    pid: 42,
    startedAt: 1_000_000,
    hostname: () => 'a-host',
    readText: read,
    readLink: read,
    systemRoot: 'C:\\Windows',
    run: async () => undefined,
    exists: () => true,
    ...deps,
  });
}

test('Linux: this process knows itself, and the machine id does not show', async () => {
  const self = await onLinux({}).self();
  expect(self).toEqual({
    host: expect.stringMatching(/^[0-9a-f]{32}$/),
    boot: 'boot-1',
    space: 'pid:[4026531836]',
    pid: 42,
    start: '500',
  });
  expect(self.host).not.toBe(machineId);
});

test.each(['uninitialized\n', '', 'x'])(
  'Linux: a machine id that is none (%j) is replaced by the host name',
  async (id) => {
    expect((await onLinux({ '/etc/machine-id': id }).self()).host).toBe('a-host');
  },
);

test('Linux: brackets and spaces in the name of a program mislead nobody', async () => {
  expect((await onLinux({ '/proc/42/stat': stat(7, 'R', 'a) S 1 (b') }).self()).start).toBe('7');
});

const other = async (change: Partial<ProcessIdentity>) => ({
  ...(await onLinux({}).self()),
  pid: 77,
  start: '900',
  ...change,
});

test.each([
  ['still runs', {}, stat(900), 'alive'],
  ['has ended, and its pid is used again', {}, stat(901), 'dead'],
  ['is a zombie', {}, stat(900, 'Z'), 'dead'],
  ['ran before the last boot', { boot: 'boot-0' }, stat(900), 'dead'],
  ['runs on another host', { host: 'b-host' }, stat(900), 'elsewhere'],
  ['runs in another pid namespace', { space: 'pid:[4026532000]' }, stat(900), 'elsewhere'],
  ['did not know its start', { start: '' }, stat(900), 'alive'],
] as const)('Linux: a process that %s', async (_, change, text, verdict) => {
  expect(await onLinux({ '/proc/77/stat': text }).judge(await other(change))).toBe(verdict);
});

test('Linux: one that cannot be seen is dead only when the system knows no such pid', async () => {
  expect(await onLinux({}, { exists: () => false }).judge(await other({}))).toBe('dead');
  expect(await onLinux({}, { exists: () => true }).judge(await other({}))).toBe('alive');
});

test('Linux: in a container another boot may be another host of the same image', async () => {
  const space = 'pid:[4026532000]';
  const inside = onLinux({ '/proc/self/ns/pid': space });
  expect(await inside.judge(await other({ boot: 'boot-0', space }))).toBe('elsewhere');
});

test('macOS: by ps, in one language and zone', async () => {
  const started: Record<string, string> = { '42': 'Wed Nov 25 01:00:00 2026', '77': 'Wed Nov 25 02:00:00 2026' };
  const run = async (program: string, args: readonly string[]) => {
    if (program.endsWith('ioreg')) return '  "IOPlatformUUID" = "AAAA-BBBB"\n';
    if (program.endsWith('sysctl')) return 'BOOT-1\n';
    const line = started[args.at(-1) ?? ''];
    return line && `${line}    \n`;
  };
  const liveness = onLinux({}, { platform: 'darwin', run, exists: () => false });
  const self = await liveness.self();
  expect(self).toMatchObject({ boot: 'BOOT-1', space: '', start: 'Wed Nov 25 01:00:00 2026' });
  expect(self.host).toMatch(/^[0-9a-f]{32}$/);
  expect(await liveness.judge({ ...self, pid: 77, start: 'Wed Nov 25 02:00:00 2026' })).toBe('alive');
  expect(await liveness.judge({ ...self, pid: 77, start: 'Wed Nov 25 01:59:59 2026' })).toBe('dead');
  expect(await liveness.judge({ ...self, pid: 78 })).toBe('dead');
  expect(await liveness.judge({ ...self, boot: 'BOOT-0' })).toBe('dead');
});

test('Windows: by the start that PowerShell tells, within ten seconds; alive when it tells nothing', async () => {
  const told = async (text: string | undefined) =>
    onLinux({}, { platform: 'win32', run: async () => text, exists: (pid) => pid !== 78 });
  const self = await (await told(undefined)).self();
  expect(self).toMatchObject({ host: 'a-host', boot: '', start: '1000000' });
  expect(await (await told('1000400\r\n')).judge(self)).toBe('alive');
  expect(await (await told('1060000\r\n')).judge(self)).toBe('dead');
  expect(await (await told(undefined)).judge(self)).toBe('alive');
  expect(await (await told('1000400\r\n')).judge({ ...self, pid: 78 })).toBe('dead');
});

test('a program is started by its full path, never one that lies in the working folder', async () => {
  const programs: string[] = [];
  const run = async (program: string) => {
    programs.push(program);
    return undefined;
  };
  for (const platform of ['darwin', 'win32'] as const)
    await onLinux({}, { platform, run }).judge(await other({ host: 'a-host', boot: '', space: '' }));
  expect(programs.filter((program) => !/^([A-Z]:\\|\/)/.test(program))).toEqual([]);
  expect(programs).toContain('C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe');
});

test('elsewhere in the Unix world: by the pid alone', async () => {
  const liveness = onLinux({}, { platform: 'freebsd', exists: (pid) => pid === 42 });
  const self = await liveness.self();
  expect([await liveness.judge(self), await liveness.judge({ ...self, pid: 43 })]).toEqual(['alive', 'dead']);
});

function startChild(): ChildProcess {
  const child = spawn('tail', ['-f', '/dev/null'], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

test('really: this process is alive, and a killed child is dead', async () => {
  const liveness = createRealLiveness();
  const self = await liveness.self();
  expect(self).toMatchObject({
    pid: process.pid,
    start: expect.stringMatching(/^\d+$/),
    boot: expect.stringMatching(/./),
  });
  expect(await liveness.judge(self)).toBe('alive');
  expect(await liveness.judge({ ...self, start: '1' })).toBe('dead');
  const child = startChild();
  const childSelf = { ...self, pid: child.pid ?? 0, start: '' };
  expect(await liveness.judge(childSelf)).toBe('alive');
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await liveness.judge(childSelf)).toBe('dead');
});
