// Programs that the person named (a password manager, a receiver of rotated tokens), run without a shell and for a bounded time.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { CliError } from '../errors.ts';
import type { Spawned, Spawner, SpawnRequest } from '../model/ports.ts';
import { childEnvironment, type Variables } from './child-environment.ts';

export interface SpawnerOptions {
  readonly variables: Variables;
  /** The interruption that ends a child beginning now, if any may. */
  readonly cutsShort: () => AbortSignal | undefined;
}

const longestOutput = 64 * 1024;
const lastWordsMs = 500;

export function createSpawner({ variables, cutsShort }: SpawnerOptions): Spawner {
  return async (request) => {
    const interruption = cutsShort();
    const [program, ...args] = request.argv;
    let child: ChildProcessByStdio<Writable | null, Readable, null>;
    try {
      const stdio = [request.input === undefined ? 'ignore' : 'pipe', 'pipe', 'inherit'] as const;
      const env = { ...childEnvironment(variables), ...request.env };
      child = spawn(program, args, { env, stdio: [...stdio], windowsHide: true }) as typeof child;
    } catch (error) {
      // Windows: a batch file is refused outright (https://nodejs.org/en/blog/vulnerability/april-2024-security-releases-2).
      return { kind: 'not_started', why: codeOf(error) };
    }
    return ended(child, request, interruption);
  };
}

function ended(
  child: ChildProcessByStdio<Writable | null, Readable, null>,
  { argv, input, timeoutMs }: SpawnRequest,
  interruption: AbortSignal | undefined,
): Promise<Spawned> {
  return new Promise((resolve, reject) => {
    let output = '';
    const settle = (outcome: Spawned | CliError) => {
      clearTimeout(deadline);
      interruption?.removeEventListener('abort', cancel);
      child.kill('SIGKILL');
      // What it started itself may live on and hold its ends of the pipes: nobody here waits for that.
      child.stdout.destroy();
      child.stdin?.destroy();
      child.unref();
      if (outcome instanceof CliError) reject(outcome);
      else resolve(outcome);
    };
    const cancel = () => settle(new CliError('cancelled', `interrupted while '${argv[0]}' was running`));
    const deadline = setTimeout(() => settle({ kind: 'timed_out' }), timeoutMs);
    interruption?.addEventListener('abort', cancel);
    child.once('error', (error) => settle({ kind: 'not_started', why: codeOf(error) }));
    const over = (exit: number | null, signal: string | null) =>
      settle(exit === null ? { kind: 'killed', signal: signal ?? 'unknown' } : { kind: 'ended', exit, output });
    child.once('close', over);
    // Its last words are a moment behind; a child of its own that keeps the pipe open does not count.
    child.once('exit', (exit, signal) => setTimeout(() => over(exit, signal), lastWordsMs).unref());
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      output += chunk;
      if (output.length > longestOutput) settle({ kind: 'too_long' });
    });
    // A program that does not read its input has its reasons; what it says and its exit count.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
    if (interruption?.aborted) cancel();
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
}
