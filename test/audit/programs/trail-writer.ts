// One of many processes that append to one trail.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTrail } from '../../../src/audit/create-trail.ts';
import { Secret } from '../../../src/model/secret.ts';
import type { Keyring } from '../../../src/model/store.ts';
import { createLocks } from '../../../src/stores/record-lock.ts';
import { dyingAt, realPorts } from '../../stores/programs/real-ports.ts';

const { folder, writer, lines, diesAt, after } = JSON.parse(process.argv[2] ?? '');
/** As trail-processes.test.ts knows it; nothing secret travels in arguments, not even here. */
const sealKey = Buffer.alloc(32, 7).toString('base64');
const ports = realPorts();
const files = diesAt === null ? ports.files : dyingAt(ports.files, diesAt, after);
const locks = createLocks(ports);

const trail = createTrail({
  ...ports,
  files,
  folder,
  keyring: { key: async () => ({ kid: 'kid-1', bytes: new Secret(sealKey) }) } as unknown as Keyring,
  async lock(body) {
    const held = await locks.acquire(join(folder, 'lock'), 'the audit trail', { waitMs: 40_000 });
    try {
      return await body();
    } finally {
      await held.release();
    }
  },
  actor: { user: 'zoë', host: 'host-1', pid: process.pid },
  version: '0.1.0',
});

async function main(): Promise<void> {
  for (let line = 0; line < lines; line++) {
    await trail.append({ type: 'token.refreshed', outcome: 'intent', details: { writer, line, words: '✓ größer' } });
    writeFileSync(1, `${JSON.stringify({ writer, line })}\n`);
  }
}

void main().catch((error) => writeFileSync(1, `${JSON.stringify({ error: String(error) })}\n`));
