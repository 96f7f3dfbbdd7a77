// The settings: what there is, the file that holds them, and which seal key source flags, environment and settings ask for.
import { CliError } from '../errors.ts';
import { commandWords } from './command-words.ts';
import { isJsonObject, parseJson } from './json.ts';
import { nearestName } from './names.ts';
import type { Env, Files } from './ports.ts';
import { type Protection, protections } from './protection.ts';
import type { KeySourceChoice } from './store.ts';

interface SettingDefinition {
  readonly says: string;
  /** What goes before it, by rank: flag, then environment. */
  readonly flag: `--${string}`;
  readonly variable: `OAUTHCTL_${string}`;
  /** What holds when nobody says anything. */
  readonly preset: string;
  /** What it may be, for people. */
  readonly takes: string;
  readonly pattern: RegExp;
}

const keySourcePattern = /^(keychain|env|passphrase|file:.+|command:.+)$/;
const keySourceWords = 'keychain, env, passphrase, file:PATH, command:CMD';

/** Every setting there is: its name is the member of settings.json, and of `oauthctl settings`. */
const settingDefinitions = {
  key_source: {
    says: 'where the seal key of a new tree comes from',
    flag: '--key',
    variable: 'OAUTHCTL_KEY_SOURCE',
    preset: 'keychain',
    takes: keySourceWords,
    pattern: keySourcePattern,
  },
  require_protection: {
    says: 'what must at least protect the seal key, or every command that uses the store fails',
    flag: '--require-protection',
    variable: 'OAUTHCTL_REQUIRE_PROTECTION',
    preset: 'none',
    takes: protections.join(', '),
    pattern: new RegExp(`^(${protections.join('|')})$`),
  },
} as const satisfies Readonly<Record<string, SettingDefinition>>;

type SettingName = keyof typeof settingDefinitions;
export type Settings = Readonly<Partial<Record<SettingName, string>>>;

function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(settingDefinitions, name);
}

function settingsFile(files: Pick<Files, 'join'>, configFolder: string): string {
  return files.join(configFolder, 'settings.json');
}

/** No file: no settings. Throws `settings_invalid`, naming the file and what is wrong in it. */
export async function readSettings(files: Pick<Files, 'join' | 'readOwn'>, configFolder: string): Promise<Settings> {
  const path = settingsFile(files, configFolder);
  const text = await files.readOwn(path);
  return text === undefined ? {} : parseSettings(text, path);
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
      const nearest = nearestName(name, Object.keys(settingDefinitions));
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
