// The world as the program sees it. `src/system` implements these for real, tests implement them in memory;
// nothing else touches processes, files, sockets, clocks or terminals.
import type { Secret } from './secret.ts';

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
export type Fetch = (request: WireRequest) => Promise<WireResponse>;

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

export interface FileFacts {
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  /** Permission bits, or null where the platform has none (Windows). */
  readonly mode: number | null;
  /** Null where the platform has none. */
  readonly ownerIsUs: boolean | null;
  readonly size: number;
  readonly modifiedAt: number;
}

/**
 * Files. Paths are absolute. Every error is a FileError, so that callers choose by kind and never by message.
 * `…Own` methods are for our own tree: they do not follow links, and check owner and mode on the open handle.
 */
export interface Files {
  /** Undefined when there is no such file. Mends group or world access (`onMended` is told); a foreign owner is `foreign_owner`. At most 1 MiB. */
  readOwn(path: string): Promise<string | undefined>;
  /** Temporary name in the same folder, 0600, fsync, rename, fsync of the folder: the old content or the new, never a mixture. */
  replaceOwn(path: string, content: string): Promise<void>;
  /** Appears whole with this content, 0600, or not at all. False when the name is taken. */
  createOwn(path: string, content: string): Promise<boolean>;
  /** One write at the end of the file (0600, created when missing), then fdatasync. */
  appendOwn(path: string, line: string): Promise<void>;
  /**
   * The last bytes of the file, at most so many, and the size of the whole. Checked like `readOwn`, but the file may be of
   * any size. Undefined when there is no such file.
   */
  tailOwn(path: string, bytes: number): Promise<{ readonly bytes: Uint8Array; readonly size: number } | undefined>;
  /** Cuts the file down to that many bytes, then fsync. */
  truncateOwn(path: string, size: number): Promise<void>;
  /** Makes the folder and its parents, 0700 for those it makes. */
  ensureFolder(path: string): Promise<void>;
  /**
   * Names in a folder of our own tree, sorted; undefined when there is none. Closes it to others (`onMended` is told); a
   * foreign owner is `foreign_owner`.
   */
  list(path: string): Promise<string[] | undefined>;
  /** Names in any folder that the user named, which is left as it is. */
  listNamed(path: string): Promise<string[] | undefined>;
  facts(path: string): Promise<FileFacts | undefined>;
  /** True when something was removed. Never a folder. */
  remove(path: string): Promise<boolean>;
  removeFolder(path: string): Promise<boolean>;
  rename(from: string, to: string): Promise<void>;
  /** A file that the user named: links and group access are fine, `worldReadable` is reported. At most 1 MiB. Undefined when absent. */
  readNamed(path: string): Promise<{ readonly text: string; readonly worldReadable: boolean } | undefined>;
  /** Joins with the platform's separator. */
  join(...parts: string[]): string;
  /** Makes a path that the user typed absolute, against the working directory. */
  resolve(path: string): string;
}

export type FileErrorKind =
  | 'denied'
  | 'read_only'
  | 'full'
  | 'foreign_owner'
  | 'link'
  | 'too_large'
  | 'not_text'
  | 'other';

/** Thrown by Files; `kind` and `path` are what callers build their words from. */
export interface FileError extends Error {
  readonly fileError: FileErrorKind;
  readonly path: string;
}

export function isFileError(error: unknown): error is FileError {
  return error instanceof Error && 'fileError' in error;
}

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
  readonly userAgent: UserAgent;
  readonly listen: Listener;
  readonly prompter: Prompter;
  readonly streams: Streams;
  readonly files: Files;
  readonly keychain: Keychain;
  readonly env: Env;
  readonly signals: Signals;
  readonly liveness: Liveness;
}
