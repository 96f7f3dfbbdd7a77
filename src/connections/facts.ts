// A connection's clear facts: how they rest in the record (JSON, snake_case) and how `--json` shows them.
import { CliError } from '../errors.ts';
import type { Connection, FlowName, RefusalMark, SpendingMark } from '../model/connection.ts';
import { fromRfc3339, toRfc3339 } from '../model/instants.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { isJsonObject } from '../model/json.ts';
import type { StoreName } from '../model/store.ts';

/** What `list` shows and the seal binds. Everything else of a grant is sealed. */
export function connectionToFacts(connection: Connection): JsonObject {
  return {
    provider: connection.provider,
    label: connection.label,
    token_origins: connection.tokenOrigins,
    account: { ...connection.account },
    app: connection.app,
    kind: connection.kind,
    tenant: connection.tenant,
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
    spending: marksToFacts(connection.spending, spendingToFacts),
    refused: marksToFacts(connection.refused, refusalToFacts),
    host: connection.host,
  };
}

/** Null when there is none, so that whoever looks for a mark without reading it sees at once. */
function marksToFacts<M>(marks: readonly M[], toFacts: (mark: M) => JsonObject): Json {
  return marks.length === 0 ? null : marks.map(toFacts);
}

function spendingToFacts(mark: SpendingMark): JsonObject {
  return { role: mark.role, fingerprint: mark.fingerprint, at: toRfc3339(mark.at), by: mark.by };
}

function refusalToFacts(mark: RefusalMark): JsonObject {
  const { role, fingerprint, means, error, explained, elsewhere, count } = mark;
  const cut = mark.cut === null ? null : { at: toRfc3339(mark.cut.at), by: mark.cut.by };
  return {
    role,
    fingerprint,
    means,
    error,
    explained,
    cut,
    elsewhere: elsewhere && { ...elsewhere },
    at: toRfc3339(mark.at),
    count,
  };
}

/** The other way. Throws `record_unreadable` when a member is missing or of another type. */
export function connectionFromFacts(
  name: string,
  binding: { readonly issuer: string; readonly clientId: string },
  facts: JsonObject,
): Connection {
  const { need, group } = readerOf(name);
  const account = group(facts, 'account');
  const scopes = group(facts, 'scopes');
  return {
    name,
    provider: need(text, facts, 'provider'),
    label: need(textOrNull, facts, 'label'),
    issuer: binding.issuer,
    // Records of before they were kept have none, and tokens of theirs are sent to nobody but the issuer.
    tokenOrigins: 'token_origins' in facts ? need(texts, facts, 'token_origins') : originsOf(binding.issuer),
    account: { id: need(textOrNull, account, 'id'), name: need(textOrNull, account, 'name') },
    app: need(text, facts, 'app'),
    clientId: binding.clientId,
    kind: need(text, facts, 'kind'),
    // Records of before tenants have none.
    tenant: 'tenant' in facts ? need(textOrNull, facts, 'tenant') : null,
    flow: need(flow, facts, 'flow'),
    roles: need(texts, facts, 'roles'),
    scopes: {
      asked: need(texts, scopes, 'asked'),
      granted: need(texts, scopes, 'granted'),
      missing: need(texts, scopes, 'missing'),
    },
    ...lifeFromFacts(facts, { need, group }),
    grantIssuedSeconds: need(numberOrNull, facts, 'grant_issued_seconds'),
    resource: need(textOrNull, facts, 'resource'),
    createdAt: need(instant, facts, 'created_at'),
    refreshedAt: need(instantOrNull, facts, 'refreshed_at'),
    provedAt: need(instantOrNull, facts, 'proved_at'),
    spending: need(marks, facts, 'spending').map((mark) => spendingFromFacts(mark, need)),
    refused: need(marks, facts, 'refused').map((mark) => refusalFromFacts(mark, need)),
    host: need(text, facts, 'host'),
  };
}

function originsOf(issuer: string): readonly string[] {
  return URL.canParse(issuer) ? [new URL(issuer).origin] : [];
}

