// Running a TypeScript program of the tests in processes of its own.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

export interface TemporaryFolder {
  readonly path: string;
  remove(): Promise<void>;
}

export async function temporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'oauthctl-test-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

export async function inTemporaryFolder<T>(body: (path: string) => Promise<T>): Promise<T> {
  const folder = await temporaryFolder();
  try {
    return await body(folder.path);
  } finally {
    await folder.remove();
  }
}

/** Makes one file of a program, in that folder, which Node runs as it is. */
export async function bundleProgram(source: URL, folder: string): Promise<string> {
  const input = fileURLToPath(source);
  const file = join(folder, `${basename(input, '.ts')}.cjs`);
  const bundle = await rolldown({ input, platform: 'node', logLevel: 'warn' });
  await bundle.write({ file, format: 'cjs', codeSplitting: false });
  await bundle.close();
  return file;
}

export interface Ended {
  readonly killed: boolean;
  /** What it said: one JSON object a line. */
  readonly said: readonly Readonly<Record<string, unknown>>[];
}

/** `input` is no secret: it is the program's one argument. */
export function runProgram(file: string, input: object): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file, JSON.stringify(input)], { stdio: ['pipe', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code !== 0 && signal !== 'SIGKILL') reject(new Error(`the program ended with ${code ?? signal}`));
      const lines = text.split('\n').filter((line) => line !== '');
      resolve({ killed: signal === 'SIGKILL', said: lines.map((line) => JSON.parse(line)) });
    });
  });
}
