// Provider data taken apart: every value in it, what it could be instead, and which of them a piece of code reads.
import { isDeepStrictEqual } from 'node:util';
import type { Json, JsonObject } from '../../src/model/json.ts';
import { isJsonObject } from '../../src/model/json.ts';
import type { Provider } from '../../src/model/provider.ts';

export interface Knob {
  /** JSON pointer. */
  readonly at: string;
  readonly value: Json;
}

/** Every value that is no object and no list, and every entry of a list. */
export function knobsOf(json: Json, at = ''): Knob[] {
  if (Array.isArray(json)) {
    const entries = json.map((value: Json, index) => ({ at: `${at}/${index}`, value }));
    const leaves = entries.flatMap((entry) => knobsOf(entry.value, entry.at));
    return [...entries.filter(({ value }) => typeof value === 'object'), ...leaves];
  }
  if (!isJsonObject(json)) return [{ at, value: json }];
  return Object.entries(json).flatMap(([name, value]) => knobsOf(value, `${at}/${escaped(name)}`));
}

const escaped = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1');

/** A change, in words, and the value in its place; `undefined` takes the entry out. */
export interface Change {
  readonly says: string;
  readonly to: Json | undefined;
}

/** Words of a closed set, where another word of it says more than nonsense would. */
const words: Readonly<Record<string, readonly Json[]>> = {
  iss: ['required', 'never'],
  pkce: ['required', 'unsupported'],
  clientAuth: ['basic', 'basic-raw', 'none'],
  secret: ['never', 'optional'],
  rotation: ['always', 'unknown'],
  kills: ['token', 'grant'],
  'revocation/kind': ['none'],
  proof: ['introspect', 'none'],
  register: ['uri', 'origin'],
  ports: [[8252]],
  // `already_dead` and `grant_dead` are one thing to a probe and to a revocation.
  means: ['app_fault', 'person_needed'],
  class: ['plain', 'restricted'],
  method: ['GET', 'POST'],
  token: ['header', { field: 'token' }],
  ask: [','],
  answer: [','],
};

export function changesOf({ at, value }: Knob): Change[] {
  const [name = '', parent = ''] = at.split('/').reverse();
  const isEntry = /^\d+$/.test(name);
  const taken: Change[] = isEntry ? [{ says: 'taken out', to: undefined }] : [];
  if (typeof value === 'object' && value !== null) return taken;
  const others =
    typeof value === 'string' && parent !== 'endpoints' ? (words[`${parent}/${name}`] ?? words[name]) : undefined;
  const fitting = (others ?? [other(value)]).filter((candidate) => candidate !== value);
  const changed = name === 'means' || name === 'class' ? fitting.slice(0, 1) : fitting;
  return [...taken, ...changed.map((to) => ({ says: `is ${JSON.stringify(to)}`, to }))];
}

/** Another value of the same kind. */
function other(value: Json): Json {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value * 2 + 1;
  if (value === null) return 60;
  const text = typeof value === 'string' ? value : '';
  return /^https?:/.test(text) ? text.replace(/^(https?:\/\/[^/]*)/, '$1.example') : `${text}-changed`;
}

export function changed(provider: Provider, { at }: Knob, { to }: Change): Provider {
  const copy = structuredClone(provider) as unknown as JsonObject;
  const path = at
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = path.pop() ?? '';
  const holder = path.reduce<Json>((json, name) => (json as Record<string, Json>)[name] as Json, copy);
  if (Array.isArray(holder) && to === undefined) holder.splice(Number(last), 1);
  else (holder as Record<string, Json | undefined>)[last] = to;
  return copy as unknown as Provider;
}

/** The same data; the pointers of whatever is read are added to `read`. */
export function watched(provider: Provider, read: Set<string>): Provider {
  const watch = (json: object, at: string): object =>
    new Proxy(json, {
      get(target, name, receiver) {
        const value: unknown = Reflect.get(target, name, receiver);
        if (typeof name !== 'string' || !Object.hasOwn(target, name)) return value;
        const inside = `${at}/${escaped(name)}`;
        read.add(inside);
        return typeof value === 'object' && value !== null ? watch(value, inside) : value;
      },
    });
  return watch(provider, '') as Provider;
}

/** Where the same knob stands in other data: list entries are found by what they say, since their places differ. */
export function sameKnob(at: string, from: Json, to: Json): string | undefined {
  let here: Json | undefined = from;
  let there: Json | undefined = to;
  let path = '';
  for (const part of at.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const value: Json | undefined = member(here, name);
    const found = Array.isArray(there)
      ? String(there.findIndex((entry: Json) => isDeepStrictEqual(entry, value)))
      : name;
    here = value;
    there = member(there, found);
    if (there === undefined) return undefined;
    path += `/${escaped(found)}`;
  }
  return isDeepStrictEqual(here, there) ? path : undefined;
}

function member(json: Json | undefined, name: string): Json | undefined {
  const isHolder = typeof json === 'object' && json !== null;
  return isHolder && Object.hasOwn(json, name) ? (json as Record<string, Json>)[name] : undefined;
}
