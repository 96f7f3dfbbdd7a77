// `oauthctl settings set`: writes one setting, or takes it back to its default.
import { setSetting } from '../connections/edit-settings.ts';
import type { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import type { CommandDefinition, CommandInput, CommandResult } from '../model/command.ts';
import { argumentOf, flagOf } from '../model/command-input.ts';
import { object, orNull, text } from '../model/json-schema.ts';
import {
  type SettingDefinition,
  type SettingName,
  settingDefinitions,
  settingNames,
  settingsFile,
} from '../model/settings.ts';

export const definition: CommandDefinition = {
  path: ['settings', 'set'],
  summary: 'write one setting',
  arguments: [
    { name: 'SETTING', says: 'which one', required: true, choices: settingNames },
    { name: 'VALUE', says: 'what it is from now on', required: false },
  ],
  options: [{ name: 'default', says: 'back to the default' }],
  examples: ['oauthctl settings set key_source env', 'oauthctl settings set key_source --default'],
};

export const answer = object({ name: text, value: orNull(text), file: text });

export async function run(context: Context, input: CommandInput): Promise<CommandResult> {
  const name = argumentOf(input, 'SETTING') as SettingName;
  const typed = input.arguments.VALUE;
  const given = typeof typed === 'string' ? typed : undefined;
  if ((given === undefined) !== flagOf(input, 'default')) {
    throw new CliError('usage', `say what ${name} is to be, or --default`, { hint: 'oauthctl settings list' });
  }
  const value = await setSetting(context, name, given);
  const { variable } = settingDefinitions[name];
  if (context.system.env.get(variable) !== undefined) context.warn(`${variable} is set, and outranks the setting`);
  const file = settingsFile(context.system.files, context.paths.config);
  const words = value === undefined ? `${name} is back to its default` : `${name} is ${value} from now on`;
  const { changes } = settingDefinitions[name] as SettingDefinition;
  const now = changes === undefined ? '' : `, for a new tree; one that is there is changed by ${changes}`;
  return { data: { name, value: value ?? null, file }, view: { kind: 'text', text: `${words}${now}` } };
}
