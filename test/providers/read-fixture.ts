// Reads wire fixtures: a provider's file and its family's, one case per entry of `each`, placeholders filled in.
import { readFileSync } from 'node:fs';
import type { Json, JsonObject } from '../../src/model/json.ts';
import { isJsonObject } from '../../src/model/json.ts';
import { asText, type Case, type Fixture } from './fixture.ts';

/** Puts values in for `{name}`: a text that is nothing else becomes the value itself; unknown names stay. */
export function fill<T extends Json>(json: T, values: JsonObject): T {
  if (typeof json === 'string') return fillText(json, values) as T;
  if (Array.isArray(json)) return json.map((item: Json) => fill(item, values)) as Json as T;
  if (!isJsonObject(json)) return json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, fill(value, values)])) as Json as T;
}

function fillText(template: string, values: JsonObject): Json {
  const whole = /^\{([a-z_]+)\}$/.exec(template)?.[1];
  if (whole !== undefined && whole in values) return values[whole] as Json;
  return template.replace(/\{([a-z_]+)\}/g, (all, name: string) => (name in values ? asText(values[name]) : all));
}

function read(name: string): JsonObject {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as JsonObject;
}

const list = (json: Json | undefined) => (json ?? []) as readonly JsonObject[];
const members = (json: Json | undefined) => (json ?? {}) as JsonObject;

/** What the cases of a file may name, or stand upon. */
interface Shared {
  readonly values: JsonObject;
  readonly given: JsonObject;
  readonly requests: JsonObject;
  readonly answers: JsonObject;
  readonly keys: JsonObject;
}

export function readFixture(id: string): Fixture {
  const own = read(`${id}.json`);
  const family = typeof own.family === 'string' ? read(own.family) : {};
  const both = (name: string) => ({ ...members(family[name]), ...members(own[name]) });
  const all = (name: string) => [...list(family[name]), ...list(own[name])];
  const shared = {
    values: { id, ...both('values') },
    given: both('given'),
    requests: both('requests'),
    answers: both('answers'),
    keys: both('keys'),
  };
  const filled = (json: Json) => fill(json, filledUp(shared.values));
  return {
    ...(filled({ id, read: own.read ?? '', never: all('never'), facts: all('facts') }) as unknown as Fixture),
    family: asText(own.family ?? `${id}.json`),
    scopeClasses: filled(both('scopeClasses')) as Fixture['scopeClasses'],
    cases: all('cases').flatMap((entry) => unfold(entry, shared)),
  };
}

/** A value may be made of others. */
const filledUp = (values: JsonObject): JsonObject => fill(values, fill(values, values));

function unfold(entry: JsonObject, shared: Shared): Case[] {
  if (entry.each === undefined) return [one(entry, shared, {})];
  return (entry.each as Json[]).map((each) => {
    const name = isJsonObject(each) ? Object.values(each)[0] : each;
    const named = { ...entry, name: `${asText(entry.name)} (${asText(name) || 'empty'})` };
    return one(named, shared, { each, ...(isJsonObject(each) ? each : {}) });
  });
}

function one(raw: JsonObject, shared: Shared, each: JsonObject): Case {
  const entry = fill(raw, each);
  const given = { ...shared.given, ...members(entry.given) };
  const tenant: JsonObject = given.tenant === undefined ? {} : { tenant: given.tenant };
  const values = filledUp({ ...shared.values, ...members(entry.values), ...tenant, ...each });
  const wire = list(entry.wire).map((step) => list(step.either ?? [step]).map((item) => named(item, shared)));
  const { requests, keys } = shared;
  const whole = { ...entry, given, outcome: entry.then ?? {}, wire, requests, keys };
  return { ...(fill(whole, values) as unknown as Case), values };
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
