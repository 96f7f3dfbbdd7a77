// Questions at a terminal: answered, refused, escaped; and a line pasted while something else may come first.
import { expect, test } from 'vitest';
import { createPrompter } from '../../src/system/prompter.ts';
import { createFakeTty } from './fake-tty.ts';

function open(interactive = true) {
  const tty = createFakeTty();
  const stop = new AbortController();
  let interrupts = 0;
  const interrupt = () => void interrupts++;
  const { input, output } = tty;
  const prompter = createPrompter({ interactive, input, output, interrupted: stop.signal, interrupt });
  return { ...tty, prompter, stop, interrupts: () => interrupts };
}

test('text: typed, checked, asked again', async () => {
  const { prompter, shows, type } = open();
  const answer = prompter.text({ message: 'Client id', validate: (value) => value.includes('.') || 'no dot in it' });
  await shows('Client id');
  type('abc\r');
  await shows('no dot in it');
  type('.d\r');
  expect(await answer).toBe('abc.d');
});

test('text: Enter takes what is proposed', async () => {
  const { prompter, shows, type } = open();
  const answer = prompter.text({ message: 'Label', initial: 'work' });
  await shows('Label');
  type('\r');
  expect(await answer).toBe('work');
});

test('secret: never drawn, and prints as nothing', async () => {
  const { prompter, shows, type, written } = open();
  const answer = prompter.secret({ message: 'Client secret' });
  await shows('Client secret');
  type('GOCSPX-s3cret\r');
  expect((await answer).reveal()).toBe('GOCSPX-s3cret');
  expect(written()).not.toContain('s3cret');
  expect(String(await answer)).toBe('[secret]');
});

test('secret: one that is refused is gone, and the next is typed into an empty field', async () => {
  const { prompter, shows, type, written } = open();
  const answer = prompter.secret({ message: 'Passphrase', validate: (value) => value.length >= 5 || 'too short' });
  await shows('Passphrase');
  type('abc\r');
  await shows('> too short');
  await shows('Passphrase');
  type('defgh\r');
  expect((await answer).reveal()).toBe('defgh');
  expect(written()).not.toContain('abc');
});

test('confirm and select', async () => {
  const { prompter, shows, type } = open();
  const sure = prompter.confirm({ message: 'Go on?', initial: false });
  await shows('Go on?');
  type('\r');
  expect(await sure).toBe(false);
  const choice = prompter.select({
    message: 'Which',
    choices: [
      { value: 'a', name: 'First' },
      { value: 'b', name: 'Second' },
    ],
  });
  await shows('Second');
  type('\u001b[B\r');
  expect(await choice).toBe('b');
});

test.each([
  ['Ctrl-C', ({ type }: ReturnType<typeof open>) => type('\u0003')],
  ['Ctrl-D', ({ type }: ReturnType<typeof open>) => type('\u0004')],
  ['Esc', ({ type }: ReturnType<typeof open>) => type('\u001b')],
  ['a closed terminal', ({ hangUp }: ReturnType<typeof open>) => hangUp()],
  ['an interruption', ({ stop }: ReturnType<typeof open>) => stop.abort()],
])('%s ends a question as cancelled', async (_, end) => {
  const opened = open();
  const answer = expect(opened.prompter.text({ message: 'Label' })).rejects.toMatchObject({
    code: 'cancelled',
    exit: 130,
  });
  await opened.shows('Label');
  end(opened);
  await answer;
});

test('where nobody can answer, nothing is asked', async () => {
  const { prompter, written } = open(false);
  const needsTerminal = { code: 'needs_terminal' };
  await expect(prompter.text({ message: 'x' })).rejects.toMatchObject(needsTerminal);
  await expect(prompter.secret({ message: 'x' })).rejects.toMatchObject(needsTerminal);
  await expect(prompter.confirm({ message: 'x', initial: true })).rejects.toMatchObject(needsTerminal);
  await expect(prompter.select({ message: 'x', choices: [{ value: 'a', name: 'A' }] })).rejects.toMatchObject(
    needsTerminal,
  );
  await expect(prompter.pastedLine(new AbortController().signal)).rejects.toMatchObject(needsTerminal);
  expect(written()).toBe('');
});

test('a pasted line: raw while it is waited for, not echoed, the terminal as before', async () => {
  const { prompter, shows, type, written, rawModes, input } = open();
  const line = prompter.pastedLine(new AbortController().signal);
  await shows('\u001b[?2004h');
  type('\u001b[200~http://127.0.0.1/?code=s3cret\u001b[201~\r');
  expect(await line).toBe('http://127.0.0.1/?code=s3cret');
  expect([rawModes, input.isPaused()]).toEqual([[true, false], true]);
  expect(written()).toBe('\u001b[?2004h\u001b[?2004l');
});

test.each([
  ['the signal', (_: ReturnType<typeof open>, other: AbortController) => other.abort()],
  ['a closed terminal', ({ hangUp }: ReturnType<typeof open>) => hangUp()],
])('%s ends the wait for a pasted line', async (_, end) => {
  const opened = open();
  const other = new AbortController();
  const line = opened.prompter.pastedLine(other.signal);
  await opened.shows('\u001b[?2004h');
  end(opened, other);
  expect(await line).toBeUndefined();
  expect(opened.rawModes).toEqual([true, false]);
  expect(await opened.prompter.pastedLine(AbortSignal.abort())).toBeUndefined();
});

test('Ctrl-C during the wait is an interrupt', async () => {
  const { prompter, shows, type, interrupts } = open();
  const over = new AbortController();
  const line = prompter.pastedLine(over.signal);
  await shows('\u001b[?2004h');
  type('\u0003');
  while (interrupts() === 0) await new Promise((resolve) => setImmediate(resolve));
  over.abort();
  expect(await line).toBeUndefined();
});
