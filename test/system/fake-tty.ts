// A terminal made of two streams, for what draws prompts and reads keys.
import { PassThrough } from 'node:stream';

export interface FakeTty {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  /** Raw mode as it was switched. */
  readonly rawModes: boolean[];
  written(): string;
  type(keys: string): void;
  /** Resolves when that text has been drawn since the last call. */
  shows(text: string): Promise<void>;
  hangUp(): void;
}

export function createFakeTty(): FakeTty {
  const rawModes: boolean[] = [];
  const input = new PassThrough();
  const output = new PassThrough();
  let written = '';
  let seen = 0;
  let look = () => {};
  output.on('data', (chunk) => {
    written += chunk;
    look();
  });
  const setRawMode = (on: boolean) => {
    rawModes.push(on);
    return input;
  };
  return {
    input: Object.assign(input, { isTTY: true, setRawMode }) as unknown as NodeJS.ReadStream,
    // `_isStdio` keeps a prompt that ends from ending it too, as with the real one.
    output: Object.assign(output, {
      isTTY: true,
      columns: 80,
      rows: 24,
      _isStdio: true,
    }) as unknown as NodeJS.WriteStream,
    rawModes,
    written: () => written,
    type: (keys) => void input.write(keys),
    shows: (text) =>
      new Promise((resolve) => {
        look = () => {
          const at = written.indexOf(text, seen);
          if (at < 0) return;
          seen = at + text.length;
          look = () => {};
          resolve();
        };
        look();
      }),
    hangUp: () => void input.end(),
  };
}
