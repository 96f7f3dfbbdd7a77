// Adding, refreshing and removing the providers of CONFIG/providers. Nothing that ships is ever changed.
import { CliError } from '../errors.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { isJsonObject, parseJson } from '../model/json.ts';
import { parseProviderId } from '../model/names.ts';
import { parseProvider } from '../model/parse-provider.ts';
import type { Provider } from '../model/provider.ts';
import type { RecordKind } from '../model/store.ts';
import { discoverServer, providerFromMetadata } from '../oauth/discover.ts';
import { noteOutcome } from './note-outcome.ts';
import { oauthPorts } from './peer.ts';
import {
  type AddedProvider,
  addedPath,
  addedToText,
  filing,
  isShipped,
  providersFolder,
  readAdded,
} from './provider-book.ts';
import type { Workspace } from './workspace.ts';

export interface AddRequest {
  readonly name: string;
  /** One of the two. */
  readonly issuer?: string | undefined;
  readonly file?: string | undefined;
  /** With an issuer: the scopes that `connect` asks for, and where `request` may send the token. */
  readonly scopes: readonly string[];
  readonly apiOrigins: readonly string[];
}

/** A name that is taken is refused: what its connections trust is changed by `refresh` only, in the open. */
export async function addProvider(workspace: Workspace, request: AddRequest): Promise<Provider> {
  const id = parseProviderId(request.name);
  if (isShipped(id))
    throw new CliError('invalid_value', `'${id}' ships with oauthctl and cannot be redefined`, {
      hint: 'choose another name',
    });
  const { files } = workspace.system;
  const path = addedPath(files, providersFolder(files, workspace.paths.config), id);
  if ((await filing(path, () => files.facts(path))) !== undefined) throw taken(id);
  const added = await obtain(workspace, id, request);
  await keepProvider(workspace, added);
  warnOfOtherOrigins(workspace, added.provider);
  return added.provider;
}

/** Writes its file. Throws `invalid_value` when the name is taken. */
export async function keepProvider(workspace: Workspace, added: AddedProvider): Promise<void> {
  const { files } = workspace.system;
  const { id } = added.provider;
  const folder = providersFolder(files, workspace.paths.config);
  const path = addedPath(files, folder, id);
  await filing(folder, () => files.ensureFolder(folder));
  const created = await filing(path, () => files.createOwn(path, addedToText(added)));
  if (!created) throw taken(id);
  await audit(workspace, 'provider.added', added.provider);
}

/** Large providers do spread over several hosts; what the person did not name is said. */
function warnOfOtherOrigins(workspace: Workspace, { id, issuer, endpoints }: Provider): void {
  const origins = Object.values(endpoints).flatMap((url) => (url === null ? [] : [new URL(url).origin]));
  const others = [...new Set(origins)].filter((origin) => origin !== new URL(issuer).origin);
  if (others.length === 0) return;
  workspace.warn(`'${id}' also sends codes, tokens and secrets to ${others.join(', ')}, as its metadata says`);
}

function taken(id: string): CliError {
  return new CliError('invalid_value', `there is already a provider '${id}'`, {
    hint: `oauthctl provider refresh ${id} fetches its metadata again; oauthctl provider remove ${id} makes room`,
  });
}

async function obtain(workspace: Workspace, id: string, request: AddRequest): Promise<AddedProvider> {
  const { issuer, file, scopes, apiOrigins } = request;
  if ((issuer === undefined) === (file === undefined)) {
    throw new CliError('usage', 'a provider comes from an issuer or from a file: give one of the two', {
      hint: `oauthctl provider add ${id} --issuer https://…`,
    });
  }
  if (issuer !== undefined)
    return { from: 'issuer', provider: await discover(workspace, id, issuer, { scopes, apiOrigins }) };
  if (scopes.length > 0 || apiOrigins.length > 0) {
    throw new CliError('usage', 'a file states its own scopes and API origins', {
      hint: 'leave --scope and --api-origin out',
    });
  }
  return { from: 'file', provider: await readProviderFile(workspace, id, file ?? '') };
}

/** Through the parser, as everything that comes from outside. */
async function discover(
  workspace: Workspace,
  id: string,
  issuer: string,
  chosen: { readonly scopes: readonly string[]; readonly apiOrigins: readonly string[] },
): Promise<Provider> {
  const metadata = await discoverServer(issuer, oauthPorts(workspace));
  const parse = (choices: typeof chosen) => parseProvider(asJson(providerFromMetadata(id, metadata, choices)));
  try {
    return parse(chosen);
  } catch (error) {
    if (!(error instanceof CliError) || error.code !== 'invalid_value') throw error;
    try {
      parse({ scopes: [], apiOrigins: [] });
    } catch {
      // Without what the person chose it is as bad: the server's doing, then.
      throw new CliError('bad_response', `the metadata of ${issuer} is refused: ${error.message}`, {
        hint: `oauthctl provider add ${id} --file FILE.json states the endpoints by hand`,
      });
    }
    throw error;
  }
}

