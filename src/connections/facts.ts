// A connection's clear facts: how they rest in the record (JSON, snake_case) and how `--json` shows them.
import { CliError } from '../errors.ts';
import type { Connection, FlowName, RefusalMark, SpendingMark } from '../model/connection.ts';
import { fromRfc3339, toRfc3339 } from '../model/instants.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { isJsonObject } from '../model/json.ts';

/** What `list` shows and the seal binds. Everything else of a grant is sealed. */
export function connectionToFacts(connection: Connection): JsonObject {
  return {
    provider: connection.provider,
    label: connection.label,
    account: { ...connection.account },
    app: connection.app,
    kind: connection.kind,
    flow: connection.flow,
    roles: connection.roles,
    scopes: { ...connection.scopes },
    access_token: {
      expires_at: toRfc3339(connection.accessToken.expiresAt),
      refreshable: connection.accessToken.refreshable,
    },
    refresh_token: {
      present: connection.refreshToken.present,
      rotates: connection.refreshToken.rotates,
      expires_at: toRfc3339(connection.refreshToken.expiresAt),
    },
    grant: { ends_at: toRfc3339(connection.grant.endsAt), reason: connection.grant.reason },
    grant_issued_seconds: connection.grantIssuedSeconds,
    resource: connection.resource,
    created_at: toRfc3339(connection.createdAt),
    refreshed_at: toRfc3339(connection.refreshedAt),
    proved_at: toRfc3339(connection.provedAt),
    spending: connection.spending === null ? null : spendingToFacts(connection.spending),
    refused: connection.refused === null ? null : refusalToFacts(connection.refused),
    host: connection.host,
  };
}

function spendingToFacts(mark: SpendingMark): JsonObject {
  return { role: mark.role, fingerprint: mark.fingerprint, at: toRfc3339(mark.at), by: mark.by };
}

function refusalToFacts(mark: RefusalMark): JsonObject {
  const { role, fingerprint, means, error, count } = mark;
  return { role, fingerprint, means, error, at: toRfc3339(mark.at), count };
}

/** The other way. Throws `record_unreadable` when a member is missing or of another type. */
export function connectionFromFacts(
  name: string,
  binding: { readonly issuer: string; readonly clientId: string },
  facts: JsonObject,
): Connection {
  const read = reader(facts, name);
  return {
    name,
    provider: read.text('provider'),
    label: read.textOrNull('label'),
    issuer: binding.issuer,
    account: { id: read.textOrNull('account', 'id'), name: read.textOrNull('account', 'name') },
    app: read.text('app'),
    clientId: binding.clientId,
    kind: read.text('kind'),
    flow: read.flow('flow'),
    roles: read.texts('roles'),
    scopes: {
      asked: read.texts('scopes', 'asked'),
      granted: read.texts('scopes', 'granted'),
      missing: read.texts('scopes', 'missing'),
    },
    ...lifeFromFacts(read),
    grantIssuedSeconds: read.numberOrNull('grant_issued_seconds'),
    resource: read.textOrNull('resource'),
    createdAt: read.instant('created_at'),
    refreshedAt: read.instantOrNull('refreshed_at'),
    provedAt: read.instantOrNull('proved_at'),
    spending: spendingFromFacts(read.child('spending')),
    refused: refusalFromFacts(read.child('refused')),
    host: read.text('host'),
  };
}

function lifeFromFacts(read: Reader): Pick<Connection, 'accessToken' | 'refreshToken' | 'grant'> {
  return {
    accessToken: {
      expiresAt: read.instantOrNull('access_token', 'expires_at'),
      refreshable: read.flag('access_token', 'refreshable'),
    },
    refreshToken: {
      present: read.flag('refresh_token', 'present'),
      rotates: read.flagOrNull('refresh_token', 'rotates'),
      expiresAt: read.instantOrNull('refresh_token', 'expires_at'),
    },
    grant: { endsAt: read.instantOrNull('grant', 'ends_at'), reason: read.textOrNull('grant', 'reason') },
  };
}

function spendingFromFacts(read: Reader | null): SpendingMark | null {
  if (read === null) return null;
  return {
    role: read.text('role'),
    fingerprint: read.text('fingerprint'),
    at: read.instant('at'),
    by: read.text('by'),
  };
}

function refusalFromFacts(read: Reader | null): RefusalMark | null {
  if (read === null) return null;
  return {
    role: read.text('role'),
    fingerprint: read.text('fingerprint'),
    means: read.text('means'),
    error: read.textOrNull('error'),
    at: read.instant('at'),
    count: read.numberOrNull('count') ?? 1,
  };
}

const flowNames: readonly FlowName[] = ['loopback', 'device', 'paste'];

interface Reader {
  text(...path: string[]): string;
  textOrNull(...path: string[]): string | null;
  flag(...path: string[]): boolean;
  flagOrNull(...path: string[]): boolean | null;
  numberOrNull(...path: string[]): number | null;
  instant(...path: string[]): number;
  instantOrNull(...path: string[]): number | null;
  texts(...path: string[]): readonly string[];
  flow(...path: string[]): FlowName;
  child(key: string): Reader | null;
}

const asText = (value: Json | undefined) => (typeof value === 'string' ? value : undefined);
const asFlag = (value: Json | undefined) => (typeof value === 'boolean' ? value : undefined);
const asNumber = (value: Json | undefined) => (typeof value === 'number' ? value : undefined);
const asInstant = (value: Json | undefined) => (typeof value === 'string' ? fromRfc3339(value) : undefined);
const asFlow = (value: Json | undefined) => flowNames.find((name) => name === value);
const asTexts = (value: Json | undefined) =>
  Array.isArray(value) && value.every((item) => typeof item === 'string') ? (value as string[]) : undefined;

function reader(facts: JsonObject, name: string): Reader {
  const at = (path: readonly string[]): Json | undefined =>
    path.reduce<Json | undefined>((value, key) => (isJsonObject(value) ? value[key] : undefined), facts);
  const wrong = (path: readonly string[]): never => {
    throw new CliError('record_unreadable', `the record of '${name}' has no usable ${path.join('.')}`, {
      hint: `restore the file from a backup; or oauthctl revoke ${name} --local-only forgets it`,
    });
  };
  const one =
    <T>(accept: (value: Json | undefined) => T | undefined) =>
    (...path: string[]): T =>
      accept(at(path)) ?? wrong(path);
  const orNull =
    <T>(accept: (value: Json | undefined) => T | undefined) =>
    (...path: string[]): T | null =>
      at(path) === null ? null : (accept(at(path)) ?? wrong(path));
  return {
    text: one(asText),
    textOrNull: orNull(asText),
    flag: one(asFlag),
    flagOrNull: orNull(asFlag),
    numberOrNull: orNull(asNumber),
    instant: one(asInstant),
    instantOrNull: orNull(asInstant),
    texts: one(asTexts),
    flow: one(asFlow),
    child(key) {
      const value = facts[key];
      if (value === null) return null;
      return isJsonObject(value) ? reader(value, name) : wrong([key]);
    },
  };
}

/** The CONNECTION object of `--json`: `list`, `status`, `connect`. */
export function connectionJson(connection: Connection): JsonObject {
  const {
    refresh_token: _,
    grant_issued_seconds,
    resource,
    proved_at,
    spending,
    refused,
    host,
    ...shown
  } = connectionToFacts(connection);
  const { present, rotates } = connection.refreshToken;
  return { name: connection.name, ...shown, store: 'files', refresh_token: { present, rotates } };
}
