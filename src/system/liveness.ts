// Who this process is, and whether another one still runs: by pid and start time, since pids are used again.
import { createHash } from 'node:crypto';
import type { Liveness, ProcessIdentity } from '../model/ports.ts';

export interface LivenessDeps {
  readonly platform: NodeJS.Platform;
  readonly pid: number;
  /** When this process started, milliseconds since 1970. */
  readonly startedAt: number;
  readonly hostname: () => string;
  /** Undefined when the file cannot be read. */
  readonly readText: (path: string) => Promise<string | undefined>;
  readonly readLink: (path: string) => Promise<string | undefined>;
  /** Windows' own folder. */
  readonly systemRoot: string;
  /** Standard output of a program, given by its full path: Windows looks for a bare name in the working folder first. */
  readonly run: (program: string, args: readonly string[]) => Promise<string | undefined>;
  /** False only when there is certainly no such process. */
  readonly exists: (pid: number) => boolean;
}

/** Instead of a start: there is certainly no such process. */
const gone = 'gone';

interface Machine {
  host(): Promise<string>;
  boot(): Promise<string>;
  space(): Promise<string>;
  /** `gone` where that is certain, undefined where the platform does not say. */
  start(pid: number): Promise<string | undefined>;
  isSameStart(recorded: string, found: string): boolean;
}

/** The namespace that every Linux starts with (PROC_PID_INIT_INO in include/linux/proc_ns.h). */
const firstSpace = 'pid:[4026531836]';

export function createLiveness(deps: LivenessDeps): Liveness {
  const machine = machineOf(deps);
  let known: Promise<ProcessIdentity> | undefined;
  const identify = async () => {
    const [host, boot, space] = await Promise.all([machine.host(), machine.boot(), machine.space()]);
    const start = deps.platform === 'win32' ? String(Math.round(deps.startedAt)) : await machine.start(deps.pid);
    return { host, boot, space, pid: deps.pid, start: start ?? '' };
  };
  const self = () => (known ??= identify());
  return {
    self,
    async judge(other) {
      const us = await self();
      if (other.host !== us.host || other.space !== us.space) return 'elsewhere';
      // Containers of one image may share a machine id on different hosts; outside of them another boot means that it is gone.
      if (other.boot !== us.boot) return us.space === '' || us.space === firstSpace ? 'dead' : 'elsewhere';
      const found = await machine.start(other.pid);
      if (found === gone) return 'dead';
      if (found === undefined || other.start === '') return deps.exists(other.pid) ? 'alive' : 'dead';
      return machine.isSameStart(other.start, found) ? 'alive' : 'dead';
    },
  };
}

function machineOf(deps: LivenessDeps): Machine {
  if (deps.platform === 'linux') return linux(deps);
  if (deps.platform === 'darwin') return macos(deps);
  if (deps.platform === 'win32') return windows(deps);
  return {
    host: async () => deps.hostname(),
    boot: async () => '',
    space: async () => '',
    start: async (pid) => (deps.exists(pid) ? undefined : gone),
    isSameStart: (recorded, found) => recorded === found,
  };
}

function linux({ readText, readLink, hostname, exists }: LivenessDeps): Machine {
  return {
    async host() {
      const id = (await readText('/etc/machine-id')) ?? (await readText('/var/lib/dbus/machine-id')) ?? '';
      // machine-id(5): not to be shown, only a hash of it with an id of the application; "uninitialized" at first boot.
      if (!/^[0-9a-f]{32}\s*$/.test(id)) return hostname();
      return createHash('sha256').update(`oauthctl ${id.trim()}`).digest('hex').slice(0, 32);
    },
    boot: async () => (await readText('/proc/sys/kernel/random/boot_id'))?.trim() ?? '',
    space: async () => (await readLink('/proc/self/ns/pid')) ?? '',
    async start(pid) {
      const stat = await readText(`/proc/${pid}/stat`);
      // Under hidepid the folder of another user's process cannot be seen.
      if (stat === undefined) return exists(pid) ? undefined : gone;
      // proc(5): "pid (comm) state …", start time is field 22. comm may hold spaces and brackets.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' || fields[0] === 'X' ? gone : fields[19];
    },
    isSameStart: (recorded, found) => recorded === found,
  };
}

/** Not run by us on a Mac: the commands' manual pages are the source. */
function macos({ run, hostname, exists }: LivenessDeps): Machine {
  return {
    async host() {
      // The host name of a Mac changes with the network.
      const found = await run('/usr/sbin/ioreg', ['-rd1', '-c', 'IOPlatformExpertDevice']);
      const uuid = found && /"IOPlatformUUID" = "([^"]+)"/.exec(found)?.[1];
      if (!uuid) return hostname();
      return createHash('sha256').update(`oauthctl ${uuid}`).digest('hex').slice(0, 32);
    },
    boot: async () => (await run('/usr/sbin/sysctl', ['-n', 'kern.bootsessionuuid']))?.trim() ?? '',
    space: async () => '',
    async start(pid) {
      const started = await run('/bin/ps', ['-o', 'lstart=', '-p', String(pid)]);
      return started?.trim() || (exists(pid) ? undefined : gone);
    },
    isSameStart: (recorded, found) => recorded === found,
  };
}

/**
 * Not run by us on Windows. PowerShell takes a third of a second, so this process's own start is what Node knows of it,
 * and another process is the same when both times are within ten seconds.
 */
function windows({ run, hostname, exists, systemRoot }: LivenessDeps): Machine {
  return {
    host: async () => hostname(),
    boot: async () => '',
    space: async () => '',
    async start(pid) {
      if (!exists(pid)) return gone;
      const script = `([DateTimeOffset](Get-Process -Id ${pid}).StartTime).ToUnixTimeMilliseconds()`;
      const powershell = `${systemRoot}\\System32\\WindowsPowerShell\\v1.0\\powershell.exe`;
      const started = await run(powershell, ['-NoProfile', '-NonInteractive', '-Command', script]);
      return started && /^\d+\s*$/.test(started) ? started.trim() : undefined;
    },
    isSameStart: (recorded, found) => Math.abs(Number(recorded) - Number(found)) < 10_000,
  };
}