/** The file may leave its `id` out; another id than the name would be a slip. */
async function readProviderFile(workspace: Workspace, id: string, file: string): Promise<Provider> {
  const { files } = workspace.system;
  const path = files.resolve(file);
  const read = await filing(path, () => files.readNamed(path));
  if (read === undefined)
    throw new CliError('invalid_value', `there is no file ${path}`, {
      hint: `oauthctl provider add ${id} --file FILE.json`,
    });
  const json = parseJson(read.text);
  if (!isJsonObject(json))
    throw new CliError('invalid_value', `${path} is not a JSON object`, {
      hint: 'docs/adding-a-provider.md describes every member',
    });
  const provider = parseProvider({ id, ...json });
  if (provider.id === id) return provider;
  throw new CliError('invalid_value', `${path} describes '${provider.id}', not '${id}'`, {
    hint: `oauthctl provider add ${provider.id} --file ${file}`,
  });
}

export interface Change {
  /** JSON pointer into the provider. */
  readonly at: string;
  readonly from: Json | undefined;
  readonly to: Json | undefined;
}

export interface RefreshPlan {
  readonly before: Provider;
  readonly after: Provider;
  readonly changes: readonly Change[];
  /** Where codes, secrets or tokens go has changed: applied after a yes only. */
  readonly needsYes: boolean;
}

/** Fetches the metadata again and compares; changes nothing. */
export async function planRefresh(workspace: Workspace, name: string): Promise<RefreshPlan> {
  const { from, provider: before } = await existing(workspace, name);
  if (from === 'file') {
    throw new CliError('invalid_value', `'${before.id}' was added from a file, so there is nothing to fetch`, {
      hint: `oauthctl provider remove ${before.id}, then add it again`,
    });
  }
  const chosen = { scopes: before.scopes.default, apiOrigins: before.apiOrigins };
  const after = await discover(workspace, before.id, before.issuer, chosen);
  const changes = differences(asJson(before), asJson(after), '');
  return { before, after, changes, needsYes: addresses(before).join(' ') !== addresses(after).join(' ') };
}

export async function applyRefresh(workspace: Workspace, plan: RefreshPlan): Promise<void> {
  const { files } = workspace.system;
  const path = addedPath(files, providersFolder(files, workspace.paths.config), plan.after.id);
  await filing(path, () => files.replaceOwn(path, addedToText({ from: 'issuer', provider: plan.after })));
  await audit(workspace, 'provider.changed', plan.after);
}

/** Refused while a connection or an app belongs to it: their secrets would be left without an address. */
export async function removeProvider(workspace: Workspace, name: string): Promise<void> {
  const id = parseProviderId(name);
  if (isShipped(id))
    throw new CliError('invalid_value', `'${id}' ships with oauthctl and cannot be removed`, {
      hint: 'oauthctl provider list',
    });
  const { files } = workspace.system;
  const path = addedPath(files, providersFolder(files, workspace.paths.config), id);
  const connections = (await namesOf(workspace, 'connections', id, ':')).join(', ');
  if (connections !== '')
    throw new CliError('invalid_value', `'${id}' is in use by ${connections}`, {
      hint: `oauthctl revoke ${connections.split(', ')[0]}`,
    });
  const apps = await namesOf(workspace, 'apps', id, '.');
  if (apps.length > 0)
    throw new CliError('invalid_value', `'${id}' still has an app`, { hint: `oauthctl app remove ${id}` });
  // Without reading it, so that a file that cannot be used can be removed.
  if (!(await filing(path, () => files.remove(path)))) await workspace.providers.get(id);
  await noteOutcome(workspace, { type: 'provider.removed', outcome: 'success', provider: id });
}

async function namesOf(
  workspace: Workspace,
  kind: RecordKind,
  id: string,
  separator: string,
): Promise<readonly string[]> {
  const names = await workspace.store.names(kind);
  return names.filter((name) => name === id || name.startsWith(`${id}${separator}`));
}

/** Throws `provider_not_found` for what is not there, `invalid_value` for what ships. */
async function existing(workspace: Workspace, name: string): Promise<AddedProvider> {
  const id = parseProviderId(name);
  const { files } = workspace.system;
  const added = isShipped(id) ? undefined : await readAdded(files, providersFolder(files, workspace.paths.config), id);
  if (added !== undefined) return added;
  await workspace.providers.get(id);
  throw new CliError('invalid_value', `'${id}' ships with oauthctl: it changes with oauthctl itself`, {
    hint: 'oauthctl provider list',
  });
}

async function audit(workspace: Workspace, type: string, provider: Provider): Promise<void> {
  const details = { issuer: provider.issuer };
  await noteOutcome(workspace, { type, outcome: 'success', provider: provider.id, details });
}

/** Issuer, and the origin of everything that a code, secret or token is sent to. */
function addresses({ issuer, endpoints, probes, apiOrigins }: Provider): readonly string[] {
  const named = Object.entries(endpoints).map(([name, url]) => `${name}=${url === null ? '' : new URL(url).origin}`);
  const probed = probes.map(({ url }) => new URL(url).origin);
  return [issuer, ...named, ...probed, ...apiOrigins];
}

function asJson(provider: Provider): JsonObject {
  return JSON.parse(JSON.stringify(provider)) as JsonObject;
}

/** Member by member down to what differs; lists are compared whole. */
function differences(from: Json | undefined, to: Json | undefined, at: string): readonly Change[] {
  if (isJsonObject(from) && isJsonObject(to)) {
    const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort();
    return keys.flatMap((key) => differences(from[key], to[key], `${at}/${key}`));
  }
  return JSON.stringify(from) === JSON.stringify(to) ? [] : [{ at, from, to }];
}
