// Adding a provider is adding its data folder, its wire fixture and its folder of the sandbox. Shown the other way round:
// with one provider's three taken out of a copy, nothing else has to be changed, and nothing else knows of it.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
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
  const code = ['src', 'test', 'scripts', 'bench'].flatMap((folder) =>
    readdirSync(join(copy, folder), { recursive: true, encoding: 'utf8' })
      .map((path) => join(folder, path))
      .filter((path) => /\.(ts|mjs)$/.test(path) && !path.endsWith('adding-a-provider.test.ts')),
  );
  expect(code.length).toBeGreaterThan(300);
  expect(code.filter((path) => new RegExp(provider, 'i').test(readFileSync(join(copy, path), 'utf8')))).toEqual([]);
});
