// The seal key in a file of the person's choice. The keyring decides whether a missing one may be made.
import { CliError } from '../../errors.ts';
import { fileWords } from '../../model/file-words.ts';
import { type Files, isFileError } from '../../model/ports.ts';
import type { KeyGuard } from '../../model/protection.ts';
import type { KeySourceChoice } from '../../model/store.ts';
import type { FoundKey, KeySource } from '../key-source.ts';
import { parseKeyText } from '../key-text.ts';

/** `path`: absolute. */
export function fileSource(files: Files, path: string): KeySource {
  return {
    key: () => readKeyFile(files, path),
    async create(_kid, fresh): Promise<KeySourceChoice> {
      await overKeyFile(path, () => files.createOwn(path, `${fresh.reveal()}\n`));
      const back = await readKeyFile(files, path);
      if (back.state === 'found' && back.bytes.reveal() === fresh.reveal()) return { type: 'file', path };
      throw new CliError('key_unavailable', `the key file ${path} does not hold the key that was just written to it`, {
        hint: `look at ${path}`,
      });
    },
    remove: async () => `the key file ${path}`,
    describe: () => `the key file ${path}`,
    guard: fileGuard,
  };
}

export const fileGuard: KeyGuard = {
  protection: 'file',
  readers: "programs that run as you, and whoever the file's mode or a copy of it lets in",
};

/** Links and group access are fine: a container's secret is often both. */
export async function readKeyFile(files: Files, path: string): Promise<FoundKey> {
  const file = await overKeyFile(path, () => files.readNamed(path));
  if (file === undefined) return { state: 'absent' };
  const bytes = parseKeyText(file.text);
  return bytes === undefined ? { state: 'malformed' } : { state: 'found', bytes, worldReadable: file.worldReadable };
}

async function overKeyFile<T>(path: string, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (!isFileError(error)) throw error;
    throw new CliError('key_unavailable', `the key file ${path} cannot be used: ${fileWords(error).why}`, {
      hint: fileWords(error).hint,
      cause: error,
    });
  }
}
