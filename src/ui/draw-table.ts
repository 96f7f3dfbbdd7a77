// Columns that line up, within the width of the terminal. Loaded for terminals only.
import Table from 'cli-table3';

/** No rules and no corners: the columns carry the table. */
const chars = Object.fromEntries(
  ['top', 'bottom'].flatMap((edge) => [edge, `${edge}-mid`, `${edge}-left`, `${edge}-right`]).map((name) => [name, '']),
);
const gap = 2;
const narrowest = 8;

/** Cells may carry colour. `whole`: the columns that are never cut. */
export interface Drawn {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly whole: readonly boolean[];
}

/** Rows end with a newline. */
export function drawTable({ head, rows, whole }: Drawn, columns: number): string {
  const table = new Table({
    head: [...head],
    chars: { ...chars, left: '', 'left-mid': '', right: '', 'right-mid': '', mid: '', 'mid-mid': '', middle: '' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': gap },
    colWidths: narrowed(
      head.map((name, index) => Math.max(...[name, ...rows.map((row) => row[index] ?? '')].map(visibleLength)) + gap),
      whole,
      columns,
    ),
  });
  table.push(...rows.map((row) => [...row]));
  return `${table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')}\n`;
}

/** The widest column gives way first, down to a width that still tells something. */
function narrowed(wanted: readonly number[], whole: readonly boolean[], columns: number): number[] {
  const widths = [...wanted];
  const total = () => widths.reduce((sum, width) => sum + width, 0) - gap;
  while (total() > columns) {
    const width = Math.max(0, ...widths.filter((_, index) => !whole[index]));
    const widest = widths.findIndex((each, index) => each === width && !whole[index]);
    if (width <= narrowest) break;
    widths[widest] = width - 1;
  }
  return widths;
}

/** Without colour (SGR sequences are all that a cell can carry); a wide character counts as two. */
function visibleLength(text: string): number {
  const bare = text.replace(colour, '');
  return Array.from(bare).reduce(
    (length, character) => length + (wide.test(character) ? 2 : /\p{M}/u.test(character) ? 0 : 1),
    0,
  );
}

/** The escape character is spelled by its number, since regular expressions that hold it are suspected of a slip. */
const colour = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, 'g');
const wide =
  /[\p{Extended_Pictographic}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\uFF01-\uFF60]/u;
