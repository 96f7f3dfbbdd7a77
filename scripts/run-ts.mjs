// Runs one TypeScript script of this project: `node scripts/run-ts.mjs FILE ARGS…`. Needed while Node 20 is supported,
// which cannot run .ts by itself. The script finds the project in its working directory, not beside itself.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [script, ...args] = process.argv.slice(2);
if (!script) {
  process.stderr.write('usage: node scripts/run-ts.mjs FILE ARGS…\n');
  process.exit(2);
}

const folder = join(root, '.cache', `run-${process.pid}`);
const name = basename(script, '.ts');
try {
  // Packages stay where they are: the bundle lies below the project's node_modules.
  const bundle = await rolldown({ input: { [name]: script }, platform: 'node', external: /^[^./]/ });
  await bundle.write({ dir: folder, format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' });
  await bundle.close();
  const run = spawnSync(process.execPath, [join(folder, `${name}.mjs`), ...args], { stdio: 'inherit' });
  process.exitCode = run.status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
