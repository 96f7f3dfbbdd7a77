// Reading the keychain in this very process: twice as fast, but a call that hangs cannot be cancelled and keeps Node from
// exiting. Only where nothing is held, since a hang ends the process on the spot.
import { writeSync } from 'node:fs';
import type { KeychainAnswer } from '../model/ports.ts';
import { Secret } from '../model/secret.ts';
import { meaningOf } from './keychain-answers.ts';
import { openEntry } from './keychain-binding.ts';

export interface DirectOptions {
  readonly deadlineMs: number;
  /** Called once when the answer takes over a second. */
  readonly onWaiting: () => void;
  /** Work for the time in which the keychain is on its way. */
  readonly meanwhile: () => void;
  /** Written to stderr when the deadline passes; the process then ends with that exit, or by SIGKILL where Node cannot (before 22.15). */
  readonly giveUp: { readonly message: string; readonly exit: number };
}

const waitingMs = 1000;

export async function getDirectly(
  account: string,
  { deadlineMs, onWaiting, meanwhile, giveUp }: DirectOptions,
): Promise<KeychainAnswer<Secret | undefined>> {
  const deadline = setTimeout(() => endNow(giveUp.message, giveUp.exit), deadlineMs);
  const waiting = setTimeout(onWaiting, waitingMs);
  try {
    const asked = openEntry(account).getPassword();
    meanwhile();
    const text = await asked;
    return { ok: true, value: typeof text === 'string' ? new Secret(text) : undefined };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ok: false, why: meaningOf(message), detail: message.split('\n')[0] ?? '' };
  } finally {
    clearTimeout(deadline);
    clearTimeout(waiting);
  }
}

/** https://nodejs.org/api/process.html#processexecvefile-args-env: not there in Node 20, nor on Windows. */
type Replaceable = NodeJS.Process & { execve?: (file: string, args: string[], env: Record<string, string>) => never };

/** process.exit waits for the thread that hangs; only another program in this one's place, or SIGKILL, does not. */
function endNow(message: string, exit: number): void {
  writeSync(2, message);
  const host: Replaceable = process;
  try {
    host.execve?.(process.execPath, [process.execPath, '-e', `process.exit(${exit})`], {});
  } catch {
    // As where there is none.
  }
  process.kill(process.pid, 'SIGKILL');
}
