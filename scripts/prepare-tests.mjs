// What the tests need beyond npm: a Secret Service with its bus, a browser, the shells, a terminal, a display.
// Installs what is missing where it can (root on Debian and its kin), otherwise says in one line what to install.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Program → the Debian package that brings it. */
const needs = {
  'gnome-keyring-daemon': 'gnome-keyring',
  'secret-tool': 'libsecret-tools',
  'dbus-run-session': 'dbus',
  gdbus: 'libglib2.0-bin',
  chromium: 'chromium',
  zsh: 'zsh',
  fish: 'fish',
  tmux: 'tmux',
  Xvfb: 'xvfb',
  xdotool: 'xdotool',
};

function isThere(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const missing = () => [
  ...new Set(
    Object.keys(needs)
      .filter((name) => !isThere(name))
      .map((name) => needs[name]),
  ),
];

function aptGet(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env }).status === 0;
}

const packages = missing();
if (packages.length > 0 && process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
  process.stderr.write(`installing for the tests: ${packages.join(' ')}\n`);
  aptGet('update') && aptGet('install', '-y', '--no-install-recommends', ...packages);
}
const still = missing();
if (still.length > 0) {
  process.stderr.write(`the tests need these (Debian's names): ${still.join(' ')}\n`);
  process.exitCode = 1;
}
