// The package as it would be published: what is in it, what it needs, and how little of it a quick command loads.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { connectAcme, setUpAcme } from './support/acme.ts';
import { startAuthorizationServer } from './support/authorization-server.ts';
import { binary, packedRoot } from './support/binary.ts';
import { cleanEnv, mustSucceed, oauthctl, temporaryFolder } from './support/run.ts';

const filesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(packedRoot, join(entry.parentPath, entry.name)));

const key = { OAUTHCTL_KEY: Buffer.alloc(32, 7).toString('base64') };

test('it holds the program, completions and documents, and nothing else', () => {
  const chunks = /^dist\/(c\/)?[\w.-]+\.cjs$/;
  expect(
    filesOf(packedRoot)
      .filter((path) => !chunks.test(path))
      .sort(),
  ).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'SECURITY.md',
    'THIRD-PARTY-NOTICES.md',
    'bin/oauthctl.cjs',
    'completions/_oauthctl',
    'completions/oauthctl.bash',
    'completions/oauthctl.fish',
    'completions/oauthctl.ps1',
    'package.json',
    'sandbox.d.ts',
  ]);
});

test('it needs Node and the keychain binding, nothing else', () => {
  const needed = new Set<string>();
  for (const path of filesOf(packedRoot).filter((path) => path.endsWith('.cjs')))
    for (const [, name = ''] of readFileSync(join(packedRoot, path), 'utf8').matchAll(/\brequire\("([^"./][^"]*)"\)/g))
      if (!builtinModules.includes(name.replace(/^node:/, ''))) needed.add(name);
  expect([...needed]).toEqual(['@napi-rs/keyring']);
});

test('it runs by its shebang through a link, as npm installs it', () => {
  const home = temporaryFolder();
  mkdirSync(join(home, 'bin'));
  symlinkSync(process.execPath, join(home, 'bin/node'));
  symlinkSync(binary, join(home, 'bin/oauthctl'));
  const { version } = JSON.parse(readFileSync(join(packedRoot, 'package.json'), 'utf8'));
  const env = { ...cleanEnv(home), PATH: `${join(home, 'bin')}:/usr/bin:/bin` };
  expect(execFileSync('oauthctl', ['--version'], { env, encoding: 'utf8' })).toBe(`oauthctl ${version}\n`);
});

test('the quick way and the long way print the same bytes and end with the same exit', async () => {
  const server = await startAuthorizationServer();
  const home = temporaryFolder();
  await setUpAcme(server, home, key);
  await connectAcme(home, key);
  const otherKey = { OAUTHCTL_KEY: Buffer.alloc(32, 8).toString('base64') };
  const cases = [
    { name: 'acme', env: key },
    { name: 'ACME', env: key },
    { name: 'acme:nobody', env: key },
    { name: 'not a name', env: key },
    { name: 'acme', env: otherKey },
    { name: 'acme', env: { OAUTHCTL_KEY: 'short' } },
    { name: 'acme', env: {} },
  ];
  for (const { name, env } of cases) {
    const quick = await oauthctl(['token', name], home, { env });
    // The default said aloud: not the plain form, so the long way answers.
    const long = await oauthctl(['token', name, '--format', 'raw'], home, { env });
    expect(quick).toEqual(long);
  }
});

const slowPackages = /node_modules\/(openid-client|oauth4webapi|@inquirer|open|chalk|cli-table3)\//;

test.each([
  { args: ['--version'], also: /node_modules\/commander\// },
  { args: ['token', 'acme'], also: /node_modules\/commander\// },
  { args: ['token', 'acme', '--format', 'raw'], also: /^$/ },
  { args: ['list'], also: /^$/ },
])('$args loads no package that it does not need, and no HTTP', async ({ args, also }) => {
  const server = await startAuthorizationServer();
  const home = temporaryFolder();
  await setUpAcme(server, home, key);
  await connectAcme(home, key);
  const report = join(home, 'loaded.json');
  const preload = fileURLToPath(new URL('support/loaded.cjs', import.meta.url));
  await mustSucceed(args, home, { env: { ...key, LOADED_REPORT: report }, nodeArgs: ['--require', preload] });
  const { files, builtins } = JSON.parse(readFileSync(report, 'utf8')) as { files: string[]; builtins: string[] };
  const loaded = files.filter((path) => path.endsWith('.cjs')).map((path) => readFileSync(path, 'utf8'));
  // rolldown heads each module with the path that it came from.
  const modules = loaded.flatMap((text) =>
    [...text.matchAll(/^\/\/ ((?:src|node_modules)\/.*)$/gm)].map(([, path = '']) => path),
  );
  expect(modules.some((path) => path.startsWith('src/'))).toBe(true);
  expect(modules.filter((path) => slowPackages.test(path) || also.test(path))).toEqual([]);
  expect(builtins.filter((name) => ['http', 'https', 'http2', 'internal/deps/undici/undici'].includes(name))).toEqual(
    [],
  );
});
