// What a sign-in is asked for, and what it hands on; the same for every flow.
import type { PageWords } from '../callback-page.ts';
import type { Grant } from '../grant.ts';
import type { Peer } from '../peer.ts';

/** Where the provider sends the browser back to. */
export type Redirect =
  | {
      readonly at: 'loopback';
      readonly host: '127.0.0.1' | '::1' | 'localhost';
      /** In order of preference. */
      readonly ports: 'any' | readonly number[];
      /** May be empty: sent so, and the browser comes back at "/". */
      readonly path: string;
    }
  | { readonly at: 'own'; readonly uri: string }
  /** Nowhere: the provider's page prints what is then pasted. `uri` asks for that; null: no redirect URI is sent. */
  | { readonly at: 'printed'; readonly uri: string | null };

export type LoopbackRedirect = Extract<Redirect, { readonly at: 'loopback' }>;

export interface SignInRequest {
  readonly peer: Peer;
  readonly scopes: readonly string[];
  readonly loginHint?: string | undefined;
  /** More parameters for the authorization request. */
  readonly extraParams: Readonly<Record<string, string>>;
  /** How long the person may take. */
  readonly waitSeconds: number;
  readonly openBrowser: boolean;
}

export interface RedirectRequest<R extends Redirect = Redirect> extends SignInRequest {
  readonly redirect: R;
}

interface FlowTiming {
  /** From the address being shown until the person came back. */
  readonly humanMs: number;
}

export interface Completed<T> {
  readonly value: T;
  readonly page: PageWords;
}

/** Saves the grant; the page in the browser says `page` only after that. */
export type Complete<T> = (grant: Grant, timing: FlowTiming) => Promise<Completed<T>>;
