// The few real ports of the fast way, and nothing else: each import here is paid for at every `token`.
import { writeSync } from 'node:fs';
import type { Env, Files } from '../model/ports.ts';
import type { Secret } from '../model/secret.ts';
import { createEnv } from './env.ts';
import { createRealFiles, mendingWords } from './real-files.ts';

const deadlineMs = { attended: 60_000, unattended: 5_000 };

const lockedMessage = [
  'error: the keychain did not answer in time; an unlock dialog may be open, or its service may hang',
  'try: unlock it and run the same command again\n',
].join('\n');

export interface FastPorts {
  readonly env: Env;
  readonly files: Files;
  readonly nowAt: number;
  keychainGet(account: string, meanwhile: () => void): Promise<Secret | undefined>;
  print(text: string): void;
}

export function createFastPorts(): FastPorts {
  const env = createEnv(process.env);
  return {
    env,
    files: createRealFiles({
      workingFolder: () => env.workingFolder,
      uniqueName: () => '',
      // Here, since the slow way would meet the file as it was mended and have nothing to say.
      onMended: mendingWords((line) => void writeSync(2, line)),
    }),
    nowAt: Date.now(),
    async keychainGet(account, meanwhile) {
      const { getDirectly } = await import('./keychain-direct.ts');
      const answer = await getDirectly(account, {
        deadlineMs: process.stderr.isTTY ? deadlineMs.attended : deadlineMs.unattended,
        meanwhile,
        onWaiting: () => void writeSync(2, 'waiting for the keychain: an unlock dialog may be open\n'),
        giveUp: { message: lockedMessage, exit: 7 },
      });
      return answer.ok ? answer.value : undefined;
    },
    print: (text) => void writeSync(1, text),
  };
}
