// What was typed so far, as each shell tells it, and offers spelled as that shell takes them.
import type { Env } from '../model/ports.ts';
import type { Shell } from './completion-scripts.ts';
import { harmless } from './harmless.ts';

export interface Typed {
  /** Whole words before the cursor, without the program. */
  readonly before: readonly string[];
  /** What of the word under the cursor stands before it. */
  readonly current: string;
  /** As typed, quotes and backslashes included. bash only. */
  readonly raw: string;
}

export interface Offer {
  readonly value: string;
  readonly says: string;
}

export function readTyped(shell: Shell, args: readonly string[], env: Env): Typed {
  if (shell === 'bash') return readBashLine(env.get('COMP_LINE') ?? '');
  const words = shell === 'powershell' ? (env.get('OAUTHCTL_COMPLETE') ?? '').split('\n') : args;
  const last = words.at(-1) ?? '';
  // fish hands over an opened quote as it was typed.
  const current = shell === 'fish' ? last.replace(/^["']/, '') : last;
  return { before: words.slice(0, -1), current, raw: current };
}

/** The line up to the cursor, split as bash would; nothing in it is expanded. */
function readBashLine(line: string): Typed {
  const words: string[] = [];
  let word = '';
  let raw = '';
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at);
    const next = line.charAt(at + 1);
    if (quote === '' && /\s/.test(character)) {
      if (raw !== '') words.push(word);
      word = raw = '';
      continue;
    }
    raw += character;
    if (character === quote) quote = '';
    else if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if (character === '\\' && quote !== "'" && (quote === '' || '"\\$`'.includes(next))) {
      raw += next;
      word += next;
      at++;
    } else word += character;
  }
  return { before: words.slice(1), current: word, raw };
}

/** One line per offer, ready for the shell's glue. Names with a line break are never offered: there is no way to spell them. */
export function writeOffers(shell: Shell, offers: readonly Offer[], { raw }: Typed, env: Env): string {
  return offers
    .filter(({ value }) => !/[\p{Cc}]/u.test(value))
    .map(({ value, says }) => {
      if (shell === 'bash') return bashSpelling(value, raw, env.get('COMP_BREAKS') ?? '');
      if (shell === 'powershell') return [powershellSpelling(value), value, harmless(says)].join('\t');
      return `${value}\t${harmless(says)}`;
    })
    .map((line) => `${line}\n`)
    .join('');
}

/** Characters that mean something to bash outside quotes. */
const bashSpecial = /[\s"'\\$`!*?[\]{}()<>|&;#~^]/g;

/**
 * readline puts the offer in the place of what follows the last word break (or the opening quote), so only that part of the
 * spelling is given.
 */
function bashSpelling(value: string, raw: string, breaks: string): string {
  const quote = openQuote(raw);
  if (quote === "'") return value.replaceAll("'", "'\\''");
  if (quote === '"') return value.replace(/["\\$`]/g, '\\$&');
  // A tilde that was typed stands for the home folder; one in a name does not.
  const home = raw.startsWith('~/') && value.startsWith('~/') ? '~' : '';
  const spelled = home + value.slice(home.length).replace(bashSpecial, '\\$&');
  return spelled.slice(lastBreak(raw, breaks));
}

function openQuote(raw: string): string {
  let quote = '';
  for (let at = 0; at < raw.length; at++) {
    const character = raw.charAt(at);
    if (character === '\\' && quote !== "'") at++;
    else if (character === quote) quote = '';
    else if (quote === '' && (character === '"' || character === "'")) quote = character;
  }
  return quote;
}

/** How much of the word stays: up to the last break that is not escaped. `@` itself is replaced, the others stay. */
function lastBreak(raw: string, breaks: string): number {
  for (let at = raw.length - 1; at >= 0; at--) {
    const character = raw.charAt(at);
    if (!breaks.includes(character) || raw.charAt(at - 1) === '\\') continue;
    return character === '@' ? at : at + 1;
  }
  return 0;
}

function powershellSpelling(value: string): string {
  return /^[\w:./=+-]+$/.test(value) ? value : `'${value.replace(/['‘’‚‛]/g, '$&$&')}'`;
}
