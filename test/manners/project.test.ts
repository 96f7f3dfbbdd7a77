// What must hold of the project as a whole: the lock, the package, generated files, and places that only its makers know.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectFiles, root } from './source.ts';

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const manifest = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;

test('the lock names no download addresses, so that any registry can serve it', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, { resolved?: string }> };
  expect(Object.keys(packages).filter((name) => packages[name]?.resolved !== undefined)).toEqual([]);
});

test('versions are pinned exactly', () => {
  const loose = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
  expect(loose.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});

test('the keychain binding is the one package that is installed along', () => {
  expect(Object.keys(manifest.dependencies ?? {})).toEqual(['@napi-rs/keyring']);
});

test('generated files are fresh', () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['scripts/run-ts.mjs', 'scripts/generate.ts', '--check'],
    { cwd: root, encoding: 'utf8' },
  );
  expect({ status, said: status === 0 ? '' : stdout + stderr }).toEqual({ status: 0, said: '' });
});

test('the two set-up commands of the README exist, and CI runs its test command', () => {
  const readme = read('README.md');
  expect(readme).toContain('npm ci && npm run demo');
  expect(readme).toContain('npm ci && npm test');
  expect(Object.keys(manifest.scripts ?? {})).toEqual(expect.arrayContaining(['demo', 'test', 'bench', 'check']));
  const ci = read('.ci/run').split('\n');
  expect(ci.indexOf('suite npm test')).toBeGreaterThan(ci.indexOf('check npm ci || finish'));
});

test('no file names a place outside the project, or a registry', () => {
  // Spelled in two parts, since this file is searched too.
  const places = [
    ['/wo', 'rk/main'],
    ['/wo', 'rk/.library'],
    ['/wo', 'rk/.mirror'],
    ['wo', 'rk/shared'],
    ['../sha', 'red'],
    ['/tmp', '/oc'],
    ['registry.', 'npmjs'],
    ['registry.', 'yarnpkg'],
    ['deb.', 'debian.org'],
  ].map((parts) => parts.join(''));
  const binary = /\.(png|ico|node)$/;
  const found = projectFiles()
    .filter((path) => !binary.test(path))
    .flatMap((path) => {
      const text = read(path);
      return places.filter((place) => text.includes(place)).map((place) => `${path}: ${place}`);
    });
  expect(found).toEqual([]);
});
