// `npm run demo`: the main job with all ten services against the built-in sandbox, in a home of its own. Prints each command
// line, then what it really prints. Needs no account, no browser and no network, and leaves nothing behind.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = join(dirname(dirname(fileURLToPath(import.meta.url))), 'bin', 'oauthctl.cjs');
const home = mkdtempSync(join(tmpdir(), 'oauthctl-demo-'));

/** Ours and the folders that would lead out of the demo's home are left out; Node 20 parses the certificates at each start. */
const hidden = /^(OAUTHCTL_.*|XDG_(CONFIG|DATA|STATE)_HOME|APPDATA|LOCALAPPDATA|NODE_EXTRA_CA_CERTS)$/;
const kept = Object.entries(process.env).filter(([name]) => !hidden.test(name));
const env = { ...Object.fromEntries(kept), HOME: home, USERPROFILE: home };

/** `ends`: the exit that is expected. */
function oauthctl(line, { show, ends = 0 } = {}) {
  process.stdout.write(`\n$ oauthctl ${line}\n`);
  const stdio = ['ignore', show ? 'pipe' : 'inherit', 'inherit'];
  const { status, stdout } = spawnSync(process.execPath, [program, ...line.split(' ')], {
    env,
    stdio,
    encoding: 'utf8',
  });
  if (show) process.stdout.write(show(stdout));
  if (status !== ends) throw new Error(`ended with exit ${status}`);
}

/** The ten that ship. */
function shippedProviders() {
  const { stdout } = spawnSync(process.execPath, [program, 'provider', 'list', '--json'], { env, encoding: 'utf8' });
  return JSON.parse(stdout).data.providers.map(({ id }) => id);
}

try {
  for (const provider of shippedProviders()) oauthctl(`--sandbox connect ${provider} --sandbox-consent auto`);
  oauthctl('--sandbox status --all');
  oauthctl('--sandbox refresh --all');
  oauthctl('--sandbox token github --format header', { show: (header) => `${header.slice(0, 34)}…\n` });
  // Not every service lets an app end its grant: that is said, and is exit 8.
  oauthctl('--sandbox revoke --all --yes', { ends: 8 });
} catch (error) {
  process.stderr.write(`the demo stopped: ${error.message}\n`);
  process.exitCode = 1;
} finally {
  rmSync(home, { recursive: true, force: true });
}
