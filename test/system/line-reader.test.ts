// Lines out of a raw terminal: typed, pasted with and without brackets, wrapped, long, cut into pieces.
import { expect, test } from 'vitest';
import { createLineReader, type Reading } from '../../src/system/line-reader.ts';

function read(...pieces: string[]): Reading {
  const reader = createLineReader();
  let last: Reading = { kind: 'more' };
  for (const piece of pieces) {
    last = reader.feed(piece);
    if (last.kind !== 'more') return last;
  }
  return last;
}

const url = `http://127.0.0.1:1234/callback?code=4/0A&state=${'s'.repeat(5000)}`;
const paste = (text: string) => `\u001b[200~${text}\u001b[201~`;

test.each([
  ['typed, then Enter', [url, '\r']],
  ['pasted without brackets', [`${url}\n`]],
  ['pasted in brackets, then Enter', [paste(url), '\r']],
  ['pasted with its newline', [paste(`${url}\n`)]],
  ['wrapped by a terminal', [paste(`${url.slice(0, 80)}\r\n${url.slice(80)}`), '\r']],
  ['surrounded by spaces', [paste(`  ${url} `), '\r']],
  ['cut into pieces anywhere', [...paste(url).split(''), '\r']],
  ['after arrow keys and a lone Esc', ['\u001b[A\u001b[1;5D\u001b', `${paste(url)}\r`]],
  ['after empty lines', ['\r\n\r\n', `${url}\r`]],
  ['typed wrong, taken back', ['x\u007f', 'wrong\u0015', url, '\r']],
])('%s', (_, pieces) => {
  expect(read(...pieces)).toEqual({ kind: 'line', line: url });
});

test('a paste waits for Enter, since its second half may follow', () => {
  expect(read(paste(url))).toEqual({ kind: 'more' });
  expect(read(paste(url.slice(0, 50)), paste(url.slice(50)), '\r')).toEqual({ kind: 'line', line: url });
});

test('Ctrl-C interrupts, unless it was pasted', () => {
  expect(read('http', '\u0003')).toEqual({ kind: 'interrupt' });
  expect(read(paste('a\u0003b'), '\r')).toEqual({ kind: 'line', line: 'ab' });
});

test('more than 16 KiB is cut off, and a broken sequence does not block what follows', () => {
  const long = read('x'.repeat(20_000), '\r');
  expect(long.kind === 'line' && long.line.length).toBe(16 * 1024);
  expect(read(`\u001b[${'1'.repeat(100)}`, '\r')).toMatchObject({ kind: 'line' });
});
