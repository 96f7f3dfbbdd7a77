// Every switch of one service's own, met by the program itself: connect, status, refresh, status, revoke.
import { expect, test } from 'vitest';
import { familySwitches } from '../../src/sandbox/generated-index.ts';
import type { SwitchDefinition } from '../../src/sandbox/switches.ts';
import { expectStory, nameOf } from './other-answers.ts';
import { microsoftRows, unmet } from './other-answers-microsoft.ts';
import { rows } from './other-answers-rows.ts';

const all = [...rows, ...microsoftRows];

test.each(all.map((row) => [nameOf(row), row] as const))('%s', (_, row) => expectStory(row));

/** Every value of a choice, and a bare name for what takes a number or a text. */
function settings({ name, takes }: SwitchDefinition): string[] {
  return takes.kind === 'choice' ? takes.choices.map((choice) => `${name}=${choice}`) : [name];
}

test('each value of each of these switches has a row, or a reason why oauthctl never meets it', () => {
  const firsts = new Map(familySwitches.map((definition) => [definition.name as string, settings(definition)[0]]));
  const lines = all.flatMap(({ before = '', after = '' }) => `${before} ${after}`.split(' '));
  const met = new Set(lines.map((line) => firsts.get(line) ?? line));
  const wanted = familySwitches.flatMap((definition) => settings(definition));
  const missing = wanted.filter(
    (setting) => !met.has(setting) && !unmet[setting] && !unmet[setting.split('=')[0] ?? ''],
  );
  expect(missing).toEqual([]);
  expect(
    Object.keys(unmet).filter((setting) => met.has(setting) || !(wanted.includes(setting) || firsts.has(setting))),
  ).toEqual([]);
});
