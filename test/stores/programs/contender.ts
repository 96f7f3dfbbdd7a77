// One of many processes that want the same lock. Inside, it holds a marker that only one process can create.
import { readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { createLocks } from '../../../src/stores/record-lock.ts';
import { dyingAt, realPorts } from './real-ports.ts';

const { folder, marker, rounds, diesAt, after } = JSON.parse(process.argv[2] ?? '');
const ports = realPorts();
const files = diesAt === null ? ports.files : dyingAt(ports.files, diesAt, after);
const locks = createLocks({ ...ports, files });
const say = (what: object) => writeFileSync(1, `${JSON.stringify(what)}\n`);

function violation(what: unknown): never {
  say({ violation: what });
  process.exit();
}

/** Left behind by a process that was killed inside; anything else is the end. */
async function clearMarker(): Promise<void> {
  const holder = JSON.parse(readFileSync(marker, 'utf8'));
  if ((await ports.liveness.judge(holder)) !== 'dead') violation(holder);
  unlinkSync(marker);
}

async function main(): Promise<void> {
  const self = JSON.stringify(await ports.liveness.self());
  for (let round = 0; round < rounds; round++) {
    const held = await locks.acquire(folder, 'the marker', { waitMs: 40_000 });
    for (;;) {
      try {
        writeFileSync(marker, self, { flag: 'wx' });
        break;
      } catch {
        await clearMarker();
      }
    }
    await ports.clock.sleep(2);
    if (readFileSync(marker, 'utf8') !== self) violation('the marker changed while it was held');
    if (!(await held.stillHeld())) violation('no longer held');
    unlinkSync(marker);
    say({ entered: round });
    await held.release();
  }
}

void main().catch((error) => violation(String(error)));
