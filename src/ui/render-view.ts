// A view as text: aligned and coloured for a terminal, tab-separated without a header for everything else.
import type { Cell, View } from '../model/command.ts';
import { harmless, harmlessLines } from './harmless.ts';
import { pipedLines } from './piped-lines.ts';
import type { Style } from './style.ts';

export interface Look {
  readonly terminal: boolean;
  readonly columns: number;
  readonly style: Style;
}

/** Ends with a newline unless empty; `bare` text comes as it is. */
export async function renderView(view: View, look: Look): Promise<string> {
  switch (view.kind) {
    case 'bare':
      return view.text;
    case 'nothing':
      return '';
    case 'text':
      return ended(harmlessLines(view.text));
    case 'facts':
      return look.terminal ? shownFacts(view, look) : pipedLines(view.facts.map(({ name, cell }) => [name, cell.text]));
    case 'table':
      return look.terminal ? shownTable(view, look) : pipedLines(view.rows.map((row) => row.map(({ text }) => text)));
  }
}

function ended(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

function shown({ text, shown: forPeople, tone }: Cell, style: Style): string {
  return style.paint(tone ?? 'plain', harmless(forPeople ?? text));
}

/** Words for people that follow the answer: below it on a terminal, on stderr elsewhere. */
export function wordsAfter(view: View): string {
  const after = 'after' in view ? (view.after ?? []) : [];
  return after.map((line) => `${harmless(line)}\n`).join('');
}

/** A longer name runs over its column and does not push the others aside. */
const longestName = 24;

function shownFacts(view: Extract<View, { kind: 'facts' }>, { style }: Look): string {
  const width = Math.max(...view.facts.map(({ name }) => (name.length > longestName ? 0 : name.length)));
  const rows = view.facts.map(
    ({ name, cell }) => `${style.paint('dim', harmless(name).padEnd(width))}  ${shown(cell, style)}\n`,
  );
  return rows.join('') + wordsAfter(view);
}

async function shownTable(view: Extract<View, { kind: 'table' }>, { style, columns }: Look): Promise<string> {
  if (view.rows.length === 0) return ended(harmless(view.whenEmpty)) + wordsAfter(view);
  const { drawTable } = await import('./draw-table.ts');
  const head = view.columns.map((name) => style.paint('dim', name.toUpperCase()));
  const rows = view.rows.map((row) => row.slice(0, head.length).map((cell) => shown(cell, style)));
  const notes = (view.notes ?? []).map((line) => `${style.paint('dim', harmless(line))}\n`).join('');
  const whole = head.map((_, index) => view.rows.some((row) => row[index]?.whole));
  return drawTable({ head, rows, whole }, columns) + notes + wordsAfter(view);
}
