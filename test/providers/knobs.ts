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

/** Where another word of a closed set, or a value that could be, says more than nonsense would: the first row that fits. */
const words: readonly (readonly [RegExp, readonly Json[]])[] = [
  [/\/iss$/, ['required', 'never']],
  [/\/pkce$/, ['required', 'unsupported']],
  [/^\/(kinds\/\d+\/differs\/)?clientAuth$/, ['basic', 'basic-raw', 'none']],
  [/^\/kinds\/\d+\/secret$/, ['never', 'optional', 'always']],
  [/^\/constraints\/\d+\/secret$/, ['present', 'absent']],
  [/^\/constraints\/\d+\/redirect$/, ['loopback', 'own']],
  [/\/rotation$/, ['always', 'never', 'unknown']],
  [/\/kills$/, ['token', 'grant']],
  [/\/revocation\/kind$/, ['none']],
  [/\/proof$/, ['introspect', 'none', 'probe']],
  [/\/register$/, ['uri', 'origin', 'none']],
  [/\/redirect\/ports$/, [[8252], 'any', 'registered']],
  [/\/printed\/redirect$/, ['omit', 'urn:ietf:wg:oauth:2.0:oob']],
  [/\/printed\/prints$/, ['code', 'token']],
  // `already_dead` and `grant_dead` are one thing to a probe and to a revocation.
  [/\/means$/, ['app_fault', 'person_needed']],
  [/\/class$/, ['plain', 'restricted']],
  [/\/consent$/, ['admin', 'blocked-by-default']],
  [/\/method$/, ['GET', 'POST']],
  [/\/call\/auth$/, ['none', 'basic']],
  [/\/(probes\/\d+|apiProbe)\/token$/, ['header', { field: 'token' }]],
  [/\/separator\/(ask|answer)$/, [' ', ',']],
  [/\/steps\/\d+$/, ['refresh', 'access']],
  // More than twenty at once are never asked.
  [/^\/probesAtOnce$/, [7]],
  [/\/clientIdShape$/, [{ endsWith: '-changed', example: 'changed' }]],
  // Another word here is as good as none.
  [/\/(on|flows)\/\d+$/, []],
  [/\/form$/, ['digits', 'alphanumeric']],
  [/^\/lookalikes\/\d+\/of$/, ['client_id', 'client_secret']],
];

/** Of these any other word will do, and one is enough. */
const oneIsEnough = /\/(means|class|form|auth)$/;

export function changesOf({ at, value }: Knob): Change[] {
  const isEntry = /\/\d+$/.test(at);
  const taken: Change[] = isEntry ? [{ says: 'taken out', to: undefined }] : [];
  if (typeof value === 'object' && value !== null) return taken;
  const others = words.find(([pattern]) => pattern.test(at))?.[1];
  const fitting = (others ?? [other(value)]).filter((candidate) => candidate !== value);
  const changed = oneIsEnough.test(at) ? fitting.slice(0, 1) : fitting;
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

/** The same data; the pointers of whatever is read are added to `read`. One thing stays one thing, however often it is looked at. */
export function watched(provider: Provider, read: Set<string>): Provider {
  const watchedAt = new Map<string, object>();
  const watch = (json: object, at: string): object => {
    const watching = watchedAt.get(at) ?? new Proxy(json, { get: (target, name) => look(target, name, at) });
    watchedAt.set(at, watching);
    return watching;
  };
  const look = (target: object, name: string | symbol, at: string): unknown => {
    const value: unknown = Reflect.get(target, name);
    if (typeof name !== 'string' || !Object.hasOwn(target, name)) return value;
    const inside = `${at}/${escaped(name)}`;
    read.add(inside);
    return typeof value === 'object' && value !== null ? watch(value, inside) : value;
  };
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
