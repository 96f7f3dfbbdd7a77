// Which providers there are: those that ship, and those that the person added as files under CONFIG/providers.
import { CliError } from '../errors.ts';
import { fileWords } from '../model/file-words.ts';
import { isJsonObject, type Json, type JsonObject, parseJson } from '../model/json.ts';
import { nearestName, parseProviderId } from '../model/names.ts';
import { parseProvider } from '../model/parse-provider.ts';
import { type Files, isFileError } from '../model/ports.ts';
import type { Provider, ProviderEntry } from '../model/provider.ts';
import { shippedProviders } from '../providers/generated-index.ts';
import type { ProviderBook } from './workspace.ts';

type ReadingFiles = Pick<Files, 'readOwn' | 'list' | 'join'>;

export interface BookDependencies {
  readonly files: ReadingFiles;
  readonly configFolder: string;
  /** Told of added files that `list` leaves out. */
  readonly warn?: (message: string) => void;
}

export function createProviderBook({ files, configFolder, warn }: BookDependencies): ProviderBook {
  const folder = providersFolder(files, configFolder);
  return {
    async get(text) {
      const id = parseProviderId(text);
      const shipped = await readShipped(id);
      if (shipped !== undefined) return shipped;
      const added = await readAdded(files, folder, id);
      if (added !== undefined) return { provider: added.provider, source: 'added' };
      throw notFound(id, await knownIds(files, folder));
    },
    async list() {
      const entries: ProviderEntry[] = [];
      for (const id of await knownIds(files, folder)) {
        const entry = await readForList(files, folder, id, warn);
        if (entry !== undefined) entries.push(entry);
      }
      return entries;
    },
  };
}

export function providersFolder(files: Pick<Files, 'join'>, configFolder: string): string {
  return files.join(configFolder, 'providers');
}

/** `hasOwn`, since `constructor` has the form of an id too. */
export function isShipped(id: string): boolean {
  return Object.hasOwn(shippedProviders, id);
}

async function readShipped(id: string): Promise<ProviderEntry | undefined> {
  if (!isShipped(id)) return undefined;
  const loaded = await shippedProviders[id]?.();
  return loaded === undefined ? undefined : { provider: loaded.provider, source: 'shipped' };
}

/** Shipped ones first, then the added ones, each sorted. A file with a shipped id is never read. */
async function knownIds(files: ReadingFiles, folder: string): Promise<readonly string[]> {
  const shipped = Object.keys(shippedProviders).sort();
  return [...shipped, ...(await addedIds(files, folder)).filter((id) => !isShipped(id))];
}

async function addedIds(files: ReadingFiles, folder: string): Promise<readonly string[]> {
  const names = await filing(folder, () => files.list(folder));
  return (names ?? [])
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .filter((id) => /^[a-z][a-z0-9-]{0,31}$/.test(id))
    .sort();
}

async function readForList(
  files: ReadingFiles,
  folder: string,
  id: string,
  warn: BookDependencies['warn'],
): Promise<ProviderEntry | undefined> {
  const shipped = await readShipped(id);
  if (shipped !== undefined) return shipped;
  try {
    const added = await readAdded(files, folder, id);
    return added === undefined ? undefined : { provider: added.provider, source: 'added' };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    warn?.(`provider '${id}' is left out: ${error.message}`);
    return undefined;
  }
}

function notFound(id: string, known: readonly string[]): CliError {
  const nearest = nearestName(id, known);
  if (nearest === undefined) {
    return new CliError('provider_not_found', `there is no provider '${id}', only ${known.join(', ')}`, {
      hint: `oauthctl provider add ${id} --issuer URL`,
    });
  }
  return new CliError('provider_not_found', `there is no provider '${id}'; did you mean '${nearest}'?`, {
    hint: 'oauthctl provider list',
  });
}

/** An added provider as it rests in its file. */
export interface AddedProvider {
  /** `issuer`: found by discovery, and can be found again. `file`: brought by the person. */
  readonly from: 'issuer' | 'file';
  readonly provider: Provider;
}

const version = 1;

export function addedToText(added: AddedProvider): string {
  return `${JSON.stringify(addedToJson(added), null, 2)}\n`;
}

export function addedToJson({ from, provider }: AddedProvider): JsonObject {
  return { version, from, provider: provider as unknown as JsonObject };
}

/** Throws `invalid_value` when it is not what `addedToJson` gives for that id. */
export function addedFromJson(json: Json | undefined, id: string): AddedProvider {
  const refuse = (why: string) => new CliError('invalid_value', why);
  if (!isJsonObject(json)) throw refuse('it is not a JSON object');
  if (json.version !== version) throw refuse('it was written by another version of oauthctl');
  const provider = parseProvider(json.provider);
  if (provider.id !== id) throw refuse(`it describes '${provider.id}'`);
  return { from: json.from === 'issuer' ? 'issuer' : 'file', provider };
}

/** Undefined when there is no such file; throws `settings_invalid` naming the file when it cannot be used. */
export async function readAdded(files: ReadingFiles, folder: string, id: string): Promise<AddedProvider | undefined> {
  const path = addedPath(files, folder, id);
  const text = await filing(path, () => files.readOwn(path));
  if (text === undefined) return undefined;
  try {
    return addedFromJson(parseJson(text), id);
  } catch (error) {
    if (error instanceof CliError && error.code === 'invalid_value') throw unusable(path, error.message, id);
    throw error;
  }
}

export function addedPath(files: Pick<Files, 'join'>, folder: string, id: string): string {
  return files.join(folder, `${id}.json`);
}

function unusable(path: string, why: string, id: string): CliError {
  return new CliError('settings_invalid', `${path} cannot be used: ${why}`, {
    hint: `mend the file, or oauthctl provider remove ${id}`,
  });
}

/** A file that cannot be reached is the settings' fault, whatever was being done. */
export async function filing<T>(path: string, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (!isFileError(error)) throw error;
    throw new CliError('settings_invalid', `${path} cannot be used: ${fileWords(error).why}`, {
      hint: fileWords(error).hint,
      cause: error,
    });
  }
}
