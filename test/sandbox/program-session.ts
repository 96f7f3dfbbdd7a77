// The real program under `--sandbox`, in a world of its own, with the sandbox's switches at hand and its state to look into.
import { main } from '../../src/main.ts';
import { resolvePaths } from '../../src/model/paths.ts';
import { hashOf, type SandboxState } from '../../src/sandbox/state.ts';
import { openSandbox } from '../../src/under-sandbox.ts';
import { createWorld, type World, type WorldOptions } from '../support/world.ts';

interface Problem {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
}

/** One line of an answer, of whichever command. */
interface Line {
  readonly name: string;
  readonly state?: string;
  readonly outcome?: string;
  readonly remote?: string;
  readonly proof?: string;
  readonly local?: string;
  readonly roles?: readonly string[];
  readonly also_affected?: readonly string[];
  readonly account?: { readonly id: string; readonly name: string };
  readonly problem?: Problem | null;
}

interface Answer {
  readonly data?: {
    readonly connections?: readonly Line[];
    readonly results?: readonly Line[];
    readonly connection?: Line;
    readonly flow?: string;
    readonly access_token?: string;
  };
  readonly error?: Problem;
  readonly warnings?: readonly string[];
}

export interface Ran {
  readonly exit: number;
  readonly answer: Answer;
  /** Everything that it said, on both streams. */
  readonly said: string;
}

export interface ProgramSession {
  readonly world: World;
  /** Another process of the same machine. */
  another(): ProgramSession;
  /** As it is now, going on by itself. */
  fork(seed: number): ProgramSession;
  run(...args: string[]): Promise<Ran>;
  /** Registers the sandbox's own app of this kind as `--app NAME`, with its first redirect URI where that is no loopback address. */
  register(provider: string, kind: string, name?: string): Promise<void>;
  /** As the control URL takes them. */
  switch(...lines: readonly string[]): Promise<void>;
  violations(): Promise<readonly string[]>;
  /** How many refresh tokens, and newest access tokens of a grant, still work at the servers. */
  living(): number;
  /** Whether this access token still works. */
  works(token: string): boolean;
}

/** Where the program has one kind for what is registered in two ways. */
const kindNames: Readonly<Record<string, string>> = { 'trello confidential': 'oauth2' };

async function runIn(world: World, args: readonly string[]): Promise<Ran> {
  const [out, err] = [world.stdout().length, world.stderr().length];
  const exit = await main(['--sandbox', '--sandbox-consent', 'auto', '--json', ...args], world.system);
  const stdout = world.stdout().slice(out);
  return { exit, answer: JSON.parse(stdout), said: stdout + world.stderr().slice(err) };
}

export function openSession(options: WorldOptions = {}): ProgramSession {
  return sessionIn(createWorld(options), options);
}

/** The same machine, its files as they are now, going on by itself; `seed`: of what comes by chance. */
function forkOf({ files, now }: World, options: WorldOptions, seed: number): ProgramSession {
  const world = createWorld({ ...options, now: new Date(now()).toISOString(), seed });
  for (const [path, entry] of files.entries) world.files.entries.set(path, { ...entry });
  return sessionIn(world, options);
}

function sessionIn(world: World, options: WorldOptions): ProgramSession {
  const { system } = world;
  const paths = resolvePaths({ sandbox: true }, system.env, system.files);
  const sandbox = openSandbox(system, paths, 'auto');
  const state = (): SandboxState => JSON.parse(world.files.get(`${paths.state}/server/state.json`) ?? '');
  /** By the clock of the servers. */
  const serverNow = () => world.now() + 1000 * Number(state().switches['clock-offset']?.value ?? 0);
  return {
    world,
    another: () => sessionIn(world.another(), options),
    fork: (seed) => forkOf(world, options, seed),
    run: (...args) => runIn(world, args),
    async register(provider, kind, name = 'other') {
      const client = (await sandbox.seed()).providers[provider]?.clients[kind];
      const [redirect = ''] = client?.redirectUris ?? [];
      const own = redirect.startsWith('https:') ? ['--redirect-uri', redirect] : [];
      const secret = client?.clientSecret?.reveal();
      // A secret is piped in.
      const beside = world.another({ terminal: false });
      beside.input = secret ?? '';
      const how = secret === undefined ? '--public' : '--client-secret-stdin';
      const named = ['--name', name, '--kind', kindNames[`${provider} ${kind}`] ?? kind];
      const app = [...named, '--client-id', client?.clientId ?? '', how, ...own];
      const { exit, said } = await runIn(beside, ['app', 'set', provider, ...app]);
      if (exit !== 0) throw new Error(`the app was not taken: ${said}`);
    },
    switch: async (...lines) => void (await sandbox.control(lines)),
    violations: async () => (await sandbox.violations()).map(({ code, says }) => `${code}: ${says}`),
    living: () => countLiving(state(), serverNow()),
    works: (token) => {
      const found = families(state()).flatMap(({ access }) => access?.[hashOf(token)] ?? []);
      return found.some((record) => isLive(record, serverNow()));
    },
  };
}

interface Remembered {
  readonly grants?: Readonly<Record<string, { readonly endedAt: number | null }>>;
  readonly refresh?: Readonly<Record<string, Token>>;
  readonly access?: Readonly<Record<string, Token>>;
}

interface Token {
  readonly grant?: string;
  readonly endedAt?: number | null;
  readonly rotatedAt?: number | null;
  readonly endsAt?: number | null;
  readonly expiresAt?: number | null;
}

const families = ({ families }: SandboxState) => Object.values(families) as readonly Remembered[];

/** Google keeps its grants by refresh token; the others keep tokens beside grants. */
function countLiving(state: SandboxState, nowAt: number): number {
  const family = (part: Remembered) => {
    const grants = Object.entries(part.grants ?? {}).filter(([, { endedAt }]) => endedAt === null);
    if (part.refresh === undefined) return grants.length;
    const goesOn = new Set(grants.map(([id]) => id));
    const newest = new Map(Object.values(part.access ?? {}).map((token) => [token.grant, token]));
    return [...Object.values(part.refresh), ...newest.values()].filter(
      (token) => goesOn.has(token.grant ?? '') && isLive(token, nowAt),
    ).length;
  };
  return families(state).reduce((count, part) => count + family(part), 0);
}

function isLive({ endedAt, rotatedAt, endsAt, expiresAt }: Token, nowAt: number): boolean {
  const end = endsAt ?? expiresAt ?? null;
  return (endedAt ?? null) === null && (rotatedAt ?? null) === null && (end === null || end > nowAt);
}
