// What a cut-short write left at the end of the trail: kept in a file of its own, and told in the trail as `audit.recovered`.
import { createHash } from 'node:crypto';
import type { JsonObject } from '../model/json.ts';
import type { Files } from '../model/ports.ts';
import type { TrailEnd } from './trail-end.ts';

/**
 * The details of the `audit.recovered` that the chain lacks, or undefined. The file is named after the last whole line: as
 * long as the chain ends with that very line, the recovery has not been told, however often a crash interrupted it.
 */
export async function setTornTailAside(
  files: Files,
  folder: string,
  path: string,
  end: Exclude<TrailEnd, { state: 'unreadable' }>,
): Promise<JsonObject | undefined> {
  const file = `torn-after-${end.head.seq}.base64`;
  const asidePath = files.join(folder, file);
  let aside = (await files.readOwn(asidePath)) ?? '';
  if (end.state === 'torn') {
    const piece = `${Buffer.from(end.torn).toString('base64')}\n`;
    if (!aside.endsWith(piece)) aside += piece;
    await files.replaceOwn(asidePath, aside);
    // Only what is kept elsewhere is cut off.
    await files.truncateOwn(path, end.keepBytes);
  }
  if (aside === '') return undefined;
  const bytes = Buffer.concat(aside.split('\n').map((piece) => Buffer.from(piece, 'base64')));
  return { file, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}
