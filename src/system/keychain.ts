// The operating system's keychain. Each operation runs in a child process that is killed at its deadline, since no call
// into a keychain can be cancelled. Secrets pass through pipes only: nothing in argv, nothing in the environment.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { CliError } from '../errors.ts';
import type { Keychain, KeychainAnswer, KeychainFailure } from '../model/ports.ts';
import { Secret } from '../model/secret.ts';
import { childEnvironment, type Variables } from './child-environment.ts';
import {
  type KeychainRequest,
  keychainName,
  keychainReaders,
  largestItem,
  meaningOf,
  readReply,
} from './keychain-answers.ts';

export interface KeychainOptions {
  /** The bundled src/system/keychain-child.ts. */
  readonly childPath: string;
  /** From when the child makes its call. */
  readonly deadlineMs: number;
  /** How long the child may take to get there; half a minute when left out. */
  readonly startMs?: number;
  readonly platform: NodeJS.Platform;
  readonly variables: Variables;
  /** The interruption that ends an operation beginning now, if any may. */
  readonly cutsShort?: () => AbortSignal | undefined;
}

type Child = ChildProcessByStdio<Writable, Readable, null>;

/** A dialog is probably open when an answer takes so long. */
const waitingMs = 1000;
/** How long a busy machine takes to start a program says nothing of the keychain, and must not be called a locked one. */
const longestStartMs = 30_000;
/** Longer than the largest item. */
const longestReply = 256 * 1024;

export function createKeychain(options: KeychainOptions): Keychain {
  const ask = async (request: KeychainRequest, onWaiting?: () => void) =>
    toAnswer(await run(request, options, onWaiting));
  return {
    name: keychainName(options.platform),
    readers: keychainReaders(options.platform),
    largestItem: largestItem(options.platform),
    async get(account, onWaiting) {
      const answer = await ask({ act: 'get', account }, onWaiting);
      if (!answer.ok) return answer;
      return { ok: true, value: typeof answer.value === 'string' ? new Secret(answer.value) : undefined };
    },
    async set(account, value) {
      const answer = await ask({ act: 'set', account, value: value.reveal() });
      return answer.ok ? { ok: true, value: undefined } : answer;
    },
    async remove(account) {
      const answer = await ask({ act: 'remove', account });
      return answer.ok ? { ok: true, value: answer.value === true } : answer;
    },
  };
}

type Outcome =
  | { readonly kind: 'replied'; readonly text: string }
  | { readonly kind: 'failed'; readonly why: KeychainFailure; readonly detail: string };

function run(
  request: KeychainRequest,
  options: KeychainOptions,
  onWaiting: (() => void) | undefined,
): Promise<Outcome> {
  const { deadlineMs, startMs = longestStartMs } = options;
  const cutsShort = options.cutsShort?.();
  const child = start(options);
  return new Promise<Outcome>((resolve, reject) => {
    const settle = (outcome: Outcome | CliError) => {
      clearTimeout(deadline);
      clearTimeout(waiting);
      cutsShort?.removeEventListener('abort', cancel);
      child.kill('SIGKILL');
      if (outcome instanceof CliError) reject(outcome);
      else resolve(outcome);
    };
    const cancel = () => settle(new CliError('cancelled', 'interrupted while waiting for the keychain'));
    const late = () => settle({ kind: 'failed', why: 'timed_out', detail: `no answer within ${deadlineMs / 1000} s` });
    const stuck = () => settle({ kind: 'failed', why: 'failed', detail: `not even asked within ${startMs / 1000} s` });
    let deadline = setTimeout(stuck, startMs);
    let waiting: NodeJS.Timeout | undefined;
    const asked = () => {
      if (child.killed) return;
      clearTimeout(deadline);
      deadline = setTimeout(late, deadlineMs);
      waiting = setTimeout(() => onWaiting?.(), waitingMs);
    };
    cutsShort?.addEventListener('abort', cancel);
    void replyOf(child, asked).then(settle);
    // Left open: the child ends itself when it closes, so it never outlives us.
    child.stdin.write(`${JSON.stringify(request)}\n`);
  });
}

function start({ childPath, variables }: KeychainOptions): Child {
  const env = childEnvironment(variables);
  // The child does no TLS, and on Node 20 these certificates cost 50 ms at every start; a debugger's port would be taken.
  delete env.NODE_EXTRA_CA_CERTS;
  delete env.NODE_OPTIONS;
  const child = spawn(process.execPath, [childPath], { env, stdio: ['pipe', 'pipe', 'ignore'], windowsHide: true });
  child.stdin.on('error', () => {});
  return child;
}

/** An empty line when the call is made, then the reply as one line; the child is not waited for once it is there. */
function replyOf(child: Child, asked: () => void): Promise<Outcome> {
  return new Promise((resolve) => {
    let text = '';
    const failed = (detail: string) => resolve({ kind: 'failed', why: 'failed', detail });
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      if (text === '') asked();
      text += chunk;
      if (text.length > longestReply) failed('the answer was too long');
      else if (text.trim() !== '' && text.endsWith('\n')) resolve({ kind: 'replied', text });
    });
    child.once('error', (error) => failed(`the keychain process did not start (${error.message})`));
    child.once('close', (exit, signal) => failed(`the keychain process ended without an answer (${signal ?? exit})`));
  });
}

function toAnswer(outcome: Outcome): KeychainAnswer<string | boolean | null> {
  if (outcome.kind === 'failed') return { ok: false, why: outcome.why, detail: outcome.detail };
  const reply = readReply(outcome.text);
  if (reply.ok) return reply;
  return { ok: false, why: meaningOf(reply.message), detail: firstLine(reply.message) };
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').slice(0, 300);
}
