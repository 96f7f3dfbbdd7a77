// Writing settings.json: one member at a time, and never over a file that cannot be read.
import { checkSetting, readSettings, type SettingName, settingsFile } from '../model/settings.ts';
import { filing } from './provider-book.ts';
import type { Workspace } from './workspace.ts';

/**
 * `value` undefined: back to the default. A path that was typed is meant from here, and the setting holds everywhere. Returns the value as it
 * was written. Throws `invalid_value`, `settings_invalid`, `store_unavailable`.
 */
export async function setSetting(
  { system: { files }, paths }: Pick<Workspace, 'system' | 'paths'>,
  name: SettingName,
  typed: string | undefined,
): Promise<string | undefined> {
  if (typed !== undefined) checkSetting(name, typed);
  const value = typed?.startsWith('file:') ? `file:${files.resolve(typed.slice('file:'.length))}` : typed;
  const path = settingsFile(files, paths.config);
  const { [name]: _, ...others } = await readSettings(files, paths.config);
  const settings = value === undefined ? others : { ...others, [name]: value };
  await filing(path, async () => {
    await files.ensureFolder(paths.config);
    if (Object.keys(settings).length === 0) await files.remove(path);
    else await files.replaceOwn(path, `${JSON.stringify(settings, null, 2)}\n`);
  });
  return value;
}
