// What an export holds, as JSON: connections with all their tokens, and the apps and added providers that they need. Nothing
// in it depends on the seal key of the machine that wrote it.
import { CliError } from '../../errors.ts';
import type { App } from '../../model/app.ts';
import type { Connection, RoleTokens, TokenSet } from '../../model/connection.ts';
import { fromRfc3339, toRfc3339 } from '../../model/instants.ts';
import { isJsonObject, type Json, type JsonObject, parseJson } from '../../model/json.ts';
import { appRecordName, parseConnectionName } from '../../model/names.ts';
import type { Secret } from '../../model/secret.ts';
import type { StoredRecord } from '../../model/store.ts';
import { appFromRecord, appToContent, secretInApp } from '../app-record.ts';
import { connectionFromFacts, connectionToFacts } from '../facts.ts';
import { type AddedProvider, addedFromJson, addedToJson, isShipped } from '../provider-book.ts';
import { tokensFromJson, tokensToJson } from '../tokens-at-rest.ts';

/** One grant with all that another machine needs to go on with it. */
export interface Movable {
  readonly connection: Connection;
  readonly tokens: TokenSet;
  readonly app: App;
  readonly clientSecret: Secret | undefined;
  /** Undefined for a provider that ships. */
  readonly provider: AddedProvider | undefined;
}

export interface ExportPayload {
  readonly createdAt: number;
  /** The machine that wrote it. */
  readonly host: string;
  /** The grants were to be forgotten there. */
  readonly moved: boolean;
  readonly grants: readonly Movable[];
}

const version = 1;

export function payloadToText({ createdAt, host, moved, grants }: ExportPayload): string {
  const apps = grants.map(({ app, clientSecret, connection }) => {
    const binding = { id: app.provider, issuer: connection.issuer };
    return [appRecordName(app.provider, app.name), { ...appToContent(binding, app, clientSecret) }] as const;
  });
  const providers = grants.flatMap(({ provider }) =>
    provider === undefined ? [] : [[provider.provider.id, addedToJson(provider)] as const],
  );
  return JSON.stringify({
    version,
    created_at: toRfc3339(createdAt),
    host,
    moved,
    providers: Object.fromEntries(providers),
    apps: Object.fromEntries(apps),
    connections: grants.map(({ connection, tokens }) => ({
      name: connection.name,
      issuer: connection.issuer,
      client_id: connection.clientId,
      facts: connectionToFacts(connection),
      tokens: tokensToJson(tokens),
    })),
  });
}

/** Throws `record_unreadable` naming what is wrong, `record_too_new`, and `invalid_value` where a provider that ships is redefined. */
export function payloadFromText(text: string): ExportPayload {
  const json = parseJson(text);
  if (!isJsonObject(json)) throw unusable('it is not a JSON object');
  if (typeof json.version === 'number' && json.version > version) {
    throw new CliError('record_too_new', 'the export was written by a newer oauthctl', {
      hint: 'update oauthctl on this machine',
    });
  }
  if (json.version !== version) throw unusable('it has no version');
  const { host, moved, connections } = json;
  const createdAt = typeof json.created_at === 'string' ? fromRfc3339(json.created_at) : undefined;
  const hasHead = typeof host === 'string' && typeof moved === 'boolean' && createdAt !== undefined;
  if (!hasHead || !Array.isArray(connections)) throw unusable('a member is missing');
  const grants = connections.map((one: Json) => grantFromJson(one, tableIn(json, 'apps'), tableIn(json, 'providers')));
  const names = grants.map(({ connection }) => connection.name);
  if (new Set(names).size < names.length) throw unusable('a name is in it twice');
  return { createdAt, host, moved, grants };
}

function tableIn(json: JsonObject, member: string): JsonObject {
  const table = json[member];
  if (isJsonObject(table)) return table;
  throw unusable(`its ${member} are missing`);
}

function grantFromJson(json: Json, apps: JsonObject, providers: JsonObject): Movable {
  if (!isJsonObject(json) || !isJsonObject(json.facts) || !isJsonObject(json.tokens)) {
    throw unusable('a connection is none');
  }
  const { name, issuer, client_id: clientId } = json;
  if (typeof name !== 'string' || typeof issuer !== 'string' || typeof clientId !== 'string') {
    throw unusable('a connection has no name, issuer or client id');
  }
  const facts = json.facts;
  const connection = readable(() => connectionFromFacts(name, { issuer, clientId }, facts));
  const parsed = readable(() => parseConnectionName(name));
  const { provider: id, label } = connection;
  if (parsed.text !== name || parsed.provider !== id || parsed.label !== label) {
    throw unusable(`'${name}' is not the name of its connection`);
  }
  const sealed = json.tokens;
  const tokens = readable(() => tokensFromJson(sealed, name));
  if (!Object.values(tokens.roles).every(isSendable)) throw unusable(`'${name}' has a token that cannot be one`);
  if (!connection.roles.every((role) => Object.hasOwn(tokens.roles, role))) throw unusable(`'${name}' lacks a token`);
  const added = Object.hasOwn(providers, id) ? providers[id] : undefined;
  return { connection, tokens, ...appFor(connection, apps), provider: providerFor(id, added) };
}

/** RFC 6749 §A.12, §A.13, §A.17: each goes into a header or a form as it is. */
function isSendable({ access, refresh, tokenType }: RoleTokens): boolean {
  const texts = [access?.reveal(), refresh?.reveal(), tokenType];
  return texts.every((text) => text === undefined || /^[\x21-\x7e]+$/.test(text));
}

function appFor(
  { name, provider, app, issuer, clientId }: Connection,
  apps: JsonObject,
): Pick<Movable, 'app' | 'clientSecret'> {
  const record = appRecordName(provider, app);
  const content = Object.hasOwn(apps, record) ? apps[record] : undefined;
  if (!isJsonObject(content) || !isJsonObject(content.facts) || !isJsonObject(content.secrets)) {
    throw unusable(`the app of '${name}' is missing`);
  }
  const { facts, secrets } = content;
  const ref = { kind: 'apps', name: record } as const;
  const open: Pick<StoredRecord, 'ref' | 'binding' | 'facts'> = { ref, binding: { provider, issuer, clientId }, facts };
  const read = readable(() => appFromRecord(open));
  const bound = isJsonObject(content.binding) ? content.binding.clientId : undefined;
  if (read.provider !== provider || read.name !== app || bound !== clientId) {
    throw unusable(`the app of '${name}' is another's`);
  }
  return { app: read, clientSecret: secretInApp(secrets) };
}

function providerFor(id: string, json: Json | undefined): AddedProvider | undefined {
  if (json === undefined) return undefined;
  if (isShipped(id)) {
    throw new CliError(
      'invalid_value',
      `the export redefines '${id}', which ships with oauthctl: nothing was taken from it`,
      {
        hint: 'ask whoever made it; oauthctl itself never writes such a file',
      },
    );
  }
  return readable(() => addedFromJson(json, id));
}

/** What the readers of our own records say would speak of a file of this machine. */
function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof CliError) throw unusable(error.message);
    throw error;
  }
}

function unusable(why: string): CliError {
  return new CliError('record_unreadable', `the export opens, but cannot be used: ${why}`, { hint: 'export again' });
}
