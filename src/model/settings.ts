// The settings: what there is, the file that holds them, and which seal key source and which store
// flags, environment and settings ask for.
import { CliError } from '../errors.ts';
import { commandWords } from './command-words.ts';
import { isJsonObject, parseJson } from './json.ts';
import { nearestName } from './names.ts';
import type { Env, Files } from './ports.ts';
import { type Protection, protections } from './protection.ts';
import type { KeySourceChoice, StoreName, StoreWish } from './store.ts';

export interface SettingDefinition {
  readonly says: string;
  /** What goes before it, by rank: flag, then environment. */
  readonly flag: `--${string}`;
  /** What the flag is called in the program. */
  readonly member: string;
  readonly variable: `OAUTHCTL_${string}`;
  /** What holds when nobody says anything. */
  readonly preset: string;
  /** What it may be, for people. */
  readonly takes: string;
  readonly pattern: RegExp;
  /** Variables that stand for a value of it when neither flag nor `variable` says one. */
  readonly implied?: { readonly by: readonly string[]; readonly value: string };
  /** Where it is for new trees: the command that changes one that is there. */
  readonly changes?: string;
}

const keySourcePattern = /^(keychain|env|passphrase|file:.+|command:.+)$/;
const keySourceWords = 'keychain, env, passphrase, file:PATH, command:CMD';

const storeNames: readonly StoreName[] = ['files', 'keychain-items'];

/** Every setting there is: its name is the member of settings.json, and of `oauthctl settings`. */
export const settingDefinitions = {
  key_source: {
    says: 'where the seal key of a new tree comes from',
    flag: '--key',
    member: 'key',
    variable: 'OAUTHCTL_KEY_SOURCE',
    preset: 'keychain',
    takes: keySourceWords,
    pattern: keySourcePattern,
    implied: { by: ['OAUTHCTL_KEY', 'OAUTHCTL_KEY_FILE'], value: 'env' },
    changes: 'oauthctl key move',
  },
  write_back: {
    says: 'what receives a connection after each refresh, where the data folder does not last',
    flag: '--write-back',
    member: 'writeBack',
    variable: 'OAUTHCTL_WRITE_BACK',
    preset: 'none',
    takes: 'FILE, FOLDER/, command:CMD, keep, none',
    pattern: /\S/,
  },
  store: {
    says: 'where the records of a new tree rest',
    flag: '--store',
    member: 'store',
    variable: 'OAUTHCTL_STORE',
    preset: 'files',
    takes: storeNames.join(', '),
    pattern: /^(files|keychain-items)$/,
    changes: 'oauthctl store migrate',
  },
  require_protection: {
    says: 'what must at least protect the seal key, or every command that uses the store fails',
    flag: '--require-protection',
    member: 'requireProtection',
    variable: 'OAUTHCTL_REQUIRE_PROTECTION',
    preset: 'none',
    takes: protections.join(', '),
    pattern: new RegExp(`^(${protections.join('|')})$`),
  },
} as const satisfies Readonly<Record<string, SettingDefinition>>;

export type SettingName = keyof typeof settingDefinitions;
export type Settings = Readonly<Partial<Record<SettingName, string>>>;

function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(settingDefinitions, name);
}

export function settingsFile(files: Pick<Files, 'join'>, configFolder: string): string {
  return files.join(configFolder, 'settings.json');
}

/** No file: no settings. Throws `settings_invalid`, naming the file and what is wrong in it. */
export async function readSettings(files: Pick<Files, 'join' | 'readOwn'>, configFolder: string): Promise<Settings> {
  const path = settingsFile(files, configFolder);
  const text = await files.readOwn(path);
  return text === undefined ? {} : parseSettings(text, path);
}

/** Where a setting's value comes from, by rank. */
type SettingSource = 'flag' | 'environment' | 'file' | 'default';

export interface EffectiveSetting {
  readonly name: SettingName;
  readonly value: string;
  readonly source: SettingSource;
  readonly preset: string;
  readonly says: string;
}

export const settingNames = Object.keys(settingDefinitions) as readonly SettingName[];

/** `flags`: what was given on the command line, by member. */
export function effectiveSettings(
  flags: Readonly<Record<string, unknown>>,
  env: Pick<Env, 'get'>,
  settings: Settings,
): readonly EffectiveSetting[] {
  return settingNames.map((name) => {
    const definition: SettingDefinition = settingDefinitions[name];
    const { preset, says, implied } = definition;
    const stands = implied?.by.some((variable) => env.get(variable) !== undefined) ? implied.value : undefined;
    const given: readonly (readonly [SettingSource, string | undefined])[] = [
      ['flag', flags[definition.member]?.toString()],
      ['environment', env.get(definition.variable) ?? stands],
      ['file', settings[name]],
    ];
    const [source, value] = given.find(([, value]) => value !== undefined) ?? ['default', preset];
    return { name, value: value ?? preset, source, preset, says };
  });
}

