// A real terminal for the program: a tmux session of the test's own, typed into and read from.
import { execFileSync } from 'node:child_process';
import { expect, onTestFinished } from 'vitest';
import { temporaryFolder } from './run.ts';

export interface Terminal {
  type(text: string): void;
  /** tmux's names: `Enter`, `Down`, `C-c`. */
  press(key: string): void;
  /** As a terminal's own paste: between the marks of bracketed paste where the program asked for them. */
  paste(text: string): void;
  screen(): string;
  /** Resolves with the screen as soon as it holds the text. */
  shows(text: string): Promise<string>;
}

export interface TerminalOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

const quote = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

/** Runs a command line in a terminal; `[exit N]` appears when it has ended. */
export function openTerminal(command: readonly string[], options: TerminalOptions): Terminal {
  const env = { PATH: process.env.PATH ?? '', TMUX_TMPDIR: temporaryFolder() };
  const tmux = (...args: string[]) =>
    execFileSync('tmux', ['-f', '/dev/null', ...args], { env, encoding: 'utf8', stdio: 'pipe' });
  const given = Object.entries({ ...options.env, TERM: 'screen-256color' }).map(([name, value]) =>
    quote(`${name}=${value}`),
  );
  // Ctrl-C is for the program: the shell around it stays, to tell how the program ended.
  const line = `trap : INT; env -i ${given.join(' ')} ${command.map(quote).join(' ')}; echo "[exit $?]"; exec sleep 600`;
  const size = ['-x', String(options.columns ?? 100), '-y', String(options.rows ?? 40)];
  tmux('new-session', '-d', ...size, '-c', options.cwd, 'sh', '-c', line);
  onTestFinished(() => void tmux('kill-server'));

  const screen = () => tmux('capture-pane', '-p', '-J').trimEnd();
  return {
    type: (text) => void tmux('send-keys', '-l', text),
    press: (key) => void tmux('send-keys', key),
    paste(text) {
      tmux('set-buffer', text);
      tmux('paste-buffer', '-p');
    },
    screen,
    async shows(text) {
      await expect.poll(screen, { timeout: 20_000, interval: 50 }).toContain(text);
      return screen();
    },
  };
}
