// The world as the program sees it. `src/system` implements these for real, tests implement them in memory;
// nothing else touches processes, files, sockets, clocks or terminals.
import type { Files } from './files.ts';
import type { Secret } from './secret.ts';

export { type FileError, type FileErrorKind, type FileFacts, type Files, isFileError } from './files.ts';

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after that many milliseconds, or at once when the signal aborts. Does not keep the process alive once aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export interface Random {
  /** Cryptographically strong bytes. */
  bytes(count: number): Uint8Array;
}

export interface WireRequest {
  readonly method: 'GET' | 'POST' | 'DELETE' | 'HEAD' | 'PUT' | 'PATCH';
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** The whole exchange, body included, must be over by then. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface WireResponse {
  readonly status: number;
  /** Names in lower case; repeated headers joined with ", ". */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * One HTTP exchange. Redirects are never followed: a 3xx comes back as it is. Bodies are bounded to 1 MiB.
 * Rejects with a CliError: `unreachable` (no answer: names, connection, TLS), `timed_out`, `bad_response` (body over the bound),
 * `cancelled` (the signal). Its `cause` is `{ sent: boolean }`: false = the request certainly never left this machine.
 */
export interface Fetch {
  (request: WireRequest): Promise<WireResponse>;
  /**
   * Rejects as a request would where the settings of the network (a proxy, own certificates) cannot be used: before a person
   * is asked to do something. Not there where no settings are read.
   */
  readonly check?: () => Promise<void>;
}

/** What the way to the network is read from. */
export interface FetchSettings {
  readonly env: Pick<Env, 'get'>;
  /** `--ca-file`: certificates that are trusted beside the usual ones. */
  readonly caFile: string | undefined;
}

/** How the person's browser is reached. */
export interface UserAgent {
  /** Whether a browser can be expected on this machine, and if not, why in a few words ("over SSH", "in a container"). */
  detect(): Promise<{ readonly available: true } | { readonly available: false; readonly why: string }>;
  /** The address that a person must open and that is printed for them: the URL itself, or under --sandbox its page on loopback. */
  address(url: string): Promise<string>;
  /**
   * Hands an https URL, or one of our own loopback URLs, to the browser as a single argument without a shell.
   * False when nothing could be opened; the caller has printed the URL all the same. Rejects with `provider_refused` only where
   * it is known what the page says, and that nobody will come back from it (--sandbox-consent auto).
   */
  open(url: string): Promise<boolean>;
}

export interface ListenRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  /** At most 64 KiB; longer bodies are answered 413 by the port. */
  readonly body: string;
}

export interface ListenResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Called once the answer has been handed to the socket in full (or the peer has gone). */
  readonly sent?: (() => void) | undefined;
  /**
   * `reset`: the socket is reset and nothing is sent. `truncate`, `stall`: a longer body is announced, and the socket ends
   * after this one, or is left open.
   */
  readonly fault?: 'reset' | 'truncate' | 'stall' | undefined;
}

export interface ListenOptions {
  /** `127.0.0.1`: that address. `localhost`: 127.0.0.1 and ::1 on one port, where a family that is missing may be left out. `::1`: that address. */
  readonly host: '127.0.0.1' | '::1' | 'localhost';
  /** 0 = any free port. */
  readonly port: number;
  readonly handle: (request: ListenRequest) => Promise<ListenResponse>;
}

export interface Listening {
  readonly port: number;
  /** Ends every socket, idle or busy, and resolves when all are gone. */
  close(): Promise<void>;
}

/** A loopback HTTP server with bounded headers, bodies, times and connections. Rejects with `port_unavailable` when the port is taken on either family. */
export type Listener = (options: ListenOptions) => Promise<Listening>;

export interface Prompter {
  /** Both ends are terminals and `--no-input` was not given. Every other method rejects with `needs_terminal` when false. */
  readonly interactive: boolean;
  text(question: { message: string; initial?: string; validate?: (value: string) => true | string }): Promise<string>;
  secret(question: { message: string; validate?: (value: string) => true | string }): Promise<Secret>;
  confirm(question: { message: string; initial: boolean }): Promise<boolean>;
  select<T extends string>(question: { message: string; choices: readonly { value: T; name: string }[] }): Promise<T>;
  /**
   * Reads one pasted line without echo, in raw mode with bracketed paste, up to 16 KiB, until the signal aborts
   * (then resolves undefined). For the callback URL during a loopback wait.
   */
  pastedLine(signal: AbortSignal): Promise<string | undefined>;
}

