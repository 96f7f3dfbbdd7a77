// File names for completion. The shells could offer them too, but each would need to be told when, in its own way.
import type { Env, Files } from '../model/ports.ts';
import type { Offer } from './completion-words.ts';

/** Below what was typed; a folder ends with a slash, so that one goes on typing. What cannot be read offers nothing. */
export async function fileOffers(
  typed: string,
  foldersOnly: boolean,
  files: Pick<Files, 'listNamed' | 'facts' | 'join' | 'resolve'>,
  env: Env,
): Promise<readonly Offer[]> {
  const start = typed.slice(0, typed.lastIndexOf('/') + 1);
  const folder = files.resolve(start.startsWith('~/') ? files.join(env.homeFolder, start.slice('~/'.length)) : start);
  const names = (await files.listNamed(folder).catch(() => undefined)) ?? [];
  const hiddenToo = typed.slice(start.length).startsWith('.');
  const offers: Offer[] = [];
  for (const name of names.filter((candidate) => hiddenToo || !candidate.startsWith('.'))) {
    const facts = await files.facts(files.join(folder, name)).catch(() => undefined);
    if (facts?.kind === 'folder') offers.push({ value: `${start}${name}/`, says: 'folder' });
    else if (!foldersOnly) offers.push({ value: `${start}${name}`, says: 'file' });
  }
  return offers;
}
