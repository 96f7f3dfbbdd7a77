// Runs every transcript of test/cli, and holds every --json answer against the published schema.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { commands } from '../src/commands/generated-index.ts';
import { errorCodes } from '../src/errors.ts';
import type { JsonObject } from '../src/model/json.ts';
import { misfits } from './cli/hold-against.ts';
import { readTranscript, runTranscript, shellWords, writeTranscript } from './cli/transcript.ts';

const folder = fileURLToPath(new URL('./cli/', import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith('.txt'));

test.each(files)('%s', async (file) => {
  const text = readFileSync(folder + file, 'utf8');
  const steps = await runTranscript(readTranscript(text), { onAnswer: checkAnswer });
  const printed = writeTranscript(steps);
  if (process.env.OAUTHCTL_UPDATE_TRANSCRIPTS === '1') writeFileSync(folder + file, printed);
  else expect(printed).toBe(text);
});

interface Envelope {
  readonly schema: number;
  readonly command: string | null;
  readonly data?: JsonObject;
  readonly error?: JsonObject & { readonly code: string };
  readonly warnings: readonly string[];
}

/** Of the envelope, whatever the command; of `data` and `error`, member by member. */
async function checkAnswer(words: readonly string[], stdout: string): Promise<void> {
  if (!words.includes('--json') || !stdout.startsWith('{"schema"')) return;
  const { schema, command, data, error, warnings, ...more } = JSON.parse(stdout) as Envelope;
  expect({ schema, more }).toEqual({ schema: 1, more: {} });
  expect(warnings).toBeInstanceOf(Array);
  if (error !== undefined) {
    expect(Object.keys(error)).toEqual(['code', 'message', 'hint', 'retryable', 'exit']);
    expect(errorCodes).toHaveProperty(error.code);
    return;
  }
  const entry = commands.find(({ definition }) => definition.path.join(' ') === command);
  const module = (await entry?.load?.()) as { readonly answer?: JsonObject } | undefined;
  expect(misfits(data ?? null, module?.answer ?? {})).toEqual([]);
}

test('what the sandbox noted against a client fails the transcript, unless it says so', async () => {
  const state = '/home/ann/.local/state/oauthctl/sandbox/server/state.json';
  const noted = readTranscript(
    `@ run oauthctl --sandbox connect gmail --sandbox-consent auto\n@ edit ${state} s/"violations":\\[/"violations":[{"code":"planted"}/`,
  );
  const said = readTranscript('@ violations planted');
  await expect(runTranscript(noted)).rejects.toThrow('planted');
  await expect(runTranscript([...noted, ...readTranscript('@ new')])).rejects.toThrow('planted');
  await expect(runTranscript([...noted, ...said])).resolves.toHaveLength(3);
  await expect(runTranscript(said)).rejects.toThrow('planted');
});

test('the reader splits words as a shell does, and gives back what it read', () => {
  expect(shellWords(`oauthctl token 'a b' "c \\"d" e\\ f --x='y z'`)).toEqual([
    'oauthctl',
    'token',
    'a b',
    'c "d',
    'e f',
    '--x=y z',
  ]);
  const text = '# note\n@ env A=b\n$ oauthctl x\n< yes\nout\n\nmore\n! err\n? 2\n\n$ oauthctl y\n';
  expect(writeTranscript(readTranscript(text))).toBe(text);
});
