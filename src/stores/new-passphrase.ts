// A passphrase that somebody makes up at a terminal: long enough, and typed the same twice.
import { CliError } from '../errors.ts';
import type { Prompter } from '../model/ports.ts';
import type { Secret } from '../model/secret.ts';

/** Whoever has the file can guess without a limit, at a few guesses a second and core. */
export const shortestPassphrase = 12;
const attempts = 3;

/** `what`: `Passphrase for the export`. */
export async function askNewPassphrase(prompter: Prompter, what: string): Promise<Secret> {
  const message = `${what}, ${shortestPassphrase} characters or more:`;
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const passphrase = await prompter.secret({
      message: attempt === 1 ? message : `The two differ. ${message}`,
      validate: (typed) =>
        typed.length >= shortestPassphrase || `that is shorter than ${shortestPassphrase} characters`,
    });
    const again = await prompter.secret({ message: 'The same again:' });
    if (again.reveal() === passphrase.reveal()) return passphrase;
  }
  throw new CliError('invalid_value', `the two passphrases differ, ${attempts} times; nothing was written`, {
    hint: 'run it again',
  });
}
