// No reader takes more than a fair time for a long input: four times the length may cost four times the work, not sixteen.
import { expect, test } from 'vitest';
import { everyTarget } from './every-target.ts';
import { feedOne, type Target } from './harness.ts';

const targets = await everyTarget();
const units = [' ', '\n', '"', "'", '<', '>', '=', '%', '\\', '[', 'a ', '#', '\u001b['];
const short = 10_000;

/** Of this process, in ms: other processes of the machine do not count. */
const worked = () => process.cpuUsage().user / 1_000;

async function workOf(target: Target, input: string): Promise<number> {
  const before = worked();
  await feedOne(target, input);
  return worked() - before;
}

/** Long ones that end in something else, since that is where patterns turn back. */
function inputsOf({ seeds: [seed = ''] }: Target, unit: string, length: number): readonly string[] {
  const long = `${unit.repeat(length / unit.length)}x`;
  return [`A=y${long}`, seed.replace(/(?<=":\s?")[^"]*|(?<==)[^&\n]*/, () => long)];
}

test.each(targets.map((target) => [target.name, target] as const))('%s', async (_, target) => {
  for (const unit of units) {
    const longer = inputsOf(target, unit, 4 * short);
    for (const [at, input] of inputsOf(target, unit, short).entries()) {
      const once = await workOf(target, input);
      // Too little to be told from the noise; what grows with the square would be far above it already.
      if (once < 15) continue;
      const more = (await workOf(target, longer[at] ?? '')) / once;
      expect(more, JSON.stringify(unit)).toBeLessThan(10);
    }
  }
});
