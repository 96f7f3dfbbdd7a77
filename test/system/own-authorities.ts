// A file of certificates for the time of one test.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-folder.ts';

/** The path of a file with this text. */
export function ownAuthorities(text: string | Buffer): string {
  const path = join(temporaryFolder(), 'authorities.pem');
  writeFileSync(path, text);
  return path;
}
