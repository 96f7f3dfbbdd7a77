// What the README shows is what the program prints: its `console` blocks are run as transcripts at a terminal.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { commands } from '../src/commands/generated-index.ts';
import { parseArguments } from '../src/program.ts';
import { readTranscript, runTranscript, shellWords } from './cli/transcript.ts';
import { createWorld } from './support/world.ts';

const readme = readFileSync(fileURLToPath(new URL('../README.md', import.meta.url)), 'utf8');
const blocks = [...readme.matchAll(/^```console\n(.*?)^```$/gms)].map(([, block = '']) => block);

/** A line of the README may stop at a "…" where the rest is long or differs each time. */
function agrees(shown: string, printed: string | undefined): boolean {
  return shown.endsWith('…') ? printed?.startsWith(shown.slice(0, -1)) === true : shown === printed;
}

test('there is a transcript', () => {
  expect(blocks).toHaveLength(1);
});

test.each(blocks)('%#: every line is printed', async (block) => {
  const steps = readTranscript(block);
  const [, ...ran] = await runTranscript([{ kind: 'note', line: '@ terminal 100' }, ...steps], { mixed: true });
  ran.forEach((step, index) => {
    const shown = steps[index];
    if (step.kind !== 'command' || shown?.kind !== 'command') return;
    // Where the README's own words agree they are kept, so that the difference that is reported is the real one.
    const printed = step.expected.map((line, at) => {
      const own = shown.expected[at];
      return own !== undefined && agrees(own, line) ? own : line;
    });
    expect([step.line, ...printed]).toEqual([shown.line, ...shown.expected]);
  });
});

test('every other command line is understood', () => {
  const { env } = createWorld().system;
  const shell = [...readme.matchAll(/^ *```sh\n(.*?)^ *```$/gms)].map(([, block = '']) => block).join('');
  const lines = [...shell.matchAll(/(oauthctl [^|<>)#\n]*)/g)].map(([, line = '']) => line.trim());
  expect(lines.length).toBeGreaterThan(10);
  const refused = lines.filter((line) => parseArguments(shellWords(line).slice(1), commands, env, '').kind !== 'run');
  expect(refused).toEqual([]);
});
