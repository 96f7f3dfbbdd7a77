// `npm test`: prepares the machine, builds, unpacks the package as it would be published (what the end-to-end tests run),
// runs vitest and counts by itself. Ends with `N passed, N failed`; anything skipped, or nothing run, is a failure too.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cache = join(root, '.cache');
const report = join(cache, `results-${process.pid}.json`);

function run(program, args, options = {}) {
  const { error, status, stdout } = spawnSync(program, args, {
    cwd: root,
    stdio: 'inherit',
    encoding: 'utf8',
    // Read at every start of Node 20, which costs each spawned program 50 ms.
    env: { ...process.env, NODE_EXTRA_CA_CERTS: undefined, FORCE_COLOR: undefined },
    ...options,
  });
  if (error) throw error;
  return { ok: status === 0, stdout };
}

function mustRun(...args) {
  const result = run(...args);
  if (!result.ok) process.exit(1);
  return result;
}

/** The published tarball, unpacked; its one dependency is linked, so that no network is needed. */
function unpackPackage() {
  const packed = join(cache, 'packed');
  rmSync(packed, { recursive: true, force: true });
  mkdirSync(join(packed, 'node_modules'), { recursive: true });
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', packed];
  const { stdout } = mustRun('npm', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [{ filename }] = JSON.parse(stdout);
  mustRun('tar', ['-xzf', join(packed, filename), '-C', packed]);
  symlinkSync(join(root, 'node_modules', '@napi-rs'), join(packed, 'node_modules', '@napi-rs'));
}

/** Files that could not even be loaded count as one failure each. */
function count({ testResults = [] }) {
  const tests = testResults.flatMap((file) => file.assertionResults);
  const of = (...states) => tests.filter((test) => states.includes(test.status)).length;
  const broken = testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  return { passed: of('passed'), failed: of('failed') + broken, skipped: tests.length - of('passed', 'failed') };
}

mkdirSync(cache, { recursive: true });
mustRun(process.execPath, ['scripts/prepare-tests.mjs']);
mustRun(process.execPath, ['scripts/build.mjs']);
unpackPackage();

const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
const vitest = ['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...process.argv.slice(2)];
const { ok } = run(process.execPath, vitest, { stdio: ['ignore', 'inherit', 'inherit'] });

let totals = { passed: 0, failed: 0, skipped: 0 };
try {
  totals = count(JSON.parse(readFileSync(report, 'utf8')));
} catch {
  process.stdout.write('vitest left no report\n');
}
rmSync(report, { force: true });
if (totals.skipped > 0) process.stdout.write(`${totals.skipped} skipped: a test that does not run is a failure\n`);
if (totals.passed + totals.failed === 0) process.stdout.write('no test ran\n');
const failed = totals.failed + totals.skipped;
// Errors outside any test (an unhandled rejection) fail the run as well, and the line must not hide that.
const counted = failed === 0 && (!ok || totals.passed === 0) ? 1 : failed;
process.stdout.write(`${totals.passed} passed, ${counted} failed\n`);
process.exitCode = counted === 0 ? 0 : 1;
