// The judge of the storm must see what would be wrong: each kind of wrong once.
import { expect, test } from 'vitest';
import type { Refresh } from './gate.ts';
import { judgeRound, type Run, type Struck } from './judge-round.ts';

const granted = (accessToken: string): Refresh => ({ accessToken, answeredAt: 10 });
const refused: Refresh = { accessToken: undefined, answeredAt: 20 };

const run = (pid: number, more: Partial<Run>): Run => ({
  pid,
  exit: 0,
  signal: null,
  stdout: '',
  stderr: '',
  endedAt: 30,
  tookMs: 30,
  ...more,
});
const right = (pid: number) => run(pid, { stdout: 'new\n' });
const struck = (signal: Struck['signal']): Struck => ({ pid: 1, signal, at: 5 });
const killed = run(1, { exit: null, signal: 'SIGKILL' });
const told = (pid: number, by = 1) =>
  run(pid, {
    exit: 4,
    stderr: `storm refused to refresh 'storm:a'; a refresh by process ${by} on host was cut short 1 s ago`,
  });

test('one spend, and its token for everybody', () => {
  const verdict = judgeRound({ runs: [right(1), right(2)], refreshes: [granted('new')], struck: undefined });
  expect(verdict).toEqual({ spends: 1, lost: false, inWindow: false, named: false, problems: [] });
});

test.each([
  ['two spends', [right(1), right(2)], [granted('old'), granted('new')], undefined],
  ['no spend', [right(1)], [], undefined],
  ['another token', [right(1), run(2, { stdout: 'old\n' })], [granted('new')], undefined],
  ['a failure', [right(1), run(2, { exit: 6 })], [granted('new')], undefined],
  [
    'an interruption of somebody who was not struck',
    [right(1), run(2, { exit: 130 })],
    [granted('new')],
    struck('SIGTERM'),
  ],
  ['a killed process that ends in another way', [run(1, { exit: 130 }), right(2)], [granted('new')], struck('SIGKILL')],
])('wrong: %s', (_, runs, refreshes, blow) => {
  expect(judgeRound({ runs, refreshes, struck: blow }).problems).not.toEqual([]);
});

test.each([
  ['SIGKILL', { exit: null, signal: 'SIGKILL' }],
  ['SIGTERM', { exit: null, signal: 'SIGTERM' }],
  ['SIGTERM', { exit: 130 }],
  ['SIGINT', { exit: 130 }],
  ['SIGINT', { exit: 0, stdout: 'new\n' }],
] as const)('%s may end the one that it struck with %o', (signal, ending) => {
  const verdict = judgeRound({ runs: [run(1, ending), right(2)], refreshes: [granted('new')], struck: struck(signal) });
  expect(verdict).toMatchObject({ lost: false, problems: [] });
});

test('a loss inside the window: the killed one is named by all the others', () => {
  const round = { runs: [killed, told(2), told(3)], refreshes: [granted('new'), refused], struck: struck('SIGKILL') };
  expect(judgeRound(round)).toEqual({ spends: 1, lost: true, inWindow: true, named: true, problems: [] });
});

test.each([
  ['somebody does not say so', [killed, told(2), run(3, { exit: 4 })], [granted('new'), refused], struck('SIGKILL')],
  ['another one is named', [killed, told(2, 3), told(3, 3)], [granted('new'), refused], struck('SIGKILL')],
  ['somebody has the answer', [killed, right(2), told(3)], [granted('new'), refused], struck('SIGKILL')],
  ['nothing had been granted', [killed, told(2)], [refused], struck('SIGKILL')],
  ['the dead token is sent again and again', [killed, told(2)], [granted('new'), refused, refused], struck('SIGKILL')],
  ['nobody was struck', [right(1), told(2)], [granted('new'), refused], undefined],
  ['it was no SIGKILL', [run(1, { exit: 130 }), told(2)], [granted('new'), refused], struck('SIGTERM')],
  ['the killed one had ended by itself', [right(1), told(2)], [granted('new'), refused], struck('SIGKILL')],
])('a loss outside the window: %s', (_, runs, refreshes, blow) => {
  const verdict = judgeRound({ runs, refreshes, struck: blow });
  expect(verdict).toMatchObject({ lost: true, inWindow: false });
  expect(verdict.problems).not.toEqual([]);
});
