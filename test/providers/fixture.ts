// What a wire fixture holds; see README.md beside. read-fixture.ts makes it of the files.
import type { FlowName } from '../../src/model/connection.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';

export type Matcher =
  | string
  | number
  | boolean
  | null
  | { readonly matches: string }
  | { readonly not: string }
  | { readonly words: readonly string[] }
  | { readonly hasWords: readonly string[] }
  | { readonly between: readonly [number, number] };

type Members = Readonly<Record<string, Matcher>>;

export interface Receives {
  readonly method: string;
  readonly url: string;
  readonly headers?: Members;
  readonly query?: Members;
  readonly form?: Members;
  readonly json?: Members;
  /** Neither a body nor a content type. */
  readonly body?: 'none';
  readonly optional?: readonly string[] | '*';
  readonly auth?: 'post' | 'basic' | 'bearer' | 'none';
}

export interface Answers {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: Json;
  readonly body?: string;
  readonly idToken?: JsonObject;
  readonly forged?: true;
  readonly fails?: 'unreachable' | 'timed_out';
}

export interface Exchange {
  readonly receives: Receives;
  readonly answers?: Answers;
}

export interface NeverRule {
  readonly says: string;
  readonly url?: string;
  readonly methods?: readonly string[];
  readonly parameter?: string;
  readonly value?: string;
  readonly queryParameter?: string;
}

export interface Fact {
  readonly says: string;
  readonly at: string;
  readonly is: Matcher;
}

interface Given {
  readonly kind?: string;
  readonly tenant?: string;
  readonly scopes?: readonly string[] | 'default';
  readonly clientSecret?: string | null;
  readonly redirectUri?: string;
  readonly port?: number;
  readonly portsTaken?: readonly number[];
  readonly loginHint?: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly flow?: FlowName;
  /** What comes back: a raw query, what stands after "#", or a line that the person pastes. Null: nothing does. */
  readonly callback?: string | null;
  readonly fragment?: string;
  readonly printed?: true;
  readonly pasted?: string;
  /** Of a stored grant. */
  readonly role?: string;
  readonly refreshToken?: null;
  readonly accountId?: string;
  readonly probe?: string;
  /** What a person types or gives when an app is set. */
  readonly value?: string;
  readonly file?: Json;
  /** How old a stored grant is, in seconds. */
  readonly ageSeconds?: number;
  readonly idleSeconds?: number;
  readonly provedSeconds?: number;
  readonly grantSeconds?: number;
  readonly accessSeconds?: number | null;
  readonly error?: string;
  /** Other grants in the store. */
  readonly others?: readonly { readonly name: string; readonly clientId?: string; readonly accountId?: string }[];
}

/** Those with `wire`, then those that ask nobody. */
type Operation =
  | 'authorize'
  | 'callback'
  | 'fragment'
  | 'printed'
  | 'exchange'
  | 'refresh'
  | 'probe'
  | 'revoke'
  | 'prove'
  | 'device_start'
  | 'device_poll'
  | 'app'
  | 'client_id'
  | 'client_secret'
  | 'console_file'
  | 'guide'
  | 'grant_end'
  | 'fresh'
  | 'dead_grant'
  | 'group';

export interface Case {
  readonly name: string;
  readonly source: string | readonly string[];
  readonly operation: Operation;
  readonly given: Given;
  /** In order; one of the exchanges of each step happens. */
  readonly wire: readonly (readonly Exchange[])[];
  readonly outcome: JsonObject;
  readonly keys: { readonly url?: Matcher };
  readonly requests: Readonly<Record<string, Receives>>;
  readonly values: Readonly<Record<string, Json>>;
}

export interface Fixture {
  readonly id: string;
  /** The file that it shares with others; its own where it shares none. */
  readonly family: string;
  readonly read: string;
  readonly never: readonly NeverRule[];
  readonly facts: readonly Fact[];
  readonly scopeClasses: Readonly<Partial<Record<'plain' | 'sensitive' | 'restricted', readonly string[]>>>;
  readonly cases: readonly Case[];
}

/** A value of the case that is a text; empty when there is none. */
export function text({ values }: Pick<Case, 'values'>, name: string): string {
  return asText(values[name]);
}

/** For messages and placeholders: a text as it is, anything else as JSON. */
export function asText(json: Json | undefined): string {
  return json === undefined ? '' : typeof json === 'string' ? json : JSON.stringify(json);
}
