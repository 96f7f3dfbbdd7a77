// The program as a person's shell runs it: real processes in one HOME, the seal key in the environment.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Run } from './judge-round.ts';

interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Run>;
}

export interface Program {
  start(...args: readonly string[]): Started;
  mustSucceed(...args: readonly string[]): Promise<void>;
  /** Resolves when the access token at rest is over. */
  untilEnded(connection: string): Promise<void>;
  /** Where the epochs of a connection's lock are. */
  lockFolder(connection: string): string;
}

/** Follows redirects without a person. */
const browser = resolve('test/e2e/support/visit.mjs');

export function programIn(home: string, packageRoot: string): Program {
  const data = join(home, 'data');
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: home,
    LANG: 'C.UTF-8',
    OAUTHCTL_DATA_DIR: data,
    OAUTHCTL_KEY: randomBytes(32).toString('base64'),
    BROWSER: browser,
  };
  const start = (...args: readonly string[]) => run([join(packageRoot, 'bin/oauthctl.cjs'), ...args], home, env);
  return {
    start,
    async mustSucceed(...args) {
      const { exit, signal, stderr } = await start(...args).ended;
      if (exit !== 0) throw new Error(`oauthctl ${args.join(' ')} ended with ${exit ?? signal}\n${stderr}`);
    },
    async untilEnded(connection) {
      const record = await readFile(join(data, 'connections', `${encodeURIComponent(connection)}.json`), 'utf8');
      await pause(Date.parse(JSON.parse(record).facts.access_token.expires_at) - Date.now());
    },
    lockFolder: (connection) => join(data, 'locks', 'connections', encodeURIComponent(connection)),
  };
}

function run(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Started {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      said[stream] += text;
    });
  let endedAt = startedAt;
  child.on('exit', () => {
    endedAt = performance.now();
  });
  const ended = new Promise<Run>((done, failed) => {
    child.on('error', failed);
    child.on('close', (exit, signal) =>
      done({ pid: child.pid ?? 0, exit, signal, ...said, endedAt, tookMs: endedAt - startedAt }),
    );
  });
  return { child, ended };
}
