// The storm at a size that CI can bear; `npm run storm` takes 50 processes and 200 rounds.
import { expect, test } from 'vitest';
import { packedRoot } from '../e2e/support/binary.ts';
import { runStorm, type StormOptions } from './storm.ts';

const size = { packageRoot: packedRoot, processes: 8, seed: 8_252 } as const;
const long = 180_000;

const storm = (options: Pick<StormOptions, 'rounds' | 'strike' | 'aims'>) => runStorm({ ...size, ...options });

test('one spend a round, and everybody has what came of it', { timeout: long }, async () => {
  const { spends, lost, problems } = await storm({ rounds: 4, strike: 'none' });
  expect(problems).toEqual([]);
  expect({ spends, lost }).toEqual({ spends: 4, lost: 0 });
});

test('with SIGKILL nothing is lost but an answer that was not saved yet, and everybody is told', {
  timeout: long,
}, async () => {
  const { spends, lost, inWindow, named, problems } = await storm({ rounds: 10, strike: 'SIGKILL' });
  expect(problems).toEqual([]);
  expect(spends).toBe(10);
  // In one round of these the process is gone before any of the answer leaves.
  expect(lost).toBeGreaterThan(0);
  expect({ inWindow, named }).toEqual({ inWindow: lost, named: lost });
});

test.each(['SIGTERM', 'SIGINT'] as const)('with %s nothing is lost', { timeout: long }, async (strike) => {
  const { spends, struck, heldBack, lost, problems } = await storm({
    rounds: 5,
    strike,
    aims: ['spent', 'anyone', 'spender', 'answered', 'anyone'],
  });
  expect(problems).toEqual([]);
  expect({ spends, lost }).toEqual({ spends: 5, lost: 0 });
  expect(struck).toBeGreaterThan(0);
  expect(heldBack).toBeGreaterThan(0);
});
