// Sentences about several connections: each said once, with the names that it is about in front.

export function saidOnce(said: readonly { readonly name: string; readonly words: string }[]): string[] {
  const named = new Map<string, string[]>();
  for (const { name, words } of said) named.set(words, [...(named.get(words) ?? []), name]);
  return [...named].map(([words, [first = '', ...others]]) => {
    const names = others.length < 3 ? [first, ...others].join(', ') : `${first} and ${others.length} more`;
    return `${names}: ${words}`;
  });
}
