// Questions quote foreign text too (whose account, which file): made harmless, as every line is.
import type { Prompter } from '../model/ports.ts';
import { harmless } from '../ui/harmless.ts';

/** `real`: asked for only when something is asked, since to make a prompter looks at the terminal. */
export function harmlessPrompter(real: () => Prompter): Prompter {
  return {
    get interactive() {
      return real().interactive;
    },
    text: (question) => real().text({ ...question, message: harmless(question.message) }),
    secret: (question) => real().secret({ ...question, message: harmless(question.message) }),
    confirm: (question) => real().confirm({ ...question, message: harmless(question.message) }),
    select: ({ message, choices }) =>
      real().select({
        message: harmless(message),
        choices: choices.map(({ value, name }) => ({ value, name: harmless(name) })),
      }),
    pastedLine: (signal) => real().pastedLine(signal),
  };
}
