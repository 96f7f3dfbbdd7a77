// One view, two readers: aligned for people, tab-separated for programs.
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { View } from '../../src/model/command.ts';
import { renderView, wordsAfter } from '../../src/ui/render-view.ts';
import { colouredStyle, plainStyle, wantsColour } from '../../src/ui/style.ts';

const table: View = {
  kind: 'table',
  columns: ['name', 'state'],
  rows: [
    [{ text: 'gmail' }, { text: 'healthy', shown: '✓ healthy', tone: 'good' }],
    [{ text: 'acme:\u001B[31mred\tx' }, { text: '', shown: '–', tone: 'dim' }],
    [{ text: '名前' }, { text: 'x' }],
  ],
  whenEmpty: 'nothing yet',
  after: ['next: oauthctl \u202Econnect'],
};
const people = { terminal: true, columns: 80, style: plainStyle };
const programs = { terminal: false, columns: 80, style: plainStyle };

test('a table for people: a head, columns that line up, wide characters counted as two, words below', async () => {
  expect(await renderView(table, people)).toBe(
    `NAME            STATE
gmail           ✓ healthy
acme:[31mred x  –
名前            x
next: oauthctl connect
`,
  );
});

test('the same for programs: no head, no marks, one row a line; the words go to stderr', async () => {
  expect(await renderView(table, programs)).toBe('gmail\thealthy\nacme:[31mred x\t\n名前\tx\n');
  expect(wordsAfter(table)).toBe('next: oauthctl connect\n');
});

test('cells beyond the columns are for programs only, notes for people only', async () => {
  const [, ...others] = table.rows;
  const first = [{ text: 'gmail' }, { text: 'healthy' }, { text: 'why' }];
  const noted: View = { ...table, rows: [first, ...others], notes: ['gmail: \u202Ewhy'] };
  const printed = await renderView(noted, people);
  expect(printed).toMatch(/^gmail +healthy$/m);
  expect(printed).toMatch(/\ngmail: why\nnext: oauthctl connect\n$/);
  expect(await renderView(noted, programs)).toMatch(/^gmail\thealthy\twhy\nacme/);
  expect(wordsAfter(noted)).toBe('next: oauthctl connect\n');
});

test('nothing: a sentence for people, nothing for programs', async () => {
  expect(await renderView({ ...table, rows: [] }, people)).toBe('nothing yet\nnext: oauthctl connect\n');
  expect(await renderView({ ...table, rows: [] }, programs)).toBe('');
});

test('too narrow: the widest column gives way, and no line is longer than the terminal', async () => {
  const rows = [[{ text: 'a'.repeat(30) }, { text: 'b'.repeat(50) }, { text: 'short' }]];
  const narrow = await renderView({ ...table, columns: ['a', 'b', 'c'], rows, after: [] }, { ...people, columns: 60 });
  expect(Math.max(...narrow.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60);
  expect(narrow).toContain('a'.repeat(24));
  expect(narrow).toContain('short');
});

test('bare text is bytes for other programs: nothing is taken from it', async () => {
  expect(await renderView({ kind: 'bare', text: 'a\u001B\tb' }, people)).toBe('a\u001B\tb');
});

test('colour changes nothing but colour', async () => {
  const style = await colouredStyle();
  const coloured = await renderView(table, { ...people, style });
  expect(coloured).toContain('\u001B[32m✓ healthy\u001B[39m');
  expect(stripVTControlCharacters(coloured)).toBe(await renderView(table, people));
});

describe('whether there is colour', () => {
  const wants = (env: Record<string, string>, { flag = false, terminal = true } = {}) => {
    const get = (name: string) => env[name];
    return wantsColour(flag, { get, platform: 'linux', homeFolder: '/', workingFolder: '/' }, terminal);
  };

  test.each([
    ['a terminal', {}, {}, true],
    ['a pipe', {}, { terminal: false }, false],
    ['NO_COLOR', { NO_COLOR: '1' }, {}, false],
    ['--no-color', {}, { flag: true }, false],
    ['FORCE_COLOR in a pipe', { FORCE_COLOR: '1' }, { terminal: false }, true],
    ['FORCE_COLOR=0', { FORCE_COLOR: '0' }, {}, false],
    ['NO_COLOR beats FORCE_COLOR', { NO_COLOR: '1', FORCE_COLOR: '1' }, {}, false],
    ['--no-color beats FORCE_COLOR', { FORCE_COLOR: '1' }, { flag: true }, false],
    ['a dumb terminal', { TERM: 'dumb' }, {}, false],
  ])('%s', (_, env, options, colour) => {
    expect(wants(env, options)).toBe(colour);
  });
});

test('on a narrow terminal a state is never cut, the widest of the others is', async () => {
  const account = 'somebody.with.a.long.name@a-long-domain.example';
  const row = [{ text: 'gmail' }, { text: 'x', shown: '✗ reconnect required', whole: true }, { text: account }];
  const drawn = await renderView(
    { ...table, columns: ['name', 'state', 'account'], rows: [row], after: [] },
    { ...people, columns: 48 },
  );
  expect(drawn).toContain('✗ reconnect required');
  expect(drawn).not.toContain(account);
  for (const line of drawn.split('\n')) expect(line.length).toBeLessThanOrEqual(48);
});
