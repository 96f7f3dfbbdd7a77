// The words of a command that a person named in one text (`command:…`): split as a shell would, and never given to one.

/**
 * `'…'` is taken as it is; `"…"` and bare words know `\` before a quote, a space or another `\`, so that the folders of
 * Windows need no doubling. Undefined when a quote is left open or there is no word.
 */
export function commandWords(text: string): readonly [string, ...string[]] | undefined {
  const words: string[] = [];
  let rest = text.trim();
  while (rest !== '') {
    const found = /^(?:'[^']*'|"(?:\\["\\]|\\(?!["\\])|[^"\\])*"|\\["' \\]|[^\s"'])+/.exec(rest)?.[0];
    if (found === undefined) return undefined;
    words.push(unquoted(found));
    const after = rest.slice(found.length);
    if (after !== '' && !/^\s/.test(after)) return undefined;
    rest = after.trimStart();
  }
  const [program, ...args] = words;
  return program === undefined || program === '' ? undefined : [program, ...args];
}

function unquoted(word: string): string {
  return word.replace(/'([^']*)'|"((?:\\["\\]|\\(?!["\\])|[^"\\])*)"|\\(["' \\])/g, (_, literal, quoted, escaped) => {
    if (literal !== undefined) return literal;
    return quoted === undefined ? escaped : quoted.replace(/\\(["\\])/g, '$1');
  });
}
