// Reads wire fixtures: a provider's file and its family's, one case per entry of `each`, placeholders filled in.
import { readFileSync } from 'node:fs';
import type { Json, JsonObject } from '../../src/model/json.ts';
import { isJsonObject } from '../../src/model/json.ts';

export type Matcher =
  | string
  | number
  | boolean
  | null
  | { readonly matches: string }
  | { readonly not: string }
  | { readonly words: readonly string[] }
  | { readonly hasWords: readonly string[] }
  | { readonly between: readonly [number, number] };

type Members = Readonly<Record<string, Matcher>>;

export interface Receives {
  readonly method: string;
  readonly url: string;
  readonly headers?: Members;
  readonly query?: Members;
  readonly form?: Members;
  readonly optional?: readonly string[] | '*';
  readonly auth?: 'post' | 'basic' | 'none';
}

export interface Answers {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: Json;
  readonly body?: string;
  readonly idToken?: JsonObject;
  readonly forged?: true;
  readonly fails?: 'unreachable' | 'timed_out';
}

export interface Exchange {
  readonly receives: Receives;
  readonly answers?: Answers;
}

export interface NeverRule {
  readonly says: string;
  readonly url?: string;
  readonly methods?: readonly string[];
  readonly parameter?: string;
  readonly value?: string;
  readonly queryParameter?: string;
}

interface Fact {
  readonly says: string;
  readonly at: string;
  readonly is: Matcher;
}

interface Given {
  readonly kind?: string;
  readonly scopes?: readonly string[] | 'default';
  readonly clientSecret?: null;
  readonly refreshToken?: null;
  readonly redirectUri?: string;
  readonly loginHint?: string;
  readonly callback?: string | null;
  readonly probe?: string;
  readonly flow?: 'device';
}

type Operation =
  | 'authorize'
  | 'callback'
  | 'exchange'
  | 'refresh'
  | 'probe'
  | 'revoke'
  | 'device_start'
  | 'device_poll';

export interface Case {
  readonly name: string;
  readonly source: string | readonly string[];
  readonly operation: Operation;
  readonly given: Given;
  /** In order; one of the exchanges of each step happens. */
  readonly wire: readonly (readonly Exchange[])[];
  readonly outcome: JsonObject;
}

export interface Fixture {
  readonly id: string;
  readonly values: Readonly<Record<string, Json>>;
  readonly keys?: { readonly url: string };
  readonly never: readonly NeverRule[];
  readonly facts: readonly Fact[];
  readonly scopeClasses: Readonly<Record<'plain' | 'sensitive' | 'restricted', readonly string[]>>;
  readonly requests: Readonly<Record<string, Receives>>;
  readonly cases: readonly Case[];
  /** A value that is a text. */
  readonly text: (name: string) => string;
}

/** Puts values in for `{name}`: a text that is nothing else becomes the value itself; unknown names stay. */
export function fill<T extends Json>(json: T, values: Readonly<Record<string, Json>>): T {
  if (typeof json === 'string') return fillText(json, values) as T;
  if (Array.isArray(json)) return json.map((item: Json) => fill(item, values)) as Json as T;
  if (!isJsonObject(json)) return json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, fill(value, values)])) as Json as T;
}

/** For messages and placeholders: a text as it is, anything else as JSON. */
export function asText(json: Json | undefined): string {
  return typeof json === 'string' ? json : JSON.stringify(json ?? '');
}

function fillText(text: string, values: Readonly<Record<string, Json>>): Json {
  const whole = /^\{([a-z_]+)\}$/.exec(text)?.[1];
  if (whole !== undefined && whole in values) return values[whole] as Json;
  return text.replace(/\{([a-z_]+)\}/g, (all, name: string) => (name in values ? asText(values[name]) : all));
}

function read(name: string): JsonObject {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as JsonObject;
}

const list = (json: Json | undefined) => (json ?? []) as readonly JsonObject[];
const members = (json: Json | undefined) => (json ?? {}) as JsonObject;

export function readFixture(id: string): Fixture {
  const own = read(`${id}.json`);
  const family = typeof own.family === 'string' ? read(own.family) : {};
  const values = { ...members(family.values), ...members(own.values) };
  const both = (name: string) => ({ ...members(family[name]), ...members(own[name]) });
  const shared = { requests: both('requests'), answers: both('answers') };
  const raw = [...list(family.cases), ...list(own.cases)].flatMap((entry) => unfold(entry, shared));
  // A value may be made of others.
  const filledValues = fill(values, values);
  const filled = fill(
    {
      id,
      values,
      keys: own.keys ?? family.keys ?? {},
      never: [...list(family.never), ...list(own.never)],
      facts: [...list(family.facts), ...list(own.facts)],
      scopeClasses: both('scopeClasses'),
      requests: shared.requests,
      cases: raw,
    },
    filledValues,
  ) as unknown as Fixture;
  return { ...filled, text: (name) => asText(filledValues[name]) };
}

interface Shared {
  readonly requests: JsonObject;
  readonly answers: JsonObject;
}

function unfold(entry: JsonObject, shared: Shared): JsonObject[] {
  const one = (value: Json | undefined): JsonObject => {
    const filled = value === undefined ? entry : (fill(entry, { each: value }) as JsonObject);
    return {
      ...filled,
      name: value === undefined ? (entry.name as string) : `${asText(entry.name)} (${asText(value) || 'empty'})`,
      given: filled.given ?? {},
      outcome: filled.then ?? {},
      wire: list(filled.wire).map((step) => list(step.either ?? [step]).map((item) => named(item, shared))),
    };
  };
  return entry.each === undefined ? [one(undefined)] : (entry.each as Json[]).map(one);
}

function named(exchange: JsonObject, shared: Shared): JsonObject {
  const look = (json: Json | undefined, table: JsonObject, what: string): Json | undefined => {
    if (typeof json !== 'string') return json;
    if (!(json in table)) throw new Error(`the fixture names no ${what} '${json}'`);
    return table[json];
  };
  const receives = look(exchange.receives, shared.requests, 'request') as Json;
  const answers = look(exchange.answers, shared.answers, 'answer');
  return answers === undefined ? { receives } : { receives, answers };
}
