// A command that the person wrote, as the words of its argv. No shell: no variables, no pipes, no globs.

/**
 * `'…'` as it is; `"…"` and bare words with `\` before a quote, a space or a `\`, elsewhere a `\` is itself (paths of Windows).
 * Undefined when a quote is not closed, or when there is no word.
 */
export function commandWords(text: string): readonly [string, ...string[]] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at] ?? '';
    const next = text[at + 1] ?? '';
    if (letter === '\\' && quote !== "'" && /^["'\\\s]$/.test(next)) {
      word = (word ?? '') + next;
      at++;
    } else if (quote !== undefined) {
      if (letter === quote) quote = undefined;
      else word = (word ?? '') + letter;
    } else if (letter === "'" || letter === '"') {
      quote = letter;
      word ??= '';
    } else if (/\s/.test(letter)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + letter;
    }
  }
  if (word !== undefined) words.push(word);
  const [first, ...rest] = words;
  return quote !== undefined || first === undefined || first === '' ? undefined : [first, ...rest];
}
