// Standard input, output and error. Written synchronously where the platform allows: nothing is lost at exit, the order of
// both streams is kept, and a piped answer needs none of Node's stream modules (3 ms of a start of 28).
import { isUtf8 } from 'node:buffer';
import { fstatSync, writeSync } from 'node:fs';
import { CliError } from '../errors.ts';
import type { Streams } from '../model/ports.ts';

const longestInput = 1024 * 1024;

/** A reader that has gone (`| head`) is no error of ours: the rest is dropped, and the command ends as it would have. */
const readerGone = ['EPIPE', 'EOF', 'ERR_STREAM_DESTROYED'];

export function createStreams(platform: NodeJS.Platform = process.platform): Streams {
  return {
    out: (text) => write(1, text, platform),
    // Nothing can be said about a broken stderr.
    err: (text) => void write(2, text, platform).catch(() => {}),
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

async function write(fd: 1 | 2, text: string, platform: NodeJS.Platform): Promise<void> {
  const bytes = Buffer.from(text);
  try {
    // On Windows only the stream knows the console's code page.
    const left = platform === 'win32' ? bytes : writeNow(fd, bytes);
    if (left.length > 0) await writeStream(fd === 1 ? process.stdout : process.stderr, left);
  } catch (error) {
    if (!readerGone.includes(codeOf(error))) throw storageError(error);
  }
}

/** What is left: somebody may have made the shared pipe non-blocking, and the stream must wait for it then. */
function writeNow(fd: 1 | 2, bytes: Uint8Array): Uint8Array {
  let left = bytes;
  try {
    while (left.length > 0) left = left.subarray(writeSync(fd, left));
  } catch (error) {
    if (codeOf(error) !== 'EAGAIN') throw error;
  }
  return left;
}

function writeStream(stream: NodeJS.WriteStream, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    // Told twice, and once is enough.
    stream.once('error', () => {});
    stream.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
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
