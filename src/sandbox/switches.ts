// Switches: faults, and the other answer to every fact that is not certain. Definitions are data; this file reads their
// settings. A setting is written NAME[=VALUE][@PLACE|@PROVIDER|@PROVIDER.PLACE][*TIMES].
import { CliError } from '../errors.ts';
import { nearestName } from '../model/names.ts';
import type { ProcessIdentity } from '../model/ports.ts';

export interface SwitchDefinition {
  readonly name: string;
  /** One line, for --help and the docs. */
  readonly says: string;
  readonly takes: SwitchValue;
  /** An act rather than a condition: it happens once and is then off. */
  readonly once?: boolean;
}

/** What may follow `=`; the first choice, or `whenLeftOut`, is meant when nothing does. */
type SwitchValue =
  | { readonly kind: 'choice'; readonly choices: readonly [string, ...string[]] }
  | { readonly kind: 'number'; readonly unit: string; readonly whenLeftOut: string }
  | { readonly kind: 'text'; readonly example: string; readonly whenLeftOut: string };

export interface SwitchSetting {
  readonly value: string;
  /** How often it still happens; null: until switched off. */
  times: number | null;
  /** The server that it ends with; left out: it stays until switched off. */
  readonly endsWith?: ProcessIdentity | undefined;
}

/** By `NAME`, or `NAME@WHERE` when it is narrowed: each narrowing is a setting of its own. */
export type SwitchSettings = Record<string, SwitchSetting>;

/** Where a call is: the names that its server goes by, and the endpoint. */
export interface Spot {
  readonly providers: readonly string[];
  readonly place: string;
}

/** The narrowest setting wins. */
function settingKey(settings: SwitchSettings, name: string, spot: Spot): string | undefined {
  const wheres = [
    ...spot.providers.map((provider) => `@${provider}.${spot.place}`),
    ...spot.providers.map((provider) => `@${provider}`),
    `@${spot.place}`,
    '',
  ];
  return wheres.map((where) => name + where).find((key) => Object.hasOwn(settings, key));
}

export function peekSwitch(settings: SwitchSettings, name: string, spot: Spot): string | undefined {
  const key = settingKey(settings, name, spot);
  return key === undefined ? undefined : settings[key]?.value;
}

/**
 * The value of a switch that is on here, or undefined. Reading it counts: a setting with a number of times is used up,
 * so a caller reads it only at the moment it acts on it.
 */
export function readSwitch(settings: SwitchSettings, name: string, spot: Spot): string | undefined {
  const key = settingKey(settings, name, spot);
  const setting = key === undefined ? undefined : settings[key];
  if (key === undefined || setting === undefined) return undefined;
  if (setting.times !== null) {
    setting.times -= 1;
    if (setting.times <= 0) delete settings[key];
  }
  return setting.value;
}

/** What a setting may name. */
export interface SwitchBook {
  readonly definitions: readonly SwitchDefinition[];
  readonly places: readonly string[];
  readonly providers: readonly string[];
  /** `PROVIDER.PLACE`. */
  readonly spots: readonly string[];
}

const settingPattern = /^([a-z0-9-]+)(?:=([^@*]*))?(?:@([a-z0-9-]+(?:\.[a-z0-9-]+)?))?(?:\*([1-9]\d{0,3}))?$/;

/** Applies one line; throws `invalid_value` before anything is changed. */
export function applySetting(
  settings: SwitchSettings,
  line: string,
  book: SwitchBook,
  endsWith?: ProcessIdentity,
): void {
  const match = settingPattern.exec(line);
  const name = match?.[1] ?? line;
  const definition = book.definitions.find((candidate) => candidate.name === name);
  if (match === null || definition === undefined) throw unknownSwitch(line, name, book);
  const [, , typed, where, times] = match;
  if (where !== undefined && ![...book.places, ...book.providers, ...book.spots].includes(where))
    throw refusedSetting(
      line,
      `'@' is followed by one of ${book.places.join(', ')}, by one of ${book.providers.join(', ')}, or by PROVIDER.PLACE`,
    );
  const key = where === undefined ? name : `${name}@${where}`;
  if (typed === 'off') {
    switchOff(settings, key);
    return;
  }
  settings[key] = {
    value: checkedValue(line, typed, definition.takes),
    times: times === undefined ? (definition.once ? 1 : null) : Number(times),
    endsWith,
  };
}

/** A bare name ends its narrowed settings too. */
function switchOff(settings: SwitchSettings, key: string): void {
  for (const other of Object.keys(settings)) if (other === key || other.startsWith(`${key}@`)) delete settings[other];
}

function checkedValue(line: string, typed: string | undefined, takes: SwitchValue): string {
  if (takes.kind === 'choice') {
    const value = typed ?? takes.choices[0];
    if (takes.choices.includes(value)) return value;
    throw refusedSetting(line, `the value is one of ${takes.choices.join(', ')}`);
  }
  const value = typed ?? takes.whenLeftOut;
  if (takes.kind === 'number' && !/^-?\d{1,9}$/.test(value)) throw refusedSetting(line, `the value is ${takes.unit}`);
  return value;
}

/** The spelling that sets it again. */
export function describeSetting(key: string, setting: SwitchSetting): string {
  const [name = '', where] = key.split('@');
  const narrowed = where === undefined ? '' : `@${where}`;
  const times = setting.times === null ? '' : `*${setting.times}`;
  return `${name}=${setting.value}${narrowed}${times}`;
}

/** How a definition is written in help: `http-429[=SECONDS]`. */
export function switchUsage(definition: SwitchDefinition): string {
  const { name, takes } = definition;
  if (takes.kind === 'choice') return takes.choices.length === 1 ? name : `${name}[=${takes.choices.join('|')}]`;
  return `${name}[=${takes.kind === 'number' ? takes.unit.toUpperCase() : takes.example}]`;
}

function unknownSwitch(line: string, name: string, book: SwitchBook): CliError {
  const nearest = nearestName(
    name,
    book.definitions.map((definition) => definition.name),
  );
  const guess = nearest === undefined ? '' : `; '${nearest}' is one`;
  return new CliError('invalid_value', `'${line}' is not a switch of the sandbox${guess}`, {
    hint: 'open the page of the standing sandbox, which lists the switches: oauthctl sandbox',
  });
}

function refusedSetting(line: string, why: string): CliError {
  return new CliError('invalid_value', `'${line}' cannot be set: ${why}`, {
    hint: 'open the page of the standing sandbox, which lists the switches: oauthctl sandbox',
  });
}
