// Calls at a provider that are no OAuth endpoints, or not as the RFCs have them: probes, and revocation.

export interface Probe {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  /** How the token is sent: in the Authorization header, or as this form field. */
  readonly token: 'header' | { readonly field: string };
  readonly headers: Readonly<Record<string, string>>;
  /** `none`: a POST without body and content type. */
  readonly body?: 'none';
  /** The probe is usable when one of these is granted; empty means always. */
  readonly needsAnyScope: readonly string[];
  /**
   * JSON pointers into the answer, or templates of them (`{/team_id}:{/user_id}`), which fit only whole; the first that fits is used.
   * `clientIdAt`: which client the token was minted for.
   */
  readonly accountIdAt: readonly string[];
  readonly accountNameAt: readonly string[];
  readonly clientIdAt: readonly string[];
  readonly scopeAt: readonly string[];
  /** Header that lists the token's scopes, separated as in token answers. */
  readonly scopesHeader?: string;
  /** JSON pointer to the RFC 3339 instant at which the token ends; null there: never. */
  readonly expiresAt?: string;
  /** RFC 7662 answers 200 with `active: false` for a dead token. */
  readonly activeAt?: string;
  /** The client authenticates (introspection). */
  readonly clientAuth: boolean;
}

/** One call that is no OAuth endpoint. Everything in it may be a template. */
export interface RestCall {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  /** `token`: the meant token as Bearer. `api`: as the provider's API wants it. `client`: as at the token endpoint. `basic`: id and secret, whatever the token endpoint wants. */
  readonly auth: 'token' | 'api' | 'client' | 'basic' | 'none';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body:
    | 'none'
    | { readonly form: Readonly<Record<string, string>> }
    | { readonly json: Readonly<Record<string, string>> };
}

export interface Revocation {
  /** `rest`: by `call`. */
  readonly kind: 'rfc7009' | 'rest' | 'none';
  readonly call?: RestCall;
  /** Which tokens are sent, in this order; the first one present is enough when `kills` reaches further than the token. */
  readonly steps: readonly ('refresh' | 'access')[];
  readonly clientAuth: boolean;
  /** Nothing can be revoked by an app that has no secret. */
  readonly needsSecret?: true;
  /** Nobody documents that it works: a failure is no error, and the person is sent to `finishAt`. */
  readonly bestEffort?: true;
  /** What dies: that token, the whole grant, or every grant of one group (`group` names it for people). */
  readonly kills: 'token' | 'grant' | 'group';
  readonly group: {
    readonly id: string;
    readonly says: string;
    /** Client ids of one group share what stands before this; without it, the whole client id. */
    readonly clientIdUntil?: string;
    /** Only a grant without refresh token ends the others too; `kills` says what else holds. */
    readonly withoutRefresh?: true;
  } | null;
  /** How the end is proved. */
  readonly proof: 'probe' | 'introspect' | 'check' | 'none';
  /** `check`: asked with the dead token. A dead one is answered with `deadStatus`. */
  readonly check?: { readonly call: RestCall; readonly deadStatus: number };
  /** Where a person can finish by hand; a template. */
  readonly finishAt: string | null;
  /** Other places for accounts whose id begins so. */
  readonly finishAtFor?: readonly { readonly accountIdStarts: string; readonly url: string }[];
  /** What is left standing after a revocation that worked, for people. */
  readonly leaves?: string;
}
