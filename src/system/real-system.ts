// The real world, made port by port when it is first touched: a command pays for what it uses. `list` and a fresh `token`
// load no HTTP, no prompts, no opener, no keychain.
import type { FetchSettings, System } from '../model/ports.ts';
import { takeEnvironment } from './child-environment.ts';
import { createClock } from './clock.ts';
import { createEnv } from './env.ts';
import {
  lazyFetch,
  lazyKeychain,
  lazyListener,
  lazyLiveness,
  lazyPrompter,
  lazySpawner,
  lazyUserAgent,
  once,
} from './lazy-ports.ts';
import { createRandom } from './random.ts';
import { createRealFiles, mendingWords } from './real-files.ts';
import { createSignals } from './signals.ts';
import { createStreams } from './streams.ts';

export interface RealSystemOptions {
  readonly version: string;
  /** The bundled src/system/keychain-child.ts. */
  readonly childPath: string;
  readonly noInput: boolean;
}

/** Somebody at a terminal may have to unlock the keychain in a dialog. */
const attendedMs = 60_000;
const unattendedMs = 5_000;

/** Takes our secrets out of `process.env`, so that no child of any library inherits them. */
export function realSystem({ version, childPath, noInput }: RealSystemOptions): System {
  const env = createEnv(takeEnvironment(process.env));
  const random = createRandom();
  const streams = createStreams();
  const signals = once(() => createSignals());
  const silent = noInput || env.get('OAUTHCTL_NO_INPUT') !== undefined;
  const interactive = once(() => !silent && streams.inIsTerminal && streams.errIsTerminal);
  const prompter = once(() => lazyPrompter(interactive(), signals().interrupted));
  const keychain = once(() => lazyKeychain(childPath, interactive() ? attendedMs : unattendedMs, signals));
  const files = createRealFiles({
    workingFolder: () => env.workingFolder,
    uniqueName: () => Buffer.from(random.bytes(8)).toString('hex'),
    onMended: mendingWords((line) => streams.err(line)),
  });
  const cutsShort = () => signals().cutsShort();
  const fetchBy = (settings: FetchSettings) => lazyFetch({ version, cutsShort, settings, files });
  return {
    clock: createClock(),
    random,
    env,
    streams,
    files,
    fetch: fetchBy({ env, caFile: undefined }),
    fetchBy,
    listen: lazyListener,
    liveness: lazyLiveness(),
    spawn: lazySpawner(process.env, signals),
    userAgent: lazyUserAgent(env),
    get signals() {
      return signals();
    },
    get prompter() {
      return prompter();
    },
    get keychain() {
      return keychain();
    },
  };
}
