// Bounded turns per provider: never more at once than allowed, nobody forgotten, pauses respected.
import { describe, expect, it } from 'vitest';
import { createTurns, hasWaited } from '../../src/connections/turns.ts';
import type { Signals } from '../../src/model/ports.ts';

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

describe('a pause', () => {
  const at = (now: number, slept: number[] = []) => ({
    clock: { now: () => now, sleep: async (milliseconds: number) => void slept.push(milliseconds) },
    random: { bytes: (count: number) => new Uint8Array(count) },
    signals: { interrupted: new AbortController().signal } as Signals,
  });

  it('is waited out, by nobody else, and not when it is over', async () => {
    const turns = createTurns();
    const slept: number[] = [];
    turns.pause('acme', 30, at(0).clock);
    await turns.waitOut('acme', at(1_000, slept));
    await turns.waitOut('acme', at(30_000, slept));
    await turns.waitOut('other', at(0, slept));
    expect(slept).toEqual([29_000]);
  });

  it('that takes longer than all patience is refused, and so is one that follows too many', async () => {
    const turns = createTurns();
    turns.pause('acme', 31, at(0).clock);
    await expect(turns.waitOut('acme', at(30_999))).rejects.toMatchObject({ code: 'rate_limited' });
    await turns.waitOut('acme', at(31_000));
    turns.pause('acme', 5, at(40_000).clock);
    expect(await hasWaited(turns, 'acme', 5, at(40_000))).toBe(false);
  });
});
