// What went wrong with one connection among several: an object for --json, two lines for people.
import type { CliError } from '../errors.ts';
import type { Problem } from '../model/connection.ts';
import type { JsonObject } from '../model/json.ts';

export function problemOf({ code, message, hint }: CliError): Problem {
  return { code, message, hint: hint ?? null };
}

export function problemJson(problem: Problem | null): JsonObject | null {
  return problem === null ? null : { code: problem.code, message: problem.message, hint: problem.hint };
}

export function problemLines(name: string, problem: Problem | null): string[] {
  if (problem === null) return [];
  const what = `${name}: ${problem.message}`;
  return problem.hint === null ? [what] : [what, `  try: ${problem.hint}`];
}

/** For below a table of several: those whose turn did not come before Ctrl-C are told in one line. */
export function linesOn(results: readonly { readonly name: string; readonly problem: Problem | null }[]): string[] {
  const cut = results.filter(({ problem }) => problem?.code === 'cancelled');
  const lines = results.flatMap(({ name, problem }) =>
    problem?.code === 'cancelled' ? [] : problemLines(name, problem),
  );
  return cut.length === 0
    ? lines
    : [...lines, `interrupted: ${cut.length} of ${results.length} were left as they were`];
}

/** The warning of a list about what it cannot show. */
export function leftOut(one: { readonly name: string; readonly message: string; readonly hint: string | undefined }) {
  return `'${one.name}' is left out: ${one.message}${one.hint === undefined ? '' : `. To mend it: ${one.hint}`}`;
}
