// `oauthctl` on a PATH of its own, with a tree of connections whose names try what they can.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';
import { encodeRecordName } from '../../src/stores/record-name.ts';
import { bundleTo, specifier } from '../support/bundle.ts';

export const completions = fileURLToPath(new URL('../../completions/', import.meta.url));

/** What would run if a shell evaluated a name: a file `ran` in the working folder. */
export const hostile = ['x$(touch ran)', 'x`touch ran`', "x'; touch ran; '", 'x"; touch ran; "'];
export const names = [
  'gmail',
  'gmail:work',
  'gmail:me@home.example',
  'slack:a b',
  "slack:o'brien",
  'slack:é',
  'x$HOME',
];

export interface Installed {
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
}

/** For all tests of a file: a record each, of which only the name is ever looked at. */
export function install(): Installed {
  const home = join(tmpdir(), `oauthctl-completions-${process.pid}`);
  const bin = join(home, 'bin');
  const env = { PATH: `${bin}:${process.env.PATH ?? ''}`, HOME: home, LANG: 'C.UTF-8', TERM: 'xterm' };
  beforeAll(async () => {
    const records = join(home, '.local/share/oauthctl/connections');
    for (const folder of [bin, records, join(home, 'some folder')]) mkdirSync(folder, { recursive: true });
    for (const name of [...names, ...hostile]) writeFileSync(join(records, `${encodeRecordName(name)}.json`), '');
    const apps = join(home, '.local/share/oauthctl/apps');
    mkdirSync(apps);
    for (const name of ['gmail', 'gmail.work', 'github.other'])
      writeFileSync(join(apps, `${encodeRecordName(name)}.json`), '');
    writeFileSync(join(home, 'some folder', 'client.json'), '');
    const program = join(bin, 'oauthctl.cjs');
    const run = `import { run } from ${specifier('src/main.ts')}; run(process.argv.slice(2)).then((exit) => { process.exitCode = exit; });`;
    await bundleTo(program, run);
    writeFileSync(join(bin, 'oauthctl'), `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`, { mode: 0o755 });
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));
  return { home, env };
}
