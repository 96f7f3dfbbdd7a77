// What a transcript runs: the program and the fake world. Bundled into one file, since a module that is still on its way
// through the test runner looks like idleness to the fake clock.
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { main } from '../../src/main.ts';
import { bundleTo, specifier } from '../support/bundle.ts';
import type { createWorld } from '../support/world.ts';

export interface Session {
  readonly main: typeof main;
  readonly createWorld: typeof createWorld;
}

export async function loadSession(): Promise<Session> {
  const file = fileURLToPath(new URL(`../../.cache/session-${process.pid}.cjs`, import.meta.url));
  await bundleTo(
    file,
    `export { main } from ${specifier('src/main.ts')}; export { createWorld } from ${specifier('test/support/world.ts')};`,
  );
  try {
    return createRequire(import.meta.url)(file) as Session;
  } finally {
    rmSync(file);
  }
}
