// The real ports that the programs of these tests run on, and ways to die in the middle.

import type { Clock, Files, Liveness, Random } from '../../../src/model/ports.ts';
import { createClock } from '../../../src/system/clock.ts';
import { createRandom } from '../../../src/system/random.ts';
import { createRealFiles } from '../../../src/system/real-files.ts';
import { createRealLiveness } from '../../../src/system/real-liveness.ts';

export interface RealPorts {
  readonly files: Files;
  readonly clock: Clock;
  readonly random: Random;
  readonly liveness: Liveness;
}

export function realPorts(): RealPorts {
  endWithTest();
  const random = createRandom();
  const files = createRealFiles({
    workingFolder: () => process.cwd(),
    onMended: () => {},
    uniqueName: () => Buffer.from(random.bytes(8)).toString('hex'),
  });
  return { files, clock: createClock(), random, liveness: createRealLiveness() };
}

/** A test that was cut short leaves no process behind: its end of our standard input closes with it. */
function endWithTest(): void {
  process.stdin.on('end', () => process.exit()).resume();
  process.stdin.unref();
}

/** Kills this very process, so hard that nothing can be tidied up, before or after the nth call of the port. */
export function dyingAt(files: Files, nth: number, after: boolean): Files {
  let calls = 0;
  const die = () => process.kill(process.pid, 'SIGKILL');
  const dying = Object.entries(files).map(([name, call]: [string, unknown]) => {
    if (typeof call !== 'function' || name === 'join' || name === 'resolve') return [name, call];
    const wrapped = async (...args: unknown[]) => {
      const mine = ++calls === nth;
      if (mine && !after) die();
      const result: unknown = await call(...args);
      if (mine && after) die();
      return result;
    };
    return [name, wrapped];
  });
  return Object.fromEntries(dying) as Files;
}
