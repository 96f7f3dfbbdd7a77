// Switches: faults, and the other answer to every fact that is not certain. Definitions are data; this file reads their
// settings. A setting is written NAME[=VALUE][@PLACE][*TIMES].
import { CliError } from '../errors.ts';
import { nearestName } from '../model/names.ts';

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
  /** The only endpoint that it holds for; null: wherever it makes sense. */
  readonly place: string | null;
  /** How often it still happens; null: until switched off. */
  times: number | null;
}

export type SwitchSettings = Record<string, SwitchSetting>;

/**
 * The value of a switch that is on here, or undefined. Reading it counts: a setting with a number of times is used up,
 * so a caller reads it only at the moment it acts on it.
 */
export function readSwitch(settings: SwitchSettings, name: string, place: string): string | undefined {
  const setting = settings[name];
  if (setting === undefined || (setting.place !== null && setting.place !== place)) return undefined;
  if (setting.times !== null) {
    setting.times -= 1;
    if (setting.times <= 0) delete settings[name];
  }
  return setting.value;
}

/** The places that a setting may name. */
export interface SwitchBook {
  readonly definitions: readonly SwitchDefinition[];
  readonly places: readonly string[];
}

const settingPattern = /^([a-z0-9-]+)(?:=([^@*]*))?(?:@([a-z]+))?(?:\*([1-9]\d{0,3}))?$/;

/** Applies one line; throws `invalid_value` before anything is changed. */
export function applySetting(settings: SwitchSettings, line: string, book: SwitchBook): void {
  const match = settingPattern.exec(line);
  const name = match?.[1] ?? line;
  const definition = book.definitions.find((candidate) => candidate.name === name);
  if (match === null || definition === undefined) throw unknownSwitch(line, name, book);
  const [, , typed, place, times] = match;
  if (typed === 'off') {
    delete settings[name];
    return;
  }
  if (place !== undefined && !book.places.includes(place))
    throw refusedSetting(line, `'@' is followed by one of ${book.places.join(', ')}`);
  settings[name] = {
    value: checkedValue(line, typed, definition.takes),
    place: place ?? null,
    times: times === undefined ? (definition.once ? 1 : null) : Number(times),
  };
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
export function describeSetting(name: string, setting: SwitchSetting): string {
  const place = setting.place === null ? '' : `@${setting.place}`;
  const times = setting.times === null ? '' : `*${setting.times}`;
  return `${name}=${setting.value}${place}${times}`;
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