function lifeFromFacts(
  facts: JsonObject,
  { need, group }: Reader,
): Pick<Connection, 'accessToken' | 'refreshToken' | 'grant'> {
  const access = group(facts, 'access_token');
  const refresh = group(facts, 'refresh_token');
  const grant = group(facts, 'grant');
  return {
    accessToken: {
      expiresAt: need(instantOrNull, access, 'expires_at'),
      refreshable: need(flag, access, 'refreshable'),
    },
    refreshToken: {
      present: need(flag, refresh, 'present'),
      rotates: need(flagOrNull, refresh, 'rotates'),
      expiresAt: need(instantOrNull, refresh, 'expires_at'),
    },
    grant: { endsAt: need(instantOrNull, grant, 'ends_at'), reason: need(textOrNull, grant, 'reason') },
  };
}

function spendingFromFacts(facts: JsonObject, need: Reader['need']): SpendingMark {
  return {
    role: need(text, facts, 'role'),
    fingerprint: need(text, facts, 'fingerprint'),
    at: need(instant, facts, 'at'),
    by: need(text, facts, 'by'),
  };
}

function refusalFromFacts(facts: JsonObject, need: Reader['need']): RefusalMark {
  return {
    role: need(text, facts, 'role'),
    fingerprint: need(text, facts, 'fingerprint'),
    means: need(text, facts, 'means'),
    error: need(textOrNull, facts, 'error'),
    // Marks of before these were kept have none.
    explained: 'explained' in facts ? need(flag, facts, 'explained') : false,
    cut: isJsonObject(facts.cut) ? { at: need(instant, facts.cut, 'at'), by: need(text, facts.cut, 'by') } : null,
    elsewhere: elsewhereFromFacts(facts.elsewhere),
    at: need(instant, facts, 'at'),
    count: need(number, facts, 'count'),
  };
}

/** Marks of before this was looked into have none. */
function elsewhereFromFacts(value: Json | undefined): RefusalMark['elsewhere'] {
  if (!isJsonObject(value)) return null;
  if (value.is === 'came_from' && typeof value.host === 'string') return { is: 'came_from', host: value.host };
  return value.is === 'grant_lives' ? { is: 'grant_lives' } : null;
}

type Accept<T> = (value: Json | undefined) => T | undefined;

const flows: readonly FlowName[] = ['loopback', 'device', 'paste', 'fragment'];

const text: Accept<string> = (value) => (typeof value === 'string' ? value : undefined);
const flag: Accept<boolean> = (value) => (typeof value === 'boolean' ? value : undefined);
const number: Accept<number> = (value) => (typeof value === 'number' ? value : undefined);
const instant: Accept<number> = (value) => (typeof value === 'string' ? fromRfc3339(value) : undefined);
const flow: Accept<FlowName> = (value) => flows.find((name) => name === value);
const texts: Accept<readonly string[]> = (value) =>
  Array.isArray(value) && value.every((item) => typeof item === 'string') ? (value as string[]) : undefined;
/** A mark that stands alone, not in a list, is how a grant with one role was written at first. */
const marks: Accept<readonly JsonObject[]> = (value) => {
  const list = value === null ? [] : Array.isArray(value) ? value : [value];
  return list.every((mark) => isJsonObject(mark)) ? (list as readonly JsonObject[]) : undefined;
};
const orNull =
  <T>(accept: Accept<T>): Accept<T | null> =>
  (value) =>
    value === null ? null : accept(value);

const textOrNull = orNull(text);
const flagOrNull = orNull(flag);
const numberOrNull = orNull(number);
const instantOrNull = orNull(instant);

interface Reader {
  /** The member, which must be there and of that type. */
  need<T>(accept: Accept<T>, facts: JsonObject, member: string): T;
  group(facts: JsonObject, member: string): JsonObject;
}

function readerOf(name: string): Reader {
  const wrong = (member: string) =>
    new CliError('record_unreadable', `the record of '${name}' has no usable ${member}`, {
      hint: `restore the file from a backup; or oauthctl revoke ${name} --local-only forgets it`,
    });
  return {
    need(accept, facts, member) {
      const value = accept(facts[member]);
      if (value === undefined) throw wrong(member);
      return value;
    },
    group(facts, member) {
      const value = facts[member];
      if (!isJsonObject(value)) throw wrong(member);
      return value;
    },
  };
}

/** The CONNECTION object of `--json`: `list`, `status`, `connect`. */
export function connectionJson(connection: Connection, store: StoreName): JsonObject {
  const {
    refresh_token: _,
    token_origins,
    grant_issued_seconds,
    resource,
    proved_at,
    spending,
    refused,
    host,
    ...shown
  } = connectionToFacts(connection);
  const { present, rotates } = connection.refreshToken;
  return { name: connection.name, ...shown, store, refresh_token: { present, rotates } };
}
