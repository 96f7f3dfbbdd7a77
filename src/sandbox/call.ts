// One request on its way through the sandbox, and what a provider family must bring to be served.
import type { Random } from '../model/ports.ts';
import type { Params } from './params.ts';
import type { Segments } from './routes.ts';
import type { Consent, SeededApp } from './sandbox.ts';
import type { SandboxState } from './state.ts';
import type { SwitchName } from './switch-table.ts';

export interface Call {
  readonly method: string;
  readonly url: URL;
  readonly query: Params;
  /** What stands where the route's path has `:name`. It may be a secret. */
  readonly segments: Segments;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Whose part of the state this call works on. */
  readonly family: string;
  readonly place: string;
  /** By the sandbox's own clock. */
  readonly at: number;
  readonly consent: Consent;
  /** Changed in place; written when the call is over. */
  readonly state: SandboxState;
  readonly random: Random;
  /** Where a browser finds one of the sandbox's pages. */
  pageUrl(host: string, path: string): string;
  /** The value of a switch that is on here. Reading it uses it up. */
  switched(name: SwitchName): string | undefined;
  /** The same without using it up: for a look before it is sure that it strikes. */
  peek(name: SwitchName): string | undefined;
  /** Notes what a correct client would not have sent. `says` never holds a token, code, verifier or secret. */
  violation(code: string, says: string): void;
  /** Runs when the answer breaks off or comes too late: what a client could not learn is not its slip. */
  ifLost(act: () => void): void;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly says?: string;
}

export interface Route {
  readonly methods: readonly string[];
  /** `:name` stands for one segment: `/1/tokens/:token`. A path without names goes before one with. */
  readonly path: string;
  /** Names the endpoint in switches and in the violation log. */
  readonly place: string;
  readonly audience: 'program' | 'browser';
  handle(call: Call): Reply;
}

/** A server that refuses for want of room: 429, or a 5xx. */
export interface Overload {
  readonly status: number;
  readonly seconds: number;
  /** Retry-After, written as the switch `retry-after` says; empty where it is missing. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Everything that one provider family is: a folder of the sandbox. */
export interface ProviderFamily {
  readonly name: string;
  readonly hosts: Readonly<Record<string, readonly Route[]>>;
  /** By provider id. */
  readonly apps: Readonly<Record<string, SeededApp>>;
  /** Runs before each of its routes: what time and switched acts do to the state. */
  before(call: Call): void;
  /** How it refuses under load, where that has a shape of its own. */
  overloaded?(call: Call, overload: Overload): Reply;
}
