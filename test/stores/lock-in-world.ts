// A lock in one fake machine, as the tests of the lock take it.
import { afterEach } from 'vitest';
import type { LockOptions } from '../../src/model/store.ts';
import { createLocks, type HeldLock, type LockDeps } from '../../src/stores/record-lock.ts';
import type { World } from '../support/world.ts';

export const folder = '/data/locks/connections/gmail';

const acquired: HeldLock[] = [];

export async function lockIn(
  world: World,
  options: Partial<LockOptions> = {},
  ports: Partial<LockDeps> = {},
): Promise<HeldLock> {
  const locks = createLocks({ ...world.system, ...ports });
  const held = await locks.acquire(folder, "'gmail'", { waitMs: 0, ...options });
  acquired.push(held);
  return held;
}

// A heart that beats on would keep the fake clock going for ever. Not awaited: the calls of a dead process never return.
afterEach(() => {
  for (const held of acquired.splice(0)) void held.release();
});

export const epochsOf = (world: World) => world.files.paths(folder).map((path) => path.slice(folder.length + 1));
export const epoch = (world: World, number: number) =>
  JSON.parse(world.files.get(`${folder}/${number}.json`) ?? 'null');
