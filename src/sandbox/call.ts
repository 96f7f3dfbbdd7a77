// One request on its way through the sandbox, and what a provider family must bring to be served.
import type { Random } from '../model/ports.ts';
import type { Params } from './params.ts';
import type { Consent, SeededApp } from './sandbox.ts';
import type { SandboxState } from './state.ts';
import type { SwitchName } from './switch-table.ts';
import type { SwitchDefinition } from './switches.ts';

export interface Call {
  readonly method: string;
  readonly url: URL;
  readonly query: Params;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
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
  /** Notes what a correct client would not have sent. */
  violation(code: string, says: string): void;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly says?: string;
}

export interface Route {
  readonly methods: readonly string[];
  readonly path: string;
  /** Names the endpoint in switches and in the violation log. */
  readonly place: string;
  readonly audience: 'program' | 'browser';
  handle(call: Call): Reply;
}

/** Everything that one provider family is: a folder of the sandbox. */
export interface ProviderFamily {
  readonly hosts: Readonly<Record<string, readonly Route[]>>;
  readonly switches: readonly SwitchDefinition[];
  /** By provider id. */
  readonly apps: Readonly<Record<string, SeededApp>>;
  /** Runs before each of its routes: what time and switched acts do to the state. */
  before(call: Call): void;
}
