// Adding a provider is adding its data folder, its wire fixture and its folder of the sandbox. Shown the other way round: with one
// provider's three taken out of a copy, no other code has to be changed, and no other file knows of it but those that
// follow: what `npm run generate` writes, transcripts, the tests of its sandbox folder and its rows of the stories, README, CHANGELOG and docs/sandbox.md.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const root = process.cwd();
const provider = 'asana';

function copyWithout(): string {
  const copy = mkdtempSync(join(tmpdir(), 'oauthctl-without-'));
  onTestFinished(() => rmSync(copy, { recursive: true, force: true }));
  const copied = [
    'src',
    'test',
    'scripts',
    'bench',
    'docs',
    'completions',
    'package.json',
    'tsconfig.json',
    'sandbox.d.ts',
  ];
  for (const path of copied) cpSync(join(root, path), join(copy, path), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const path of [`src/providers/${provider}`, `test/providers/${provider}.json`, `src/sandbox/${provider}`]) {
    rmSync(join(copy, path), { recursive: true });
  }
  // The sandbox folder's own tests go with it.
  for (const name of readdirSync(join(copy, 'test/sandbox'))) {
    if (name.startsWith(provider)) rmSync(join(copy, 'test/sandbox', name));
  }
  return copy;
}

const run = (copy: string, ...args: string[]) => execFileSync(process.execPath, args, { cwd: copy, encoding: 'utf8' });

test('one data folder, one fixture, one folder of the sandbox', { timeout: 120_000 }, () => {
  const copy = copyWithout();
  run(copy, 'scripts/run-ts.mjs', 'scripts/generate.ts');
  run(copy, 'node_modules/typescript/lib/tsc.js', '--noEmit');
});

const own = [`src/providers/${provider}/`, `test/providers/${provider}.json`, `src/sandbox/${provider}/`];
const generated = [
  'src/providers/generated-index.ts',
  'src/sandbox/generated-index.ts',
  `docs/providers/${provider}.md`,
  'docs/sandbox-switches.md',
];
/** Its sandbox's tests, its rows of the stories, the transcripts that list providers, and the pages that name every one. */
const following = [
  `test/sandbox/${provider}`,
  'test/sandbox/other-answers',
  'test/sandbox/fault-table.ts',
  'test/cli/',
  'README.md',
  'CHANGELOG.md',
  'docs/sandbox.md',
];
const here = 'test/manners/adding-a-provider.test.ts';

test('nothing else of the repository names it', () => {
  const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean);
  expect(tracked.length).toBeGreaterThan(500);
  const naming = tracked
    .filter((path) => existsSync(join(root, path)))
    .filter((path) => new RegExp(provider, 'i').test(`${path}\n${readFileSync(join(root, path), 'latin1')}`));
  const excepted = [...own, ...generated, ...following, here];
  expect(naming.filter((path) => !excepted.some((start) => path.startsWith(start)))).toEqual([]);
});
