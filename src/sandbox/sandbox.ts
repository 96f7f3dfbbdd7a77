// What the sandbox looks like from outside: requests, answers, and the handle that the serving layers hold.
import type { Clock, Files, ProcessIdentity, Random } from '../model/ports.ts';
import type { Secret } from '../model/secret.ts';

/** `browser`: a person answers on the consent page. `auto`: the sandbox answers at once, as the seeded account. */
export type Consent = 'browser' | 'auto';

export interface SandboxRequest {
  readonly method: string;
  /** The real address: `https://accounts.google.com/…`. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /**
   * What stands before `/HOST/path` in the links and forms of pages. Left out: `https:/`, the real addresses;
   * a server that is mounted at the root of its origin gives the empty text.
   */
  readonly pageBase?: string | undefined;
  /** How long the caller waits for the answer; left out: for good. */
  readonly patienceMs?: number | undefined;
  /** Left out: as the sandbox was created. */
  readonly consent?: Consent | undefined;
}

export interface SandboxResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The serving layer holds the answer back for so long. What was asked has been acted on all the same. */
  readonly delayMs: number;
  /**
   * `refused`, `no-name`: there is no connection. `reset`: it ends instead of an answer. `truncate`: it ends after this body,
   * which is not the whole one. `stall`: it stays open after this body, and nothing more comes.
   */
  readonly fault?: 'refused' | 'no-name' | 'reset' | 'truncate' | 'stall' | undefined;
  /** A page in one line, for those who have no browser. */
  readonly says?: string | undefined;
}

/** Something that a correct client would never have sent. */
export interface Violation {
  readonly at: number;
  /** `token`, `authorize`, …: which endpoint was asked. */
  readonly place: string;
  readonly code: string;
  /** For people; never a token, code, verifier or secret. */
  readonly says: string;
}

interface SeededClient {
  readonly clientId: string;
  /** A public client has none. */
  readonly clientSecret: Secret | undefined;
  /** Registered at the provider; empty where nothing has to be. */
  readonly redirectUris: readonly string[];
}

export interface SeededApp {
  readonly clientId: string;
  readonly clientSecret: Secret | undefined;
  readonly account: { readonly id: string; readonly name: string };
  /** Every kind of app that is registered, by the kind's name; the one above is the first. */
  readonly clients: Readonly<Record<string, SeededClient>>;
}

export interface SandboxReport {
  /** What is switched, in the spelling that sets it. */
  readonly switches: readonly string[];
  readonly violations: readonly Violation[];
}

export interface SandboxDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly files: Files;
  readonly stateFile: string;
  /** Held around every change of the state file. */
  lock<T>(body: () => Promise<T>): Promise<T>;
  readonly consent?: Consent | undefined;
}

export interface Sandbox {
  /** The clock that serving layers use to hold an answer back. */
  readonly clock: Clock;
  answer(request: SandboxRequest): Promise<SandboxResponse>;
  /** Whether a browser, and not a program, is meant to visit this address. */
  isPage(url: string): boolean;
  /** What is registered, by provider id. */
  seed(): Promise<{ readonly providers: Readonly<Record<string, SeededApp>> }>;
  violations(): Promise<readonly Violation[]>;
  /**
   * One act a line: `NAME[=VALUE][@PLACE|@PROVIDER|@PROVIDER.PLACE][*TIMES]` sets a switch, `NAME=off` ends it, `reset` ends all,
   * `forget-violations` empties the log. Answers with what holds then. An unknown name or value is `invalid_value`, and nothing is changed.
   * `endsWith`: the server that these switches last as long as.
   */
  control(lines: readonly string[], endsWith?: ProcessIdentity): Promise<SandboxReport>;
  /** Ends the switches of servers that are over. */
  endWith(isOver: (server: ProcessIdentity) => Promise<boolean>): Promise<void>;
}
