// Whatever comes from outside, a reader ends in a value or in an error that is meant; `npm run fuzz` goes on for longer.
import { describe, expect, test } from 'vitest';
import { everyTarget } from './every-target.ts';
import { describeFinding, distinct, fuzz } from './harness.ts';

const targets = await everyTarget();

describe('whatever is read', () => {
  test.each(targets.map((target) => [target.name, target] as const))('%s', async (_, target) => {
    const findings = await fuzz(target, 1, 150);
    expect(distinct(findings).map(describeFinding)).toEqual([]);
  });
});
