// What `oauthctl/sandbox` offers to Node programs. test/sandbox/start-sandbox.test.ts holds the program to it.

export interface SandboxOptions {
  /** Which services to serve, such as `['slack', 'github']`; all when left out. */
  readonly providers?: readonly string[];
  /** Loopback port; any free one when left out. */
  readonly port?: number;
  /** `auto` (the default): consent pages answer by themselves. `browser`: a person answers. */
  readonly consent?: 'browser' | 'auto';
  /** Faults from the start, one a line as docs/sandbox.md lists them: `http-429=5@slack.token*2`. */
  readonly faults?: readonly string[];
  /** The sandbox's clock, milliseconds since 1970. */
  readonly now?: () => number;
}

export interface SandboxClient {
  readonly clientId: string;
  /** Null for a public client. */
  readonly clientSecret: string | null;
  /** Registered; empty where nothing has to be. */
  readonly redirectUris: readonly string[];
}

export interface RunningSandbox {
  /** `http://127.0.0.1:PORT`. A real address `https://HOST/PATH` is at `ORIGIN/HOST/PATH`. */
  readonly origin: string;
  /** By service: who consents, and the registered clients by kind; the first is the usual one. */
  readonly apps: Readonly<
    Record<
      string,
      {
        readonly account: { readonly id: string; readonly name: string };
        readonly clients: Readonly<Record<string, SandboxClient>>;
      }
    >
  >;
  /** For other processes: POST fault lines with `Authorization: Bearer TOKEN`. */
  readonly control: { readonly url: string; readonly token: string };
  /** Where a real address is served. */
  address(realUrl: string): string;
  /** Switches faults, and answers with all that are on. `reset` ends all, `forget-violations` empties the log. Rejects for unknown ones. */
  switch(...lines: string[]): Promise<readonly string[]>;
  /** What a correct client would not have sent. */
  violations(): Promise<
    readonly { readonly at: number; readonly place: string; readonly code: string; readonly says: string }[]
  >;
  close(): Promise<void>;
}

/** Rejects with an Error whose `code` is `invalid_value` for unknown services and faults, `port_unavailable` for a taken port. */
export function startSandbox(options?: SandboxOptions): Promise<RunningSandbox>;
