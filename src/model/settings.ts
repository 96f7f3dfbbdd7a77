// The settings file (`settings.json` in the config folder), and which seal key source the flags, environment and settings ask for.
import { CliError } from '../errors.ts';
import { isJsonObject, parseJson } from './json.ts';
import { nearestName } from './names.ts';
import type { Env, Files } from './ports.ts';
import type { KeySourceChoice } from './store.ts';

export interface Settings {
  /** `keychain`, `env` or `file:PATH`. */
  readonly keySource?: string;
}

const keySourcePattern = /^(keychain|env|file:.+)$/;
const keySourceWords = 'keychain, env, file:PATH';

/** Member in the file → member of Settings. */
const known = { key_source: 'keySource' } as const;

/** No file: no settings. Throws `settings_invalid`, naming the file and what is wrong in it. */
export async function readSettings(files: Files, configFolder: string): Promise<Settings> {
  const path = files.join(configFolder, 'settings.json');
  const text = await files.readOwn(path);
  return text === undefined ? {} : parseSettings(text, path);
}

function parseSettings(text: string, path: string): Settings {
  const refuse = (why: string): never => {
    throw new CliError('settings_invalid', `${path} ${why}`, { hint: `correct or remove ${path}` });
  };
  const json = parseJson(text);
  if (!isJsonObject(json)) return refuse(json === undefined ? 'is not JSON' : 'is not a JSON object');
  const settings: Record<string, string> = {};
  for (const [name, value] of Object.entries(json)) {
    if (!Object.hasOwn(known, name)) {
      const nearest = nearestName(name, Object.keys(known));
      return refuse(`has the unknown setting '${name}'${nearest === undefined ? '' : `; did you mean '${nearest}'?`}`);
    }
    if (typeof value !== 'string' || !keySourcePattern.test(value))
      return refuse(`has a '${name}' that is none of ${keySourceWords}`);
    settings[known[name as keyof typeof known]] = value;
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
  if (settings.keySource !== undefined) return parseKeySource(settings.keySource, 'the setting key_source', files);
  return undefined;
}

/** `from` names where the text was found. */
export function parseKeySource(text: string, from: string, files: Pick<Files, 'resolve'>): KeySourceChoice {
  if (!keySourcePattern.test(text)) {
    throw new CliError('invalid_value', `${from}: '${text}' is none of ${keySourceWords}`, { hint: 'oauthctl --help' });
  }
  if (text === 'keychain' || text === 'env') return { type: text };
  return { type: 'file', path: files.resolve(text.slice('file:'.length)) };
}
