// What reaches stderr while a command works: words for people, warnings, and one line of progress.
import type { Env, Streams } from '../model/ports.ts';
import { harmless } from './harmless.ts';

export interface Speaker {
  readonly say: (line: string) => void;
  readonly tell: (line: string) => void;
  readonly warn: (message: string) => void;
  readonly trace: (line: string) => void;
  readonly progress: (line: string | undefined) => void;
  /** Kept for the envelope; printed at once where there is none. */
  readonly warnings: readonly string[];
}

export interface SpeakerOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** What becomes of the commands that a line names (same-tree.ts). */
  readonly spell?: (words: string) => string;
}

export function createSpeaker(streams: Streams, env: Env, options: SpeakerOptions): Speaker {
  const { json, quiet, verbose, spell = (words: string) => words } = options;
  // Asked at the first progress only: to look at the stream loads Node's terminal module.
  const moving = () => !json && !quiet && env.get('TERM') !== 'dumb' && streams.errIsTerminal;
  const warnings: string[] = [];
  let underway = false;
  const clear = () => {
    if (underway) streams.err('\r\u001B[K');
    underway = false;
  };
  const print = (text: string) => {
    clear();
    streams.err(text);
  };
  return {
    warnings,
    say(line) {
      if (!json && !quiet) print(`${harmless(spell(line))}\n`);
    },
    tell: (line) => print(`${harmless(spell(line))}\n`),
    warn(words) {
      const message = spell(words);
      warnings.push(message);
      if (!json) print(`warning: ${harmless(message)}\n`);
    },
    trace(line) {
      if (verbose) print(`${harmless(line)}\n`);
    },
    progress(line) {
      clear();
      if (line === undefined || !moving()) return;
      // A line that wraps could not be taken back.
      streams.err(harmless(line).slice(0, streams.columns - 1));
      underway = true;
    },
  };
}
