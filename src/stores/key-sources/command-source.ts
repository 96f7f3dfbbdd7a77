// The seal key as a program prints it: pass, op, vault, the tools of the clouds. Nothing is ever created here.
import { CliError } from '../../errors.ts';
import { commandWords } from '../../model/command-words.ts';
import type { Spawned, Spawner } from '../../model/ports.ts';
import type { FoundKey, KeySource } from '../key-source.ts';
import { parseKeyText } from '../key-text.ts';

export interface CommandSourceOptions {
  readonly spawn: Spawner;
  /** A person can answer the dialog that the program may open. */
  readonly attended: boolean;
}

const attendedMs = 60_000;
const unattendedMs = 10_000;

export function commandSource(command: string, { spawn, attended }: CommandSourceOptions): KeySource {
  const argv = commandWords(command);
  // The first word only: others may say where in a vault the key lies.
  const program = `'${argv?.[0] ?? command}'`;
  const timeoutMs = attended ? attendedMs : unattendedMs;
  return {
    async key() {
      if (argv === undefined) throw unavailable(`${program} has a quote that is not closed`);
      return foundIn(await spawn({ argv, timeoutMs }), program, timeoutMs);
    },
    async create() {
      throw unavailable(`${program} printed no seal key`, makeOne);
    },
    remove: async () => `the program ${program}`,
    describe: () => `what ${program} prints`,
    guard: { protection: 'external', readers: `whoever ${program} gives it to; programs that run as you can run it` },
  };
}

const makeOne = 'put what `openssl rand -base64 32` prints where the program finds it, and keep it';

/** Never its output: that is the key, or may be another secret. */
function foundIn(spawned: Spawned, program: string, timeoutMs: number): FoundKey {
  switch (spawned.kind) {
    case 'ended': {
      if (spawned.exit !== 0) throw unavailable(`${program} ended with exit ${spawned.exit}`);
      if (spawned.output.trim() === '') return { state: 'absent' };
      const bytes = parseKeyText(spawned.output);
      return bytes === undefined ? { state: 'malformed' } : { state: 'found', bytes, worldReadable: false };
    }
    case 'not_started':
      throw unavailable(
        `${program} could not be started (${spawned.why})`,
        'install it, or put its whole path into command:CMD',
      );
    case 'killed':
      throw unavailable(`${program} was ended by ${spawned.signal}`);
    case 'timed_out':
      throw unavailable(`${program} did not answer within ${timeoutMs / 1000} s`);
    case 'too_long':
      throw unavailable(`${program} prints more than any key is long`);
  }
}

function unavailable(why: string, hint = 'run it by hand and see that it prints the key, and nothing else'): CliError {
  return new CliError('key_unavailable', `no seal key: ${why}`, { hint });
}
