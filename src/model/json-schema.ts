// JSON Schema (2020-12) for what `--json` prints: short builders, and the shapes that several commands answer with.
// Published in docs/json.md; the transcripts hold every answer against it.
import type { JsonObject } from './json.ts';

export type Schema = JsonObject;

export const text: Schema = { type: 'string' };
export const flag: Schema = { type: 'boolean' };
export const number: Schema = { type: 'number' };
export const count: Schema = { type: 'integer', minimum: 0 };
/** RFC 3339, UTC. */
export const instant: Schema = { type: 'string', format: 'date-time' };
export const texts: Schema = { type: 'array', items: text };

export const list = (items: Schema): Schema => ({ type: 'array', items });
export const oneOf = (...words: readonly string[]): Schema => ({ enum: words });
export const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] });

/** Every member is always there; members may be added later. */
export function object(members: Readonly<Record<string, Schema>>): Schema {
  return { type: 'object', properties: members, required: Object.keys(members) };
}

/** A shape that several answers share, told once: `#/$defs/connection`. */
export const shared = (name: keyof typeof sharedShapes): Schema => ({ $ref: `#/$defs/${name}` });

const connectionMembers = {
  name: text,
  provider: text,
  label: orNull(text),
  account: object({ id: orNull(text), name: orNull(text) }),
  app: orNull(text),
  kind: orNull(text),
  tenant: orNull(text),
  flow: orNull(oneOf('loopback', 'device', 'paste', 'fragment')),
  store: orNull(oneOf('files', 'keychain-items')),
  roles: texts,
  scopes: object({ asked: texts, granted: texts, missing: texts }),
  access_token: object({ expires_at: orNull(instant), refreshable: orNull(flag) }),
  refresh_token: object({ present: orNull(flag), rotates: orNull(flag) }),
  grant: object({ ends_at: orNull(instant), reason: orNull(text) }),
  created_at: orNull(instant),
  refreshed_at: orNull(instant),
};

export const connectionStates = [
  'healthy',
  'expiring',
  'scope_missing',
  'unverified',
  'expired',
  'reconnect_required',
  'app_rejected',
  'uncertain',
  'unreachable',
  'unreadable',
] as const;

const problem = object({ code: text, message: text, hint: orNull(text) });

export const sharedShapes = {
  connection: object(connectionMembers),
  problem,
  checked_connection: object({
    ...connectionMembers,
    state: oneOf(...connectionStates),
    checked_at: instant,
    latency_ms: orNull(number),
    http_status: orNull(count),
    problem: orNull(problem),
  }),
  app: object({
    provider: text,
    name: text,
    kind: text,
    client_id: text,
    client_auth: oneOf('basic', 'basic-raw', 'post', 'none'),
    redirect_uri: orNull(text),
    tenant: orNull(text),
    has_secret: flag,
    source: oneOf('stored', 'environment'),
    created_at: orNull(instant),
  }),
  provider: object({
    id: text,
    name: text,
    source: oneOf('shipped', 'added'),
    issuer: text,
    docs_url: orNull(text),
    endpoints: object({
      authorization: text,
      token: orNull(text),
      revocation: orNull(text),
      introspection: orNull(text),
      userinfo: orNull(text),
      device_authorization: orNull(text),
      jwks: orNull(text),
    }),
    kinds: list(object({ id: text, name: text, flows: texts, secret: oneOf('never', 'optional', 'always') })),
    client_auth: oneOf('basic', 'basic-raw', 'post', 'none'),
    pkce: oneOf('required', 'supported', 'unsupported'),
    redirect: object({ uris: texts, register: oneOf('uri', 'origin', 'none'), any_port: flag }),
    scopes: object({ default: texts, known: list(object({ name: text, says: text, class: orNull(text) })) }),
    rotation: oneOf('always', 'never', 'unknown'),
    api_origins: texts,
  }),
} as const;
