// A command as it was typed, so that a hint can be run as it stands: the same words, and what must be different.
type Options = Readonly<Record<string, string | boolean | undefined>>;

export type Again = (change?: Options) => string;

/** `options`: by their long names, in the order of the hint; what is undefined or false was not typed. */
export function typedAgain(command: string, operands: readonly string[], options: Options): Again {
  return (change = {}) => {
    const flags = Object.entries({ ...options, ...change }).flatMap(([name, value]) => {
      if (value === undefined || value === false) return [];
      return value === true ? [`--${name}`] : [`--${name}`, shellWord(value)];
    });
    return [command, ...operands.map(shellWord), ...flags].join(' ');
  };
}

/** As a shell reads it back. */
export function shellWord(value: string): string {
  return /^[\w./:@%+=,~-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
