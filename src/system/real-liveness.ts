// What liveness asks of the real machine.
import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { Liveness } from '../model/ports.ts';
import { childEnvironment } from './child-environment.ts';
import { createLiveness } from './liveness.ts';

export function createRealLiveness(): Liveness {
  const absent = () => undefined;
  return createLiveness({
    platform: process.platform,
    pid: process.pid,
    startedAt: performance.timeOrigin,
    hostname,
    readText: (path) => readFile(path, 'utf8').catch(absent),
    readLink: (path) => readlink(path).catch(absent),
    systemRoot: process.env.SystemRoot ?? 'C:\\Windows',
    run,
    exists,
  });
}

function run(program: string, args: readonly string[]): Promise<string | undefined> {
  // Dates are printed by zone and language, and two processes must get the same text.
  const env = { ...childEnvironment(process.env), LC_ALL: 'C', TZ: 'UTC' };
  return new Promise((resolve) => {
    execFile(program, args, { env, timeout: 5000, windowsHide: true }, (error, stdout) =>
      resolve(error ? undefined : stdout),
    );
  });
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
