// A yes before something that cannot be taken back.
import { CliError } from '../errors.ts';
import type { Prompter } from '../model/ports.ts';

export interface Agreement {
  /** `--yes` */
  readonly yes: boolean;
  readonly question: string;
  /** The same command with `--yes`. */
  readonly command: string;
}

/** Throws `needs_confirmation` when nobody is there to say yes, `cancelled` when they do not. */
export async function mustAgree(prompter: Prompter, { yes, question, command }: Agreement): Promise<void> {
  if (yes) return;
  if (!prompter.interactive) {
    throw new CliError('needs_confirmation', `${question} Nobody is here to say yes, so nothing was done`, {
      hint: command,
    });
  }
  if (await prompter.confirm({ message: question, initial: false })) return;
  throw new CliError('cancelled', 'nothing was done');
}
