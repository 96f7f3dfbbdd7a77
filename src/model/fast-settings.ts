// Settings as the fast ways meet them: those that cannot concern them are passed by, and everything else is the slow way's, which also finds
// the words for what is wrong. Loads nothing of the settings' own code.
import { isJsonObject, parseJson } from './json.ts';
import type { Files } from './ports.ts';

/** What the fast ways have to know. */
export interface FastSettings {
  /** As the settings write it; undefined when they say nothing. */
  readonly keySource: string | undefined;
}

/** Undefined where the slow way must look. */
export async function readFastSettings(
  files: Pick<Files, 'readOwn' | 'join'>,
  configFolder: string,
): Promise<FastSettings | undefined> {
  const text = await files.readOwn(files.join(configFolder, 'settings.json'));
  if (text === undefined) return { keySource: undefined };
  const json = parseJson(text);
  if (!isJsonObject(json)) return undefined;
  const { key_source: keySource, store = 'files', write_back = 'none', require_protection = 'none', ...others } = json;
  const plain = write_back === 'none' && require_protection === 'none' && Object.keys(others).length === 0;
  const known = store === 'files' || store === 'keychain-items';
  if (!plain || !known || (keySource !== undefined && typeof keySource !== 'string')) return undefined;
  return { keySource };
}
