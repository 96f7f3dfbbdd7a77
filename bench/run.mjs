// `npm run bench`: what a command costs, as a ratio to `node -e 0` taken in turn in the same run. Prints medians beside the
// bars that they should stay under; asserts nothing. The trees are made with the program itself.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const program = join(root, 'bin/oauthctl.cjs');
const inSession = 'BENCH_IN_KEYRING_SESSION';

/** Node 20 parses NODE_EXTRA_CA_CERTS at every start, which would flatter the ratios. */
const cleanEnv = (home, more = {}) => {
  const { PATH, DBUS_SESSION_BUS_ADDRESS, XDG_RUNTIME_DIR } = process.env;
  return { PATH, DBUS_SESSION_BUS_ADDRESS, XDG_RUNTIME_DIR, HOME: home, LANG: 'C.UTF-8', ...more };
};

function node(args, env, options = {}) {
  const ran = spawnSync(process.execPath, args, {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    ...options,
  });
  if (ran.status !== 0) throw new Error(`${args.join(' ')} ended with ${ran.status}\n${ran.stdout}${ran.stderr}`);
  return ran.stdout;
}

/** A home with `count` connections at the server. */
function makeTree(folder, name, issuer, count, keyEnv) {
  const home = join(folder, name);
  mkdirSync(home);
  const env = cleanEnv(home, { ...keyEnv, BROWSER: join(root, 'test/e2e/support/visit.mjs') });
  const oauthctl = (args, options) => node([program, ...args], env, options);
  oauthctl(['provider', 'add', 'acme', '--issuer', issuer, '--scope', 'read']);
  if (count === 0) return env;
  const secret = { input: 'bench-secret\n', stdio: 'pipe' };
  oauthctl(['app', 'set', 'acme', '--client-id', 'bench', '--client-secret-stdin'], secret);
  oauthctl(['connect', 'acme']);
  if (count > 1) node([join(root, 'scripts/run-ts.mjs'), join(root, 'bench/plant.ts'), 'acme', String(count)], env);
  return env;
}

function timed({ args, env }) {
  const before = process.hrtime.bigint();
  node(args, env);
  return Number(process.hrtime.bigint() - before) / 1e6;
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Every case once per round, each beside a bare Node of its own; ratios are taken within the pair. */
function measure(cases, rounds, bare) {
  const taken = new Map(cases.map((each) => [each, []]));
  for (const each of cases) timed(each);
  for (let round = 0; round < rounds; round++)
    for (const each of cases) {
      const base = timed(bare);
      const ms = timed(each);
      taken.get(each).push({ base, ms, ratio: ms / base });
    }
  return cases.map((each) => {
    const pairs = taken.get(each);
    return {
      ...each,
      bareMs: median(pairs.map(({ base }) => base)),
      ms: median(pairs.map(({ ms }) => ms)),
      ratio: median(pairs.map(({ ratio }) => ratio)),
    };
  });
}

function print(results) {
  const line = (...cells) =>
    process.stdout.write(
      `${cells[0].padEnd(44)}${cells
        .slice(1)
        .map((c) => c.padStart(11))
        .join('')}\n`,
    );
  line('', 'ms', 'ratio', 'bar', '');
  for (const { name, ms, ratio, bar } of results) {
    const verdict = bar === undefined ? '' : ratio <= bar ? 'ok' : 'over';
    line(name, ms.toFixed(0), `${ratio.toFixed(2)}x`, bar === undefined ? '' : `${bar.toFixed(2)}x`, verdict);
  }
}

function quickCases(trees) {
  const cases = [
    { name: '--version', args: [program, '--version'], env: trees.list1, bar: 1.15 },
    { name: 'token, fresh, key from the environment', args: [program, 'token', 'acme'], env: trees.list1, bar: 1.45 },
    { name: 'token, fresh, key in the keychain', args: [program, 'token', 'acme'], env: trees.keychain, bar: 2 },
    { name: 'list, piped, 1 connection', args: [program, 'list'], env: trees.list1 },
    { name: 'list, piped, 100 connections', args: [program, 'list'], env: trees.list100, bar: 1.6 },
    { name: 'list, piped, 1000 connections', args: [program, 'list'], env: trees.list1000 },
  ];
  return cases.filter(({ env }) => env !== undefined);
}

const probeMs = 200;
const probesAtOnce = 20;

function statusCases(trees) {
  return [1, 20, 100].map((count) => ({
    name: `status --all, ${count} connection${count === 1 ? '' : 's'}, ${probeMs} ms each`,
    args: [program, 'status', '--all'],
    env: trees[`list${count}`],
    waits: Math.ceil(count / probesAtOnce),
  }));
}

/** The bar: start-up, then as many waits as the bound makes necessary, and a fifth on top. Start-up is what one check takes beyond its wait. */
function withBars([one, ...many]) {
  const startUpMs = one.ms - probeMs;
  return [one, ...many.map((each) => ({ ...each, bar: ((startUpMs + each.waits * probeMs) * 1.2) / each.bareMs }))];
}

async function bench(folder) {
  const server = spawn(process.execPath, [join(root, 'bench/server.mjs')], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [line] = await once(server.stdout, 'data');
    const issuer = String(line).trim();
    const key = { OAUTHCTL_KEY: randomBytes(32).toString('base64') };
    process.stderr.write('making the trees …\n');
    const trees = Object.fromEntries(
      [1, 20, 100, 1000].map((n) => [`list${n}`, makeTree(folder, `list${n}`, issuer, n, key)]),
    );
    if (process.env[inSession]) trees.keychain = makeTree(folder, 'keychain', issuer, 1, {});
    else process.stderr.write('no gnome-keyring here: the keychain is left out\n');
    const bare = { args: ['-e', '0'], env: cleanEnv(folder) };
    const quick = measure(quickCases(trees), 21, bare);
    print([{ name: `node -e 0 (${process.version})`, ms: quick[0].bareMs, ratio: 1 }, ...quick]);
    print(withBars(measure(statusCases(trees), 7, bare)));
  } finally {
    server.kill();
  }
}

if (!process.env[inSession] && spawnSync('gnome-keyring-daemon', ['--version']).status === 0) {
  const session = ['test/support/with-keyring.sh', process.execPath, fileURLToPath(import.meta.url)];
  const { status } = spawnSync('bash', session, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, [inSession]: '1' },
  });
  process.exitCode = status ?? 1;
} else {
  const folder = mkdtempSync(join(tmpdir(), 'oauthctl-bench-'));
  await bench(folder).finally(() => rmSync(folder, { recursive: true, force: true }));
}
