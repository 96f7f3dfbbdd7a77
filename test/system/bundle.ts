// Files of ours as programs that Node 20 can start: bundled into a folder below the project, where packages are found.
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { afterAll } from 'vitest';

const project = fileURLToPath(new URL('../../', import.meta.url));

/** Paths of the bundled programs, by name. Removed when the test file is done. */
export async function bundle<Name extends string>(
  sources: Readonly<Record<Name, string>>,
): Promise<Record<Name, string>> {
  const cache = join(project, '.cache');
  await mkdir(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const built = await rolldown({
    cwd: project,
    input: { ...sources },
    platform: 'node',
    external: ['@napi-rs/keyring'],
  });
  await built.write({ dir: folder, format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'c/[name].cjs' });
  await built.close();
  const names = Object.keys(sources) as Name[];
  return Object.fromEntries(names.map((name) => [name, join(folder, `${name}.cjs`)])) as Record<Name, string>;
}
