// Puts a bundle back with the real ports, in a process of its own: `OAUTHCTL_KEY` and HOME are the machine's.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';
import { bundleTo, specifier } from '../../support/bundle.ts';
import { cleanEnv } from './run.ts';

const code = `
import { readFileSync } from 'node:fs';
import { openContext, plainFlags } from ${specifier('src/context.ts')};
import { restoreBundle } from ${specifier('src/connections/restore-bundle.ts')};
import { realSystem } from ${specifier('src/system/real-system.ts')};
import { createSpeaker } from ${specifier('src/ui/speaker.ts')};
const system = realSystem({ version: 'test', childPath: '/none', noInput: true });
const flags = plainFlags(system.env);
const speaker = createSpeaker(system.streams, system.env, flags);
const file = process.argv[2];
openContext({ flags, system, speaker, version: 'test', show: async () => {} })
  .then(({ context }) => context.workspace())
  .then((workspace) => restoreBundle(workspace, readFileSync(file, 'utf8'), file))
  .then(({ outcome }) => system.streams.out(outcome), (error) => system.streams.out(error.code ?? String(error)));
`;

const program = fileURLToPath(new URL(`../../../.cache/restore-${process.pid}.cjs`, import.meta.url));

beforeAll(() => bundleTo(program, code));
afterAll(() => rmSync(program));

/** What it came to: an outcome, or an error's code. */
export function restore(file: string, home: string, env: Record<string, string>): string {
  const ran = spawnSync(process.execPath, [program, file], {
    cwd: home,
    env: { ...cleanEnv(home), ...env },
    encoding: 'utf8',
  });
  return ran.stdout + ran.stderr;
}
