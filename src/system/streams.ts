// Standard input, output and error. Written synchronously where the platform allows: nothing is lost at exit, the order of
// both streams is kept, and a piped answer needs none of Node's stream modules (3 ms of a start of 28).
import { isUtf8 } from 'node:buffer';
import { fstatSync, writeSync } from 'node:fs';
import { CliError } from '../errors.ts';
import type { Streams } from '../model/ports.ts';

const longestInput = 1024 * 1024;

export function createStreams(platform: NodeJS.Platform = process.platform): Streams {
  const closed = new Set<1 | 2>();
  const write = (fd: 1 | 2, text: string) => writeWhole(fd, text, closed, platform);
  return {
    out: (text) => write(1, text),
    err: (text) => void write(2, text),
    get outIsTerminal() {
      return isTerminal(1);
    },
    get errIsTerminal() {
      return isTerminal(2);
    },
    get inIsTerminal() {
      return isTerminal(0);
    },
    get columns() {
      if (isTerminal(1)) return process.stdout.columns || 80;
      return (isTerminal(2) && process.stderr.columns) || 80;
    },
    readInput: () => readAll(process.stdin),
  };
}

/** A reader that has gone (`| head`) is no error of ours: the rest is dropped, and the command ends as it would have. */
async function writeWhole(fd: 1 | 2, text: string, closed: Set<1 | 2>, platform: NodeJS.Platform): Promise<void> {
  if (closed.has(fd) || text === '') return;
  let left: Uint8Array = Buffer.from(text);
  try {
    // On Windows only the stream knows the console's code page.
    if (platform !== 'win32') while (left.length > 0) left = left.subarray(writeSync(fd, left));
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EPIPE') closed.add(fd);
    // EAGAIN: somebody made the shared pipe non-blocking, and it is full. The stream waits for it.
    if (code !== 'EAGAIN') return fd === 2 || code === 'EPIPE' ? undefined : fail(error);
  }
  if (left.length > 0) await writeStream(fd === 1 ? process.stdout : process.stderr, left, () => closed.add(fd));
}

function writeStream(stream: NodeJS.WriteStream, bytes: Uint8Array, onClosed: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.once('error', () => {});
    stream.write(bytes, (error) => {
      if (!error) return resolve();
      if (codeOf(error) !== 'EPIPE') return reject(storageError(error));
      onClosed();
      resolve();
    });
  });
}

function fail(error: unknown): never {
  throw storageError(error);
}

/** A full disk behind `> file`: the answer is lost, so the command has failed. */
function storageError(cause: unknown): CliError {
  return new CliError('store_unavailable', `standard output could not be written (${codeOf(cause)})`, {
    hint: 'write the output to a place with room',
    cause,
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}

/** Asks for a terminal only where there is a character device, since node:tty is not free. */
function isTerminal(fd: 0 | 1 | 2): boolean {
  try {
    if (!fstatSync(fd).isCharacterDevice()) return false;
  } catch {
    return false;
  }
  return process.getBuiltinModule('node:tty').isatty(fd);
}

async function readAll(stream: NodeJS.ReadStream): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > longestInput) throw new CliError('invalid_value', 'standard input is longer than 1 MiB');
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  if (!isUtf8(bytes)) throw new CliError('invalid_value', 'standard input is not UTF-8 text');
  return bytes.toString('utf8');
}
