// A client secret as it comes from a file or a pipe: one text, with a line feed at its end as often as not.
import { CliError } from '../errors.ts';
import type { Files } from '../model/ports.ts';
import { Secret } from '../model/secret.ts';

export async function secretFromFile(files: Files, named: string, warn: (line: string) => void): Promise<Secret> {
  const path = files.resolve(named);
  const file = await files.readNamed(path);
  if (file === undefined)
    throw new CliError('invalid_value', `there is no file ${path}`, { hint: 'name another with --client-secret-file' });
  if (file.worldReadable) warn(`${path} holds a client secret, and everybody on this machine can read it`);
  return secretIn(file.text, path);
}

export function secretIn(text: string, from: string): Secret {
  const secret = text.trim();
  if (secret !== '') return new Secret(secret);
  throw new CliError('invalid_value', `there is no client secret in ${from}`, {
    hint: 'the secret alone, on one line',
  });
}
