// `npm run demo`: the main job with all ten services against the built-in sandbox, in a home of its own. Prints each command
// line, then what it really prints. Needs no account, no browser and no network, and leaves nothing behind.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = join(dirname(dirname(fileURLToPath(import.meta.url))), 'bin', 'oauthctl.cjs');
const home = mkdtempSync(join(tmpdir(), 'oauthctl-demo-'));

/** Ours and the folders that would lead out of the demo's home are left out; Node 20 parses the certificates at each start. */
const hidden = /^(OAUTHCTL_.*|XDG_(CONFIG|DATA|STATE)_HOME|APPDATA|LOCALAPPDATA|NODE_EXTRA_CA_CERTS)$/;
const kept = Object.entries(process.env).filter(([name]) => !hidden.test(name));
const state = join(home, 'state');
const env = { ...Object.fromEntries(kept), HOME: home, USERPROFILE: home, OAUTHCTL_STATE_DIR: state };

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

/** `data` of an answer that is looked at and not shown. */
function answerOf(line) {
  const { stdout } = spawnSync(process.execPath, [program, ...line.split(' '), '--json'], { env, encoding: 'utf8' });
  return JSON.parse(stdout).data;
}

function agree(what, found, expected) {
  const [is, should] = [found, expected].map((lines) => lines.toSorted().join('; '));
  if (is !== should) throw new Error(`${what}: ${is}; expected: ${should}`);
}

/** The ten that ship. */
const providers = answerOf('provider list').providers.map(({ id }) => id);

/** Microsoft lets no app end its grants, and with Gmail's grant that of Drive has ended; everywhere else the end is proved. */
const ends = { outlook: 'unsupported', teams: 'unsupported', 'google-drive': 'already_dead, proved' };

/** What revoking came to, from the audit trail: it cannot be asked for twice. */
function revocations() {
  const trail = readFileSync(join(state, 'sandbox', 'audit', 'trail.jsonl'), 'utf8')
    .trim()
    .split('\n');
  return trail
    .map((line) => JSON.parse(line))
    .filter(({ type, details }) => type === 'token.revoked' && details.remote !== undefined)
    .map(
      ({ connection, details: { remote, proof } }) => `${connection} ${remote}${proof === 'none' ? '' : ', proved'}`,
    );
}

try {
  for (const provider of providers) oauthctl(`--sandbox connect ${provider} --sandbox-consent auto`);
  oauthctl('--sandbox status --all');
  const { connections } = answerOf('--sandbox status --all');
  agree(
    'status',
    connections.map(({ name, state }) => `${name} ${state}`),
    providers.map((id) => `${id} healthy`),
  );
  oauthctl('--sandbox refresh --all');
  oauthctl('--sandbox token github --format header', { show: (header) => `${header.slice(0, 34)}…\n` });
  // Not every service lets an app end its grant: that is said, and is exit 8.
  oauthctl('--sandbox revoke --all --yes', { ends: 8 });
  agree(
    'revoke',
    revocations(),
    providers.map((id) => `${id} ${ends[id] ?? 'revoked, proved'}`),
  );
} catch (error) {
  process.stderr.write(`the demo stopped: ${error.message}\n`);
  process.exitCode = 1;
} finally {
  rmSync(home, { recursive: true, force: true });
}
