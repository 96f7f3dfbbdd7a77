// What the disk refused, as an error for people.
import { CliError } from '../errors.ts';
import { fileWords } from '../model/file-words.ts';
import { type FileError, isFileError } from '../model/ports.ts';

export function fileTrouble(error: FileError, act: string): CliError {
  const { why, hint } = fileWords(error);
  return new CliError('store_unavailable', `${act} failed at ${error.path}: ${why}`, { hint, cause: error });
}

/** Runs `body`; what the disk refuses in it becomes `store_unavailable`. `act` names what was tried: "saving gmail". */
export async function overFiles<T>(act: string, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    throw isFileError(error) ? fileTrouble(error, act) : error;
  }
}
