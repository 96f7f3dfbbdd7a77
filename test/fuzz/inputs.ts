// Inputs for the fuzz run: valid ones broken a little, and what breaks parsers. All of it follows from one seed.

/** Stands wherever a secret stands in an input: no error, warning or trace may hold it. */
export const planted = 'PLANTED-secret-0123456789abcdefghijklmnopqrstuv';

export interface Dice {
  /** 0 … below. */
  below(limit: number): number;
  pick<T>(from: readonly T[]): T;
}

/** Mulberry32: small, even enough, and the same everywhere. */
export function createDice(seed: number): Dice {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return { below, pick: (from) => from[below(from.length)] as (typeof from)[number] };
}

const deep = (open: string, close: string, times = 20_000) => open.repeat(times) + close.repeat(times);

/** Each has broken somebody's parser. */
const fragments: readonly string[] = [
  '',
  '\0',
  '\ufeff',
  '\ud800',
  '\u202e',
  '\u2028',
  '\u001b]0;x\u0007',
  '\r\n',
  '%',
  '%00',
  '%E0%A4',
  '+',
  '&',
  '=',
  '#',
  '?',
  ';',
  '"',
  "'",
  '\\',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '{"__proto__":{"polluted":1}}',
  '{"constructor":{"prototype":{"polluted":1}}}',
  '"__proto__":{"polluted":1},',
  '__proto__[polluted]=1',
  'null',
  'true',
  '[]',
  '{}',
  '""',
  '0',
  '-0',
  '-1',
  '0.5',
  '1e999',
  '-1e999',
  '9007199254740993',
  '8640000000000001',
  '1e21',
  'NaN',
  '../../etc/passwd',
  'CON',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'https://user:pass@host/',
  'http://[::1',
  'http://127.0.0.1:99999/',
  '9999-99-99T99:99:99Z',
  '275760-09-13T00:00:01Z',
  planted,
];

const jsonValues = [
  'null',
  'true',
  '-1',
  '1e999',
  '1e300',
  '""',
  '"x"',
  '[]',
  '{}',
  '[{}]',
  '{"__proto__":{"polluted":1}}',
];

/** A valid input broken in one to four places, or something else altogether. */
export function makeInput(seeds: readonly string[], dice: Dice): string {
  if (dice.below(20) === 0) return strange(dice);
  let text = dice.pick(seeds);
  for (let times = 1 + dice.below(4); times > 0; times--) text = broken(text, seeds, dice);
  return text;
}

function strange(dice: Dice): string {
  const kind = dice.below(6);
  if (kind === 0) return deep('[', ']');
  if (kind === 1) return deep('{"a":', '}').replace('}', '1}');
  if (kind === 2) return dice.pick(fragments).repeat(1 + dice.below(2_000));
  const length = dice.below(kind === 3 ? 2_000 : 40);
  const largest = dice.pick([0x7f, 0xff, 0xffff]);
  return Array.from({ length }, () => String.fromCharCode(dice.below(largest + 1))).join('');
}

function broken(text: string, seeds: readonly string[], dice: Dice): string {
  const at = dice.below(text.length + 1);
  const to = Math.min(text.length, at + dice.below(dice.pick([2, 8, 64, text.length + 1])));
  switch (dice.below(9)) {
    case 0:
      return text.slice(0, at) + dice.pick(fragments) + text.slice(at);
    case 1:
      return text.slice(0, at) + dice.pick(fragments) + text.slice(to);
    case 2:
      return text.slice(0, at) + text.slice(to);
    case 3:
      return text.slice(0, to) + text.slice(at);
    case 4:
      return text.slice(0, at) + String.fromCharCode(dice.below(256)) + text.slice(at + 1);
    case 5: {
      const other = dice.pick(seeds);
      return text.slice(0, at) + other.slice(dice.below(other.length + 1));
    }
    case 6:
      return withValue(text, dice);
    case 7:
      return withDeep(text, dice);
    default:
      return withName(text, dice);
  }
}

/** One JSON value, or one value of a form, replaced: what is left is still well-formed. */
function withValue(text: string, dice: Dice): string {
  const values = [...text.matchAll(/(?<=":\s?)("(?:[^"\\]|\\.)*"|[-\d.]+|true|false|null|\[\]|\{\})/g)];
  if (values.length === 0) return text.replace(/=[^&\n]*/, `=${dice.pick(fragments)}`);
  const value = dice.pick(values);
  return text.slice(0, value.index) + dice.pick(jsonValues) + text.slice(value.index + value[0].length);
}

function withDeep(text: string, dice: Dice): string {
  if (dice.below(4) > 0) return withValue(text, dice);
  return text.replace(/"(?:[^"\\]|\\.)*"(?=\s*[,}\]])/, () => deep('[', ']', 10_000));
}

function withName(text: string, dice: Dice): string {
  const names = [...text.matchAll(/"[^"\\]*"(?=\s*:)/g)];
  if (names.length === 0) return text.replace(/[\w.]+(?==)/, dice.pick(fragments));
  const name = dice.pick(names);
  const other = dice.pick([...names.map(([found]) => found), '"__proto__"', '"constructor"', '""']);
  return text.slice(0, name.index) + other + text.slice(name.index + name[0].length);
}
