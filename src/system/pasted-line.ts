// Waiting for a pasted line at the terminal while something else may come first.
import { createLineReader } from './line-reader.ts';
import type { PrompterOptions } from './prompter.ts';

/** https://invisible-island.net/xterm/ctlseqs/ctlseqs.html#h2-Bracketed-Paste-Mode */
const bracketedPasteOn = '\u001b[?2004h';
const bracketedPasteOff = '\u001b[?2004l';

type Terminal = Pick<PrompterOptions, 'input' | 'output' | 'interrupt'>;

/** Undefined when the signal aborts first, or the terminal is closed. The terminal is left as it was found. */
export function readPastedLine(
  { input, output, interrupt }: Terminal,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (signal.aborted) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const reader = createLineReader();
    const restore = () => {
      input.setRawMode(false);
      output.write(bracketedPasteOff);
    };
    const settle = (line: string | undefined) => {
      input.off('data', read).off('end', leave).pause();
      signal.removeEventListener('abort', leave);
      process.off('exit', restore);
      restore();
      resolve(line);
    };
    const leave = () => settle(undefined);
    const read = (chunk: Buffer | string) => {
      const reading = reader.feed(chunk.toString());
      if (reading.kind === 'line') settle(reading.line);
      if (reading.kind === 'interrupt') interrupt();
    };
    signal.addEventListener('abort', leave);
    process.once('exit', restore);
    input.setRawMode(true);
    output.write(bracketedPasteOn);
    input.on('data', read).on('end', leave).resume();
  });
}
