// Runs the packed program as a person's shell would: an empty home, a clean environment, everything captured.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { binary } from './binary.ts';

export interface Ran {
  readonly exit: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Standard input; without it there is none. */
  readonly input?: string;
  readonly nodeArgs?: readonly string[];
}

/**
 * A folder that is gone after the test. What the sandbox noted in it against its client fails the test, unless the test
 * expects such codes.
 */
export function temporaryFolder({ violations = [] }: { readonly violations?: readonly string[] } = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'oauthctl-e2e-'));
  onTestFinished(() => {
    const noted = sandboxStates(folder).flatMap((state) => state.violations);
    rmSync(folder, { recursive: true, force: true });
    expect(noted.filter(({ code }) => !violations.includes(code))).toEqual([]);
  });
  return folder;
}

/** The state of every `--sandbox` below a folder: one per tree. */
export function sandboxStates(folder: string): { readonly violations: readonly { readonly code: string }[] }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(join('server', 'state.json')))
    .map((path) => JSON.parse(readFileSync(join(folder, path), 'utf8')));
}

/** Nothing of the caller's environment but the path. */
export function cleanEnv(home: string): Record<string, string> {
  return { PATH: process.env.PATH ?? '', HOME: home, LANG: 'C.UTF-8', TERM: 'dumb', TZ: 'UTC' };
}

/** Starts the program and resolves when it has ended. An empty `env.NAME` unsets nothing; what is not named is not there. */
export function oauthctl(args: readonly string[], home: string, options: RunOptions = {}): Promise<Ran> {
  const child = spawn(process.execPath, [...(options.nodeArgs ?? []), binary, ...args], {
    cwd: home,
    env: { ...cleanEnv(home), ...options.env },
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  if (options.input !== undefined) child.stdin?.end(options.input);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exit, signal) => resolve({ exit, signal, stdout, stderr }));
  });
}

/** As `oauthctl`, for steps that must succeed: returns what was printed. */
export async function mustSucceed(args: readonly string[], home: string, options: RunOptions = {}): Promise<string> {
  const ran = await oauthctl(args, home, options);
  if (ran.exit !== 0) throw new Error(`oauthctl ${args.join(' ')} ended with ${ran.exit ?? ran.signal}\n${ran.stderr}`);
  return ran.stdout;
}
