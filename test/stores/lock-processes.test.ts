// The record lock and the first run of a tree with real processes, some of which are killed on the way.
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  bundleProgram,
  type Ended,
  inTemporaryFolder,
  runProgram,
  type TemporaryFolder,
  temporaryFolder,
} from './real-processes.ts';

const minute = 60_000;
let programs: TemporaryFolder;
let contender: string;
let firstRunner: string;

beforeAll(async () => {
  programs = await temporaryFolder();
  contender = await bundleProgram(new URL('./programs/contender.ts', import.meta.url), programs.path);
  firstRunner = await bundleProgram(new URL('./programs/first-runner.ts', import.meta.url), programs.path);
}, minute);

afterAll(() => programs.remove());

/** Every step that taking, holding and releasing has, before and after, again and again. */
function deaths(count: number, steps: number) {
  return Array.from({ length: count }, (_, index) => ({ diesAt: 1 + (index % steps), after: index % 2 === 1 }));
}

describe('twelve processes, one lock', () => {
  test('never two holders, whoever is killed', { timeout: 3 * minute }, async () => {
    await inTemporaryFolder(async (folder) => {
      const input = { folder: join(folder, 'lock'), marker: join(folder, 'marker'), rounds: 12 };
      const dying = deaths(60, 31);
      const ended: Ended[] = [];
      // Twelve at a time: whoever is killed makes room for the next one to die, and at the end twelve live on.
      const places = Array.from({ length: 12 }, async () => {
        for (let death = dying.shift(); death !== undefined; death = dying.shift()) {
          ended.push(await runProgram(contender, { ...input, ...death }));
        }
        ended.push(await runProgram(contender, { ...input, diesAt: null, after: false }));
      });
      await Promise.all(places);
      const said = ended.flatMap((one) => one.said);
      expect(said.filter((line) => 'violation' in line)).toEqual([]);
      expect(ended.filter((one) => one.killed)).toHaveLength(60);
      for (const survivor of ended.filter((one) => !one.killed)) expect(survivor.said).toHaveLength(12);
      const epochs = (await readdir(input.folder)).filter((name) => /^\d+\.json$/.test(name));
      expect(epochs.length).toBeLessThanOrEqual(9);
    });
  });
});

describe('twenty processes on the first run', () => {
  const sources = ['keychain', 'file'] as const;

  const inputFor = (folder: string, type: (typeof sources)[number]) => ({
    dataFolder: join(folder, 'data'),
    keychainFolder: join(folder, 'keychain'),
    choice: type === 'file' ? { type, path: join(folder, 'keys', 'seal.key') } : { type },
    diesAt: null,
    after: false,
  });

  test.each(sources)('agree on one key (%s)', { timeout: minute }, async (type) => {
    await inTemporaryFolder(async (folder) => {
      await mkdir(join(folder, 'keys'));
      const input = inputFor(folder, type);
      const all = await Promise.all(Array.from({ length: 20 }, () => runProgram(firstRunner, input)));
      const said = all.flatMap((one) => one.said);
      expect(said).toHaveLength(20);
      expect(new Set(said.map((line) => JSON.stringify(line))).size).toBe(1);
      expect(said[0]).toMatchObject({ kid: expect.any(String), digest: expect.any(String) });
      const file = JSON.parse(await readFile(join(input.dataFolder, 'key.json'), 'utf8'));
      expect(file.kid).toBe(said[0]?.kid);
      if (type === 'keychain') expect(await readdir(input.keychainFolder)).toEqual([`seal-key%2F${file.kid}`]);
      expect((await readdir(input.dataFolder)).sort()).toEqual(['key.json', 'locks']);
    });
  });

  test('agree on one key, whoever is killed (keychain)', { timeout: minute }, async () => {
    await inTemporaryFolder(async (folder) => {
      const input = inputFor(folder, 'keychain');
      const dying = deaths(12, 24).map((death) => runProgram(firstRunner, { ...input, ...death }));
      const living = Array.from({ length: 8 }, () => runProgram(firstRunner, input));
      const all = await Promise.all([...dying, ...living]);
      const said = all.flatMap((one) => one.said);
      expect(all.some((one) => one.killed)).toBe(true);
      expect(said.length).toBeGreaterThanOrEqual(8);
      expect(new Set(said.map((line) => JSON.stringify(line))).size).toBe(1);
      expect(await readdir(input.keychainFolder)).toHaveLength(1);
    });
  });
});
