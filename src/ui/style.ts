// Colour: whether it is wanted, and the few tones there are. chalk is loaded only when something is painted.
import type { Tone } from '../model/command.ts';
import type { Env } from '../model/ports.ts';

export interface Style {
  paint(tone: Tone | 'bold', text: string): string;
}

export const plainStyle: Style = { paint: (_tone, text) => text };

/**
 * `--no-color`, then NO_COLOR (https://no-color.org), then FORCE_COLOR (`0` and `false` forbid), then what the stream is.
 */
export function wantsColour(noColorFlag: boolean, env: Env, isTerminal: boolean): boolean {
  if (noColorFlag || env.get('NO_COLOR') !== undefined) return false;
  const forced = env.get('FORCE_COLOR');
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return isTerminal && env.get('TERM') !== 'dumb';
}

export async function colouredStyle(): Promise<Style> {
  const { Chalk } = await import('chalk');
  // The level is ours to say: chalk would look at the process by itself.
  const chalk = new Chalk({ level: 1 });
  return {
    paint(tone, text) {
      switch (tone) {
        case 'good':
          return chalk.green(text);
        case 'warn':
          return chalk.yellow(text);
        case 'bad':
          return chalk.red(text);
        case 'dim':
          return chalk.dim(text);
        case 'bold':
          return chalk.bold(text);
        case 'plain':
          return text;
      }
    },
  };
}
