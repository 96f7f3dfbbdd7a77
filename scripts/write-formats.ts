// `node scripts/run-ts.mjs scripts/write-formats.ts NAME`: a new folder of test/stores/formats, as the present program writes.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeTree } from '../test/stores/write-tree.ts';

const name = process.argv[2];
const folder = join('test/stores/formats', name ?? '');
if (name === undefined || existsSync(folder)) {
  process.stderr.write(
    'usage: node scripts/run-ts.mjs scripts/write-formats.ts NAME, of a folder that is not there yet\n',
  );
  process.exit(2);
}
for (const [path, text] of await writeTree()) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}
// What was killed in the fake world still waits.
process.exit(0);
