// Writing settings.json: one member at a time, under a lock, and never over a file that cannot be read.
import type { Files } from '../model/ports.ts';
import { checkSetting, parseKeySource, readSettings, type SettingName, settingsFile } from '../model/settings.ts';
import { parseWriteBack } from '../model/write-back.ts';
import { createLocks } from '../stores/record-lock.ts';
import { filing } from './provider-book.ts';
import type { Workspace } from './workspace.ts';

const lockWaitMs = 10_000;

/**
 * `typed` undefined: back to the default. A path that was typed is meant from here, and the setting holds everywhere. Returns the value as it
 * was written. Throws `invalid_value`, `settings_invalid`, `store_unavailable`, `locked`.
 */
export async function setSetting(
  { system, paths }: Pick<Workspace, 'system' | 'paths'>,
  name: SettingName,
  typed: string | undefined,
): Promise<string | undefined> {
  const { files } = system;
  const value = typed === undefined ? undefined : settled(name, typed, files);
  const path = settingsFile(files, paths.config);
  const lock = await createLocks(system).acquire(files.join(paths.config, 'settings.lock'), 'the settings', {
    waitMs: lockWaitMs,
  });
  try {
    const { [name]: _, ...others } = await readSettings(files, paths.config);
    const settings = value === undefined ? others : { ...others, [name]: value };
    await filing(path, async () => {
      if (Object.keys(settings).length === 0) await files.remove(path);
      else await files.replaceOwn(path, `${JSON.stringify(settings, null, 2)}\n`);
    });
  } finally {
    await lock.release();
  }
  return value;
}

/** Understood as the commands that use it will, and with its path made absolute. */
function settled(name: SettingName, typed: string, files: Pick<Files, 'resolve'>): string {
  checkSetting(name, typed);
  if (name === 'key_source') {
    const source = parseKeySource(typed, name, files);
    return source.type === 'file' ? `file:${source.path}` : typed;
  }
  if (name !== 'write_back') return typed;
  const receiving = parseWriteBack(typed, name, files);
  if (typeof receiving === 'string' || receiving.kind === 'command') return typed;
  return receiving.isFolder ? `${receiving.path}/` : receiving.path;
}
