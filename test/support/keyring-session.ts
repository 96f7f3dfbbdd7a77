// A real gnome-keyring on a D-Bus session of the test's own, and what can go wrong with one.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export interface Session {
  /** What a program needs in order to find the bus. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs a program on the bus; its output. */
  run(program: string, ...args: string[]): string;
}

export interface KeyringSession extends Session {
  lock(): void;
  /** Replaces the daemon by one that has unlocked the keyring. */
  unlock(): Promise<void>;
  /** The daemon takes no calls any more, and `resume` lets it go on. */
  stall(): void;
  resume(): void;
  kill(): void;
  /** A screen on which unlock dialogs appear; its name for DISPLAY. */
  openScreen(): Promise<string>;
}

const withKeyring = fileURLToPath(new URL('with-keyring.sh', import.meta.url));
const names = ['DBUS_SESSION_BUS_ADDRESS', 'XDG_RUNTIME_DIR', 'HOME', 'KEYRING_PID', 'KEYRING_PW'];
const tellAndWait = `
  console.log(JSON.stringify(Object.fromEntries(${JSON.stringify(names)}.map((name) => [name, process.env[name]]))));
  process.stdin.resume();`;

/** Unlocked, and gone when the test is over. `password: ''`: a daemon without any keyring. */
export async function startKeyring(options: { password?: string } = {}): Promise<KeyringSession> {
  const password = options.password ?? 'test-password';
  const session = await startSession('bash', [withKeyring], { KEYRING_PW: password });
  let daemon = Number(session.env.KEYRING_PID);
  const call = (method: string, argument: string) =>
    session.run(
      'gdbus',
      'call',
      '--session',
      '-d',
      bus,
      '-o',
      root,
      '-m',
      `org.freedesktop.Secret.Service.${method}`,
      argument,
    );
  return {
    ...session,
    lock: () => void call('Lock', `['${root}/collection/login']`),
    async unlock() {
      const args = ['--foreground', '--replace', '--unlock', '--components=secrets'];
      const next = spawn('gnome-keyring-daemon', args, {
        env: { ...session.env },
        stdio: ['pipe', 'ignore', 'ignore'],
      });
      next.stdin.end(password);
      daemon = next.pid ?? 0;
      onTestFinished(() => void next.kill('SIGKILL'));
      await until(() => ownerOf(session) === daemon);
    },
    stall: () => void process.kill(daemon, 'SIGSTOP'),
    resume: () => void process.kill(daemon, 'SIGCONT'),
    kill: () => void process.kill(daemon, 'SIGKILL'),
    async openScreen() {
      const screen = spawn('Xvfb', ['-displayfd', '1', '-nolisten', 'tcp'], { stdio: ['ignore', 'pipe', 'ignore'] });
      endAfterTest(screen);
      const [number] = (await once(screen.stdout, 'data')) as [Buffer];
      const display = `:${String(number).trim()}`;
      session.run('env', `DISPLAY=${display}`, 'dbus-update-activation-environment', 'DISPLAY');
      return display;
    },
  };
}

/** A bus on which nobody offers a keyring, nor can be started to. */
export async function startBareBus(): Promise<Session> {
  const config = fileURLToPath(new URL('bare-bus.conf', import.meta.url));
  return startSession('dbus-run-session', [`--config-file=${config}`, '--'], {});
}

const bus = 'org.freedesktop.secrets';
const root = '/org/freedesktop/secrets';

async function startSession(program: string, args: string[], variables: Record<string, string>): Promise<Session> {
  const path = { PATH: process.env.PATH ?? '' };
  const child = spawn(program, [...args, process.execPath, '-e', tellAndWait], {
    env: { ...path, ...variables },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = once(child, 'close');
  onTestFinished(async () => {
    child.stdin.end();
    await ended;
    // Whatever failed before it in the test is explained by this.
    if (said.includes('the keyring daemon crashed')) throw new Error(said);
  });
  const [line] = (await Promise.race([once(child.stdout, 'data'), ended])) as [Buffer];
  const env = { ...path, ...(JSON.parse(String(line)) as Record<string, string>) };
  return {
    env,
    run: (command, ...rest) => execFileSync(command, rest, { env, encoding: 'utf8', stdio: 'pipe' }),
  };
}

/** The process that owns the keyring's name on the bus. */
function ownerOf({ run }: Session): number {
  const method = 'org.freedesktop.DBus.GetConnectionUnixProcessID';
  const on = ['-d', 'org.freedesktop.DBus', '-o', '/org/freedesktop/DBus'];
  try {
    return Number(/uint32 (\d+)/.exec(run('gdbus', 'call', '--session', ...on, '-m', method, bus))?.[1]);
  } catch {
    return 0;
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    if (tries > 500) throw new Error('waited in vain');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function endAfterTest(child: ChildProcess): void {
  const ended = once(child, 'close');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
}
