// `oauthctl settings get`: the value that holds for one setting.
import type { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import type { CommandDefinition, CommandInput, CommandResult } from '../model/command.ts';
import { argumentOf } from '../model/command-input.ts';
import { object, oneOf, text } from '../model/json-schema.ts';
import { effectiveSettings, readSettings, type SettingName, settingNames } from '../model/settings.ts';

export const definition: CommandDefinition = {
  path: ['settings', 'get'],
  summary: 'print the value of one setting',
  arguments: [{ name: 'SETTING', says: 'which one', required: true, choices: settingNames }],
  options: [],
  examples: ['oauthctl settings get key_source'],
};

export const answer = object({ name: text, value: text, source: oneOf('flag', 'environment', 'file', 'default') });

export async function run({ flags, paths, system }: Context, input: CommandInput): Promise<CommandResult> {
  const name = argumentOf(input, 'SETTING') as SettingName;
  const settings = effectiveSettings(
    { ...flags },
    flags.sandbox ? { get: () => undefined } : system.env,
    await readSettings(system.files, paths.config),
  );
  const found = settings.find((setting) => setting.name === name);
  if (found === undefined) throw new CliError('internal', `'${name}' has no value`);
  const { value, source } = found;
  return { data: { name, value, source }, view: { kind: 'text', text: value } };
}
