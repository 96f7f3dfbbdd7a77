// The trail with real processes and a real disk: what was acknowledged is there, and the chain is whole, whoever was killed.
import { appendFile, mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  bundleProgram,
  inTemporaryFolder,
  runProgram,
  type TemporaryFolder,
  temporaryFolder,
} from '../stores/real-processes.ts';
import { verifyTrail } from './verify-trail.ts';

const minute = 60_000;
/** As trail-writer.ts knows it. */
const sealKey = Buffer.alloc(32, 7).toString('base64');
let programs: TemporaryFolder;
let writer: string;

beforeAll(async () => {
  programs = await temporaryFolder();
  writer = await bundleProgram(new URL('./programs/trail-writer.ts', import.meta.url), programs.path);
}, minute);

afterAll(() => programs.remove());

test('eight writers, half of them killed', { timeout: minute }, async () => {
  await inTemporaryFolder(async (path) => {
    const folder = join(path, 'audit');
    const input = { folder, lines: 10, after: false };
    const all = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        runProgram(writer, {
          ...input,
          writer: index,
          diesAt: index < 4 ? 4 + index * 3 : null,
          after: index % 2 === 0,
        }),
      ),
    );
    expect(all.filter((one) => one.killed)).toHaveLength(4);
    const said = all.flatMap((one) => one.said);
    expect(said.filter((line) => 'error' in line)).toEqual([]);
    const entries = verifyTrail(await readFile(join(folder, 'trail.jsonl'), 'utf8'), sealKey);
    const kept = entries.map(({ details }) => {
      const { writer, line } = details as { writer: number; line: number };
      return `${writer}/${line}`;
    });
    expect(new Set(kept).size).toBe(kept.length);
    expect(kept).toEqual(expect.arrayContaining(said.map(({ writer, line }) => `${Number(writer)}/${Number(line)}`)));
    expect((await stat(join(folder, 'trail.jsonl'))).mode & 0o777).toBe(0o600);
  });
});

test('a line that was cut in the middle of a character', { timeout: minute }, async () => {
  await inTemporaryFolder(async (path) => {
    const folder = join(path, 'audit');
    await mkdir(folder, { mode: 0o700 });
    const input = { folder, writer: 0, lines: 1, diesAt: null, after: false };
    await runProgram(writer, input);
    const torn = Buffer.from('{"actor":{"user":"zoë').subarray(0, -1);
    await appendFile(join(folder, 'trail.jsonl'), torn);
    await runProgram(writer, input);
    const entries = verifyTrail(await readFile(join(folder, 'trail.jsonl'), 'utf8'), sealKey);
    expect(entries.map((entry) => entry.type)).toEqual(['token.refreshed', 'audit.recovered', 'token.refreshed']);
    const aside = await readFile(join(folder, 'torn-after-1.base64'), 'utf8');
    expect(Buffer.from(aside, 'base64')).toEqual(torn);
  });
});
