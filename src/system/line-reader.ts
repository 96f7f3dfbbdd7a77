// One line out of the bytes of a terminal in raw mode with bracketed paste. Nothing is echoed: the line may be a secret.
// Raw, because a terminal in its usual mode cuts a line at 4,095 bytes and addresses get longer.

const longestLine = 16 * 1024;
const pasteStart = '\u001b[200~';
const pasteEnd = '\u001b[201~';

export type Reading =
  | { readonly kind: 'more' }
  | { readonly kind: 'line'; readonly line: string }
  /** Ctrl-C, which is no signal in raw mode. */
  | { readonly kind: 'interrupt' };

export interface LineReader {
  feed(text: string): Reading;
}

export function createLineReader(): LineReader {
  let line = '';
  let pasting = false;
  let endsWithNewline = false;
  let unread = '';

  const isThere = () => line.trim() !== '';

  const takePasted = (token: string): Reading['kind'] => {
    if (token === pasteEnd) {
      pasting = false;
      return endsWithNewline && isThere() ? 'line' : 'more';
    }
    // Terminals wrap long addresses, and so does what is copied from them: a newline within is no end.
    endsWithNewline = token === '\r' || token === '\n';
    add(token);
    return 'more';
  };

  const takeTyped = (token: string): Reading['kind'] => {
    if (token === '\u0003') return 'interrupt';
    if ((token === '\r' || token === '\n') && isThere()) return 'line';
    if (token === pasteStart) {
      pasting = true;
      endsWithNewline = false;
    } else if (token === '\u007f' || token === '\b') line = line.slice(0, -1);
    else if (token === '\u0015') line = '';
    else add(token);
    return 'more';
  };

  /** Control characters and escape sequences mean nothing here. */
  const add = (token: string) => {
    if (token.length === 1 && token >= ' ' && line.length < longestLine) line += token;
  };

  return {
    feed(text) {
      unread += text;
      for (let token = firstToken(unread); token !== undefined; token = firstToken(unread)) {
        unread = unread.slice(token.length);
        const kind = pasting ? takePasted(token) : takeTyped(token);
        if (kind === 'line') return { kind, line: line.trim() };
        if (kind === 'interrupt') return { kind };
      }
      return { kind: 'more' };
    },
  };
}

/** A character, or a whole escape sequence (ECMA-48 section 5.4). Undefined when more must come first. */
function firstToken(text: string): string | undefined {
  if (text === '' || text === '\u001b') return undefined;
  if (!text.startsWith('\u001b[')) return text.slice(0, 1);
  const [sequence] = /^.\[[0-?]*[ -/]*[@-~]/.exec(text) ?? [];
  if (sequence !== undefined) return sequence;
  const mayGoOn = /^.\[[0-?]*[ -/]*$/.test(text) && text.length < 32;
  return mayGoOn ? undefined : text.slice(0, 1);
}
