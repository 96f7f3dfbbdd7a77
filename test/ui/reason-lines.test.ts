// Why grants end: each reason once, with the connections that it is about.
import { expect, test } from 'vitest';
import { reasonLines } from '../../src/ui/cells.ts';

const ending = (name: string, reason: string | null) => ({ name, grant: { endsAt: null, reason } });

test('each reason once, many names counted, no line where no reason is known', () => {
  const many = ['a', 'b', 'c', 'd'].map((name) => ending(name, 'not used'));
  expect(reasonLines([ending('x', 'Testing'), ...many, ending('y', null), null, ending('z', 'Testing')])).toEqual([
    'x, z: Testing',
    'a and 3 more: not used',
  ]);
  expect(reasonLines([])).toEqual([]);
});
