// What this room is given of the world.
import type { Clock, Fetch, Listener, Prompter, Random, UserAgent } from '../model/ports.ts';

export interface OAuthPorts {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly random: Random;
  /** Longest wait for one answer, milliseconds. */
  readonly waitMs: number;
  /** One line per network exchange; it never carries a secret. */
  readonly trace: (line: string) => void;
}

export interface FlowPorts extends OAuthPorts {
  readonly listen: Listener;
  readonly userAgent: UserAgent;
  readonly prompter: Prompter;
  /** What the person must act on: an address to open, a code to type. */
  readonly tell: (line: string) => void;
  readonly say: (line: string) => void;
  readonly interrupted: AbortSignal;
  /** Runs the exchange and the save as one: a cut in between leaves a grant that nobody holds. */
  guarded<T>(body: () => Promise<T>): Promise<T>;
}
