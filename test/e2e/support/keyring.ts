// A real keyring for the packed program, and its items as another program reads them.
import { startKeyring as startSession } from '../../support/keyring-session.ts';

export interface Keyring {
  /** What the program needs in order to find it. */
  readonly env: Record<string, string>;
  /** Account → secret of our items, read with secret-tool. */
  items(): Map<string, string>;
  lock(): void;
  /** Replaces the daemon by one that has unlocked the keyring. */
  unlock(): Promise<void>;
}

/** Unlocked, and gone when the test is over. */
export async function startKeyring(): Promise<Keyring> {
  const { env, run, lock, unlock } = await startSession();
  const { DBUS_SESSION_BUS_ADDRESS = '', XDG_RUNTIME_DIR = '' } = env;
  return {
    env: { DBUS_SESSION_BUS_ADDRESS, XDG_RUNTIME_DIR },
    // It prints the secrets on stdout and the attributes on stderr.
    items: () => parseItems(run('sh', '-c', 'secret-tool search --all service oauthctl 2>&1')),
    lock,
    unlock,
  };
}

function parseItems(printed: string): Map<string, string> {
  const items = printed.split(/^\[.*\]$/m).slice(1);
  const member = (item: string, name: string) => new RegExp(`^${name} = (.*)$`, 'm').exec(item)?.[1] ?? '';
  return new Map(items.map((item) => [member(item, 'attribute\\.username'), member(item, 'secret')]));
}
