// The fake world's terminal: what was printed, what is typed in, and who answers the questions.
import { CliError } from '../../src/errors.ts';
import type { Prompter, Streams } from '../../src/model/ports.ts';
import { Secret } from '../../src/model/secret.ts';

export interface FakeTerminal {
  readonly streams: Streams;
  readonly prompter: Prompter;
  stdout(): string;
  stderr(): string;
  /** Standard input, all of it. */
  input: string;
  /** Answers to the next questions, in order; an Error is thrown. A question without an answer fails the test. */
  readonly answers: (string | boolean | Error)[];
  /** Every question asked. */
  readonly asked: string[];
  /** Pastes a line at the terminal during a wait. */
  paste(line: string): void;
}

export function createFakeTerminal(options: { terminal: boolean; noInput: boolean; columns: number }): FakeTerminal {
  const printed = { out: '', err: '' };
  const pasted: string[] = [];
  let onPaste = () => {};
  const interactive = options.terminal && !options.noInput;

  const ask = async (message: string, shown: (answer: string | boolean) => string): Promise<string | boolean> => {
    if (!interactive) throw new CliError('needs_terminal', `"${message}" must be answered at a terminal`);
    terminal.asked.push(message);
    const answer = terminal.answers.shift();
    if (answer === undefined) throw new Error(`nobody answers "${message}"`);
    if (answer instanceof Error) throw answer;
    printed.err += `? ${message} ${shown(answer)}\n`;
    return answer;
  };
  const mustFit = (answer: string, validate: ((value: string) => true | string) | undefined) => {
    const verdict = validate?.(answer) ?? true;
    if (verdict !== true) printed.err += `> ${verdict}\n`;
    return verdict === true;
  };

  const prompter: Prompter = {
    interactive,
    async text({ message, initial, validate }) {
      for (;;) {
        const answer = String(await ask(message, String)) || (initial ?? '');
        if (mustFit(answer, validate)) return answer;
      }
    },
    async secret({ message, validate }) {
      for (;;) {
        const answer = String(await ask(message, () => '[hidden]'));
        if (mustFit(answer, validate)) return new Secret(answer);
      }
    },
    confirm: async ({ message }) => Boolean(await ask(message, (answer) => (answer ? 'Yes' : 'No'))),
    async select({ message, choices }) {
      const nameOf = (answer: string | boolean) => choices.find(({ value }) => value === answer)?.name;
      const answer = await ask(message, (given) => nameOf(given) ?? String(given));
      const choice = choices.find(({ value }) => value === answer);
      if (!choice) throw new Error(`"${message}" has no choice ${answer}`);
      return choice.value;
    },
    pastedLine: (signal) =>
      new Promise((resolve) => {
        const look = () => {
          if (signal.aborted || pasted.length > 0) resolve(signal.aborted ? undefined : pasted.shift());
        };
        onPaste = look;
        signal.addEventListener('abort', look);
        look();
      }),
  };

  const terminal: FakeTerminal = {
    prompter,
    streams: {
      out: async (text) => {
        printed.out += text;
      },
      err: (text) => {
        printed.err += text;
      },
      outIsTerminal: options.terminal,
      errIsTerminal: options.terminal,
      inIsTerminal: options.terminal,
      columns: options.columns,
      readInput: async () => terminal.input,
    },
    stdout: () => printed.out,
    stderr: () => printed.err,
    input: '',
    answers: [],
    asked: [],
    paste(line) {
      pasted.push(line);
      onPaste();
    },
  };
  return terminal;
}
