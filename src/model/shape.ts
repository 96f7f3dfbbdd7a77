// Strict readers of JSON from outside. A reader takes a value and its JSON pointer (RFC 6901), and gives the value back typed
// or throws `invalid_value` naming the pointer. Unknown members are refused, so that a slip of the fingers is not ignored.
import { CliError } from '../errors.ts';
import { isJsonObject } from './json.ts';
import { nearestName } from './names.ts';

export type Reader<T> = (value: unknown, at: string) => T;

export function refuse(at: string, words: string): never {
  throw new CliError('invalid_value', `${at === '' ? 'the document' : at} ${words}`, {
    hint: 'docs/adding-a-provider.md describes every member',
  });
}

/** Control characters, bidirectional and other invisible marks, halves of a surrogate pair: nothing that a person reads has them. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

export interface TextRule {
  readonly most: number;
  /** The whole text must fit. */
  readonly fits?: RegExp;
  /** What `fits` wants, in words that follow "must be". */
  readonly wants?: string;
}

export function text({ most, fits, wants }: TextRule): Reader<string> {
  return (value, at) => {
    if (typeof value !== 'string') return refuse(at, 'must be text');
    if (value === '') return refuse(at, 'must not be empty');
    if (value.length > most) return refuse(at, `must not be longer than ${most} characters`);
    if (unprintable.test(value)) return refuse(at, 'must not hold control characters or invisible marks');
    if (fits !== undefined && !fits.test(value)) return refuse(at, `must be ${wants ?? 'of another form'}`);
    return value;
  };
}

export const flag: Reader<boolean> = (value, at) =>
  typeof value === 'boolean' ? value : refuse(at, 'must be true or false');

/** A flag that says something only when it is there. */
export function only<const T extends boolean>(wanted: T): Reader<T> {
  return (value, at) => (value === wanted ? wanted : refuse(at, `must be ${wanted} or left out`));
}

export function whole(least: number, most: number): Reader<number> {
  return (value, at) =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
      ? value
      : refuse(at, `must be a whole number from ${least} to ${most}`);
}

export function oneOf<const T extends string>(...choices: readonly T[]): Reader<T> {
  return (value, at) => choices.find((choice) => choice === value) ?? refuse(at, `must be ${listed(choices)}`);
}

export function orNull<T>(read: Reader<T>): Reader<T | null> {
  return (value, at) => (value === null ? null : read(value, at));
}

const mostItems = 200;

export function list<T>(read: Reader<T>, least = 0): Reader<readonly T[]> {
  return (value, at) => {
    if (!Array.isArray(value)) return refuse(at, 'must be a list');
    if (value.length < least) return refuse(at, `must have at least ${least} ${least === 1 ? 'entry' : 'entries'}`);
    if (value.length > mostItems) return refuse(at, `must not have more than ${mostItems} entries`);
    return value.map((item: unknown, index) => read(item, `${at}/${index}`));
  };
}

/** An object whose member names are free: scopes, headers, parameters. */
export function table<T>(name: Reader<string>, read: Reader<T>): Reader<Readonly<Record<string, T>>> {
  return (value, at) => {
    if (!isJsonObject(value)) return refuse(at, 'must be an object');
    const entries = Object.entries(value).map(([key, item]) => {
      const here = `${at}/${escaped(key)}`;
      return [name(key, here), read(item, here)] as const;
    });
    if (entries.length > mostItems) return refuse(at, `must not have more than ${mostItems} members`);
    return Object.fromEntries(entries);
  };
}

interface Member<T> {
  readonly read: Reader<T>;
  readonly absent: 'refused' | 'left out' | { readonly becomes: T };
}

/** The member must be there. */
export const must = <T>(read: Reader<T>): Member<T> => ({ read, absent: 'refused' });
/** The member may be left out, and stays out. */
export const may = <T>(read: Reader<T>): Member<T> => ({ read, absent: 'left out' });
/** The member may be left out and then has this value. */
export const otherwise = <T>(read: Reader<T>, becomes: T): Member<T> => ({ read, absent: { becomes } });

/** Every member of T has its reader: one that is added to the type is missed here at compile time. */
export type Members<T> = { readonly [K in keyof T]-?: Member<Exclude<T[K], undefined>> };

export function object<T>(members: Members<T>): Reader<T> {
  const known: Readonly<Record<string, Member<unknown>>> = members;
  return (value, at) => {
    if (!isJsonObject(value)) return refuse(at, 'must be an object');
    for (const key of Object.keys(value)) {
      if (!Object.hasOwn(known, key)) return refuse(`${at}/${escaped(key)}`, unknownMember(key, Object.keys(known)));
    }
    const read: Record<string, unknown> = {};
    for (const [key, member] of Object.entries(known)) {
      if (Object.hasOwn(value, key)) read[key] = member.read(value[key], `${at}/${key}`);
      else if (member.absent === 'refused') return refuse(`${at}/${key}`, 'is missing');
      else if (member.absent !== 'left out') read[key] = member.absent.becomes;
    }
    return read as T;
  };
}

/** An object of which every member may be left out. */
export function partial<T>(readers: { readonly [K in keyof T]-?: Reader<Exclude<T[K], undefined>> }): Reader<T> {
  const members = Object.entries<Reader<unknown>>(readers).map(([key, read]) => [key, may(read)] as const);
  return object<T>(Object.fromEntries(members) as unknown as Members<T>);
}

function unknownMember(key: string, known: readonly string[]): string {
  const nearest = nearestName(key, known);
  return nearest === undefined ? 'is not known here' : `is not known here; did you mean '${nearest}'?`;
}

/** RFC 6901 §3; cut, and without what could deceive, since the name comes from outside. */
function escaped(key: string): string {
  const shown = key.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '?').slice(0, 64);
  return shown.replaceAll('~', '~0').replaceAll('/', '~1');
}

function listed(choices: readonly string[]): string {
  return choices.map((choice) => `'${choice}'`).join(' or ');
}