export interface Streams {
  /** The answer. Resolves when the text has been taken; a closed pipe (EPIPE) ends the program quietly. */
  out(text: string): Promise<void>;
  /** For people: progress, prompts, warnings. */
  err(text: string): void;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  readonly inIsTerminal: boolean;
  /** Columns of the terminal, 80 when unknown. */
  readonly columns: number;
  /** All of standard input, at most 1 MiB. */
  readInput(): Promise<string>;
}

export interface SpawnRequest {
  /** The program and its arguments, never through a shell. No secret belongs here: every user of the machine can read it. */
  readonly argv: readonly [string, ...string[]];
  /** Standard input, where secrets may travel. Without it the child has none. */
  readonly input?: string;
  /** Variables besides the ones it inherits. No secret belongs here. */
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** A child that ran to its end, or why it did not. `not_started`: no such program, or not one that can be run; `why` is Node's code. */
export type Spawned =
  | { readonly kind: 'ended'; readonly exit: number; readonly output: string }
  | { readonly kind: 'not_started'; readonly why: string }
  | { readonly kind: 'killed'; readonly signal: string }
  | { readonly kind: 'timed_out' }
  | { readonly kind: 'too_long' };

/**
 * Runs a program that the person named, at most 64 KiB of its standard output; its standard error is the person's. The child's
 * environment holds none of our secrets. Rejects with `cancelled` at an interruption; the child is killed then, as at the deadline.
 */
export type Spawner = (request: SpawnRequest) => Promise<Spawned>;

export type KeychainFailure =
  | 'locked'
  | 'timed_out'
  | 'unavailable'
  | 'not_responding'
  | 'no_default_collection'
  | 'ambiguous'
  | 'too_large'
  | 'failed';

export type KeychainAnswer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly why: KeychainFailure; readonly detail: string };

/** The operating system's keychain, one small text per item. A failure is never reported as "absent". */
export interface Keychain {
  /** "Secret Service", "Keychain", "Credential Manager": for people. */
  readonly name: string;
  /** Who else gets at an item, for people: "every program of your session, while it is unlocked". */
  readonly readers: string;
  /** Longest text of one item, in UTF-16 code units. */
  readonly largestItem: number;
  /** Undefined when the keychain answered that there is no such item. `onWaiting` is called once when the answer takes over a second. */
  get(account: string, onWaiting?: () => void): Promise<KeychainAnswer<Secret | undefined>>;
  /** A failed `set` may have been stored: the outcome is unknown, not "no". */
  set(account: string, value: Secret): Promise<KeychainAnswer<undefined>>;
  remove(account: string): Promise<KeychainAnswer<boolean>>;
}

export interface Env {
  /** Undefined when unset; an empty variable counts as unset. */
  get(name: string): string | undefined;
  readonly platform: 'linux' | 'darwin' | 'win32' | 'other';
  readonly homeFolder: string;
  readonly workingFolder: string;
}

export interface Signals {
  /**
   * SIGINT, SIGTERM, SIGHUP while `body` runs go to `onSignal` instead of ending the process. The first call is told `first: true`.
   * The usual handling returns when `body` has settled; a signal that came meanwhile then aborts `interrupted`.
   */
  during<T>(onSignal: (signal: string, first: boolean) => void, body: () => Promise<T>): Promise<T>;
  /** Aborts at the first interrupt outside `during`; the process then has until `main` returns to leave things whole. */
  readonly interrupted: AbortSignal;
  /** Ends the process now with that exit, flushing nothing. For the second signal during a deferred one. */
  exitNow(exit: number): never;
}

/** Who holds a lock: enough to tell later whether that very process still runs. */
export interface ProcessIdentity {
  /** Stable per machine. */
  readonly host: string;
  /** Changes at every boot; empty where unknown. */
  readonly boot: string;
  /** PID namespace; empty where there is none. */
  readonly space: string;
  readonly pid: number;
  /** Start time in the platform's own unit, so that a reused pid is told apart. */
  readonly start: string;
}

export interface Liveness {
  self(): Promise<ProcessIdentity>;
  /** `elsewhere`: on another host or in another pid namespace, where only a heartbeat can tell. */
  judge(identity: ProcessIdentity): Promise<'alive' | 'dead' | 'elsewhere'>;
}

export interface System {
  readonly clock: Clock;
  readonly random: Random;
  readonly fetch: Fetch;
  /** Another Fetch, by the settings of one call. */
  readonly fetchBy: (settings: FetchSettings) => Fetch;
  readonly userAgent: UserAgent;
  readonly listen: Listener;
  readonly prompter: Prompter;
  readonly streams: Streams;
  readonly files: Files;
  readonly keychain: Keychain;
  readonly env: Env;
  readonly signals: Signals;
  readonly liveness: Liveness;
  readonly spawn: Spawner;
}
