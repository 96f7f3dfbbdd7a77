// A table for programs: tab-separated, no header, nothing in it that would break a line or a column.
import { harmless } from './harmless.ts';

export function pipedLines(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(harmless).join('\t')}\n`).join('');
}