/** Throws `invalid_value` for what the setting cannot be. */
export function checkSetting(name: SettingName, value: string): void {
  const { pattern, takes } = settingDefinitions[name];
  if (pattern.test(value)) return;
  throw new CliError('invalid_value', `${name} cannot be '${value}': ${takes}`, { hint: 'oauthctl settings list' });
}

function parseSettings(text: string, path: string): Settings {
  const refuse = (why: string): never => {
    throw new CliError('settings_invalid', `${path} ${why}`, { hint: `correct or remove ${path}` });
  };
  const json = parseJson(text);
  if (!isJsonObject(json)) return refuse(json === undefined ? 'is not JSON' : 'is not a JSON object');
  const settings: Partial<Record<SettingName, string>> = {};
  for (const [name, value] of Object.entries(json)) {
    if (!isSettingName(name)) {
      const nearest = nearestName(name, settingNames);
      return refuse(`has the unknown setting '${name}'${nearest === undefined ? '' : `; did you mean '${nearest}'?`}`);
    }
    const { pattern, takes } = settingDefinitions[name];
    if (typeof value !== 'string' || !pattern.test(value)) return refuse(`has a '${name}' that is none of ${takes}`);
    settings[name] = value;
  }
  return settings;
}

export interface KeyWishes {
  /** `--key` */
  readonly flag: string | undefined;
  readonly env: Pick<Env, 'get'>;
  readonly settings: Settings;
}

/** What was asked for explicitly, by the first of flag, environment and settings; undefined when nobody did. */
export function chooseKeySource(
  { flag, env, settings }: KeyWishes,
  files: Pick<Files, 'resolve'>,
): KeySourceChoice | undefined {
  const variable = env.get('OAUTHCTL_KEY_SOURCE');
  if (flag !== undefined) return parseKeySource(flag, '--key', files);
  if (variable !== undefined) return parseKeySource(variable, 'OAUTHCTL_KEY_SOURCE', files);
  if (env.get('OAUTHCTL_KEY') !== undefined || env.get('OAUTHCTL_KEY_FILE') !== undefined) return { type: 'env' };
  if (settings.key_source !== undefined) return parseKeySource(settings.key_source, 'the setting key_source', files);
  return undefined;
}

/** `from` names where the text was found. */
export function parseKeySource(text: string, from: string, files: Pick<Files, 'resolve'>): KeySourceChoice {
  if (!keySourcePattern.test(text)) {
    throw new CliError('invalid_value', `${from}: '${text}' is none of ${keySourceWords}`, { hint: 'oauthctl --help' });
  }
  if (text === 'keychain' || text === 'env' || text === 'passphrase') return { type: text };
  if (text.startsWith('file:')) return { type: 'file', path: files.resolve(text.slice('file:'.length)) };
  const command = text.slice('command:'.length);
  if (commandWords(command) !== undefined) return { type: 'command', command };
  throw new CliError('invalid_value', `${from}: the command has no word, or a quote that is not closed`, {
    hint: "like: command:'pass show oauthctl'",
  });
}

export interface ProtectionWishes {
  /** `--require-protection` */
  readonly flag: string | undefined;
  readonly env: Pick<Env, 'get'>;
  readonly settings: () => Promise<Settings>;
}

/** By the first of flag, environment and settings; undefined when nobody requires any. */
export async function requiredProtection({ flag, env, settings }: ProtectionWishes): Promise<Protection | undefined> {
  const variable = env.get('OAUTHCTL_REQUIRE_PROTECTION');
  const text = flag ?? variable ?? (await settings()).require_protection;
  const required = protections.find((protection) => protection === text);
  if (text === undefined || required === 'none') return undefined;
  if (required !== undefined) return required;
  const from = flag === undefined ? 'OAUTHCTL_REQUIRE_PROTECTION' : '--require-protection';
  throw new CliError('invalid_value', `${from}: '${text}' is none of ${protections.join(', ')}`, {
    hint: 'oauthctl --help',
  });
}

interface StoreWishes extends Omit<KeyWishes, 'flag'> {
  /** `--store` */
  readonly flag: StoreName | undefined;
}

/** As `chooseKeySource`, for the store. */
export function chooseStore({ flag, env, settings }: StoreWishes): StoreWish | undefined {
  const wishes = [
    { from: '--store', text: flag },
    { from: 'OAUTHCTL_STORE', text: env.get('OAUTHCTL_STORE') },
    { from: 'the setting store', text: settings.store },
  ];
  const wish = wishes.find(({ text }) => text !== undefined);
  if (wish === undefined) return undefined;
  const store = storeNames.find((name) => name === wish.text);
  if (store !== undefined) return { store, from: wish.from };
  throw new CliError('invalid_value', `${wish.from}: '${wish.text}' is none of ${storeNames.join(', ')}`, {
    hint: 'oauthctl --help',
  });
}
