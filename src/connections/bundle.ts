// A bundle: one connection as another machine can take it over. Its record, its app's where one is stored, and the key.json that
// says which key opens them: everything sealed as it rests, or in clear there as well. One line, since secret stores mask by lines.
import { CliError } from '../errors.ts';
import { isJsonObject, type JsonObject, parseJson } from '../model/json.ts';
import { type RecordState, stateOf } from '../model/record-state.ts';
import type { RecordKind, RecordRef } from '../model/store.ts';
import { appRef } from './app-record.ts';
import { readConnection } from './find.ts';
import type { Workspace } from './workspace.ts';

const bundleVersion = 1;

interface BundledRecord {
  readonly ref: RecordRef;
  readonly text: string;
}

export interface Bundle {
  readonly name: string;
  /** Of the tree that it came from: the same on every machine. */
  readonly tree: string;
  readonly state: RecordState;
  readonly keyFile: string;
  readonly connection: BundledRecord;
  readonly app: BundledRecord | undefined;
}

/** Of the connection as it rests now. */
export async function bundleText(workspace: Workspace, name: string): Promise<string> {
  const { store, keyring } = workspace;
  if ((await keyring.describe())?.next != null) throw rotating(name);
  const found = await readConnection(workspace, name);
  const record = await store.portable({ kind: 'connections', name });
  const keyFile = await keyring.keyFile();
  if (found === undefined || record === undefined || keyFile === undefined) {
    throw new CliError('connection_not_found', `there is no connection '${name}'`, { hint: 'oauthctl list' });
  }
  const { provider, app, clientId } = found.connection;
  const ofApp = appRef(provider, app);
  const stored = await store.read(ofApp);
  // One of another client id is not the connection's: it comes from the environment then.
  const appText = stored?.binding.clientId === clientId ? await store.portable(ofApp) : undefined;
  const bundle = {
    oauthctl_bundle: bundleVersion,
    key: parseJson(keyFile),
    connection: parseJson(record),
    app: appText === undefined ? null : parseJson(appText),
  };
  return `${JSON.stringify(bundle)}\n`;
}

/** Its records may be sealed with two keys, and whoever is given them has one. */
function rotating(name: string): CliError {
  return new CliError(
    'store_unavailable',
    `'${name}' cannot be written back while a rotation of the seal key is under way`,
    {
      hint: 'oauthctl key rotate',
    },
  );
}

/** Whether a text means to be a bundle, of whatever version. */
export function isBundle(text: string): boolean {
  const json = parseJson(text);
  return isJsonObject(json) && json.oauthctl_bundle !== undefined;
}

/** Throws `invalid_value`, or `record_too_new`; `from` names where the text was found. Opens nothing. */
export function parseBundle(text: string, from: string): Bundle {
  const json = parseJson(text);
  const refuse = (why: string): never => {
    throw new CliError('invalid_value', `${from} is no bundle of a connection: ${why}`, {
      hint: 'oauthctl refresh CONNECTION --write-back FILE',
    });
  };
  if (!isJsonObject(json) || typeof json.oauthctl_bundle !== 'number') return refuse('it does not say that it is one');
  if (json.oauthctl_bundle > bundleVersion) {
    throw new CliError('record_too_new', `${from} was written by a newer oauthctl (format ${json.oauthctl_bundle})`, {
      hint: 'npm install --global oauthctl@latest',
    });
  }
  const { key, connection, app } = json;
  const record = isJsonObject(connection) ? bundled(connection, 'connections') : undefined;
  const ofApp = isJsonObject(app) ? bundled(app, 'apps') : undefined;
  if (record === undefined || !isJsonObject(key) || typeof key.tree !== 'string') return refuse('a part is missing');
  if (app !== null && ofApp === undefined) return refuse('its app is no record');
  return {
    name: record.ref.name,
    tree: key.tree,
    state: record.state,
    keyFile: `${JSON.stringify(key, null, 2)}\n`,
    connection: record,
    app: ofApp,
  };
}

function bundled(file: JsonObject, kind: RecordKind): (BundledRecord & { readonly state: RecordState }) | undefined {
  const { name, generation, facts } = file;
  if (file.kind !== kind || typeof name !== 'string' || typeof generation !== 'number') return undefined;
  const state = stateOf({ facts: isJsonObject(facts) ? facts : {}, generation });
  return { ref: { kind, name }, state, text: `${JSON.stringify(file, null, 2)}\n` };
}
