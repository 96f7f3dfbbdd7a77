// `oauthctl settings list`: every setting, where its value comes from, and its default.
import type { Context } from '../context.ts';
import type { CommandDefinition, CommandResult } from '../model/command.ts';
import { list, object, oneOf, text } from '../model/json-schema.ts';
import { effectiveSettings, readSettings } from '../model/settings.ts';
import { textCell } from '../ui/cells.ts';

export const definition: CommandDefinition = {
  path: ['settings', 'list'],
  summary: 'every setting with its source and default',
  arguments: [],
  options: [],
  examples: ['oauthctl settings list'],
};

export const answer = object({
  settings: list(
    object({
      name: text,
      value: text,
      source: oneOf('flag', 'environment', 'file', 'default'),
      default: text,
      says: text,
    }),
  ),
});

export async function run({ flags, paths, system }: Context): Promise<CommandResult> {
  const settings = effectiveSettings(
    { ...flags },
    flags.sandbox ? { get: () => undefined } : system.env,
    await readSettings(system.files, paths.config),
  );
  return {
    data: {
      settings: settings.map(({ name, value, source, preset, says }) => ({
        name,
        value,
        source,
        default: preset,
        says,
      })),
    },
    view: {
      kind: 'table',
      columns: ['setting', 'value', 'from', 'default'],
      rows: settings.map(({ name, value, source, preset, says }) => [
        textCell(name),
        textCell(value),
        textCell(source, source === 'default' ? 'dim' : 'plain'),
        textCell(preset),
        textCell(says),
      ]),
      whenEmpty: '',
      notes: settings.map(({ name, says }) => `${name}: ${says}`),
    },
  };
}
