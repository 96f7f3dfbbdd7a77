// A trail in a fake world, as the tests of the trail write it.
import { createTrail } from '../../src/audit/create-trail.ts';
import type { AuditEvent, AuditTrail } from '../../src/audit/trail.ts';
import type { Random } from '../../src/model/ports.ts';
import { Secret } from '../../src/model/secret.ts';
import type { Keyring } from '../../src/model/store.ts';
import { createLocks } from '../../src/stores/record-lock.ts';
import { createWorld, type World } from '../support/world.ts';
import { verifyTrail } from './verify-trail.ts';

export const folder = '/state/audit';
export const path = `${folder}/trail.jsonl`;
const sealKey = Buffer.alloc(32, 7).toString('base64');
const keyring = { key: async () => ({ kid: 'kid-1', bytes: new Secret(sealKey) }) } as unknown as Keyring;
export const intent: AuditEvent = {
  type: 'token.refreshed',
  outcome: 'intent',
  provider: 'gmail',
  connection: 'gmail:work',
};

export function trailIn(world: World, ports: { keyring?: Keyring; random?: Random } = {}): AuditTrail {
  const { files, clock, random } = world.system;
  const locks = createLocks(world.system);
  return createTrail({
    files,
    clock,
    random,
    folder,
    keyring,
    async lock(body) {
      const held = await locks.acquire('/state/locks/audit', 'the audit trail', { waitMs: 10_000 });
      try {
        return await body();
      } finally {
        await held.release();
      }
    },
    actor: { user: 'ann', host: 'host-1', pid: 4711 },
    version: '0.1.0',
    ...ports,
  });
}

export const textOf = (world: World) => world.files.get(path) ?? '';
export const entriesOf = (world: World) => verifyTrail(textOf(world), sealKey);

export async function withEntries(count: number): Promise<World> {
  const world = createWorld();
  const trail = trailIn(world);
  for (let number = 0; number < count; number++) await trail.append({ ...intent, details: { number } });
  return world;
}
