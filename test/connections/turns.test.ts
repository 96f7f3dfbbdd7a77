// Bounded turns per provider: never more at once than allowed, nobody forgotten, pauses respected.
import { expect, it } from 'vitest';
import { createTurns } from '../../src/connections/turns.ts';
import { CliError } from '../../src/errors.ts';

function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

it('runs at most so many at once, and all of them', async () => {
  const turns = createTurns();
  const gates = Array.from({ length: 7 }, gate);
  let running = 0;
  let most = 0;
  const all = gates.map(({ opened }) =>
    turns.take('acme', 3, async () => {
      running++;
      most = Math.max(most, running);
      await opened;
      running--;
    }),
  );
  for (const { open } of gates) open();
  await Promise.all(all);
  expect(most).toBe(3);
  expect(running).toBe(0);
});

it('lets the next one in when a turn fails', async () => {
  const turns = createTurns();
  const first = turns.take('acme', 1, async () => {
    throw new Error('failed');
  });
  const second = turns.take('acme', 1, async () => 'done');
  await expect(first).rejects.toThrow('failed');
  await expect(second).resolves.toBe('done');
});

it('holds no other provider', async () => {
  const turns = createTurns();
  const { opened, open } = gate();
  const slow = turns.take('slow', 1, () => opened);
  await expect(turns.take('quick', 1, async () => 'done')).resolves.toBe('done');
  open();
  await slow;
});

it('respects a pause until it is over', () => {
  const turns = createTurns();
  const at = (now: number) => ({ now: () => now, sleep: async () => {} });
  turns.pause('acme', 30, at(0));
  expect(() => turns.respectPause('acme', at(29_999))).toThrow(CliError);
  expect(() => turns.respectPause('acme', at(30_000))).not.toThrow();
  expect(() => turns.respectPause('other', at(0))).not.toThrow();
});
