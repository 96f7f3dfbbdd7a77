// Questions at the terminal, drawn on stderr so that stdout stays data.
import { CliError } from '../errors.ts';
import type { Prompter } from '../model/ports.ts';
import { Secret } from '../model/secret.ts';

export interface PrompterOptions {
  readonly interactive: boolean;
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly interrupted: AbortSignal;
  /** What Ctrl-C does in raw mode. */
  readonly interrupt: () => void;
}

const inputEnds = ['pause', 'end', 'close'] as const;
const load = () => import('@inquirer/prompts');
type Prompts = Awaited<ReturnType<typeof load>>;
type Context = NonNullable<Parameters<Prompts['input']>[1]>;

export function createPrompter(options: PrompterOptions): Prompter {
  const { interactive, input, output, interrupted } = options;
  const ask = async <T>(message: string, question: (prompts: Prompts, context: Context) => Promise<T>): Promise<T> => {
    if (!interactive) throw needsTerminal(`"${message}" must be answered at a terminal`);
    const prompts = await load();
    // A question whose input has ended stays open for ever: Ctrl-D, a closed terminal. Reading stops then, which shows.
    const ended = new AbortController();
    const end = () => ended.abort();
    const press = (_: unknown, key: { name?: string }) => void (key.name === 'escape' && end());
    for (const event of inputEnds) input.once(event, end);
    input.on('keypress', press);
    try {
      return await question(prompts, { input, output, signal: AbortSignal.any([interrupted, ended.signal]) });
    } catch (error) {
      throw isEscape(error) ? new CliError('cancelled', `"${message}" was not answered`) : error;
    } finally {
      for (const event of inputEnds) input.off(event, end);
      input.off('keypress', press);
    }
  };
  return {
    interactive,
    text: ({ message, initial, validate }) =>
      ask(message, ({ input: text }, context) =>
        text(
          { message, ...(initial === undefined ? {} : { default: initial }), ...(validate ? { validate } : {}) },
          context,
        ),
      ),
    async secret({ message, validate }) {
      // A refusal of inquirer's own keeps what was typed, unseen, and the next attempt would be appended to it.
      for (;;) {
        const typed = await ask(message, ({ password }, context) => password({ message }, context));
        const verdict = validate?.(typed) ?? true;
        if (verdict === true) return new Secret(typed);
        output.write(`> ${verdict}\n`);
      }
    },
    confirm: ({ message, initial }) =>
      ask(message, ({ confirm }, context) => confirm({ message, default: initial }, context)),
    select: ({ message, choices }) =>
      ask(message, ({ select }, context) => select({ message, choices: [...choices] }, context)),
    async pastedLine(signal) {
      if (!interactive) throw needsTerminal('an address can be pasted at a terminal only');
      const { readPastedLine } = await import('./pasted-line.ts');
      return readPastedLine(options, signal);
    },
  };
}

function needsTerminal(message: string): CliError {
  return new CliError('needs_terminal', message, { hint: 'run it in a terminal, or give the value by flag or stdin' });
}

/** Ctrl-C, Esc, a closed terminal, or our own interruption: https://www.npmjs.com/package/@inquirer/prompts#handling-ctrlc-gracefully */
function isEscape(error: unknown): boolean {
  return error instanceof Error && ['ExitPromptError', 'AbortPromptError', 'CancelPromptError'].includes(error.name);
}
