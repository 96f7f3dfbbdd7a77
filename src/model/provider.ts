// A service as an OAuth peer, as data. The defaults are the RFCs; a provider states its differences only.
// Pure JSON: no function, no regular expression from outside. Shipped providers and added ones share this shape.

/** What an answer from the provider means for the grant and for the person. */
export type Meaning =
  | 'grant_dead'
  | 'person_needed'
  | 'admin_needed'
  | 'app_fault'
  | 'scope_missing'
  | 'rate_limited'
  | 'api_disabled'
  | 'already_dead'
  | 'transient';

/** Where an answer came from. */
export type AnswerPlace = 'token' | 'probe' | 'revoke' | 'device';

/** One row of the answer table; the first row that fits wins. All stated conditions must hold. */
export interface AnswerRule {
  readonly on: readonly AnswerPlace[];
  readonly status?: number;
  readonly header?: { readonly name: string; readonly equals: string };
  /** A JSON pointer (RFC 6901) into the JSON body. */
  readonly at?: string;
  readonly equals?: string | number | boolean;
  readonly means: Meaning;
  /** What a person reads: the cause. */
  readonly words: string;
}

export type ClientAuth = 'basic' | 'basic-raw' | 'post' | 'none';
type SecretRule = 'never' | 'optional' | 'always';

export interface RedirectRule {
  /** Host spellings in order of preference. */
  readonly hosts: readonly ('127.0.0.1' | 'localhost')[];
  /** `any`: the provider ignores the port. `registered`: only these ports, in order. */
  readonly ports: 'any' | readonly number[];
  readonly path: string;
  /** Whether the person must paste the URI into the provider's console. */
  readonly register: 'uri' | 'origin' | 'none';
}

export interface ScopeFacts {
  readonly says: string;
  readonly class?: 'plain' | 'sensitive' | 'restricted';
  readonly impliedBy?: readonly string[];
  readonly notEchoed?: boolean;
}

export interface ScopeRules {
  readonly default: readonly string[];
  readonly known: Readonly<Record<string, ScopeFacts>>;
  readonly separator: { readonly ask: ' ' | ','; readonly answer: ' ' | ',' };
  /** How the provider spells back what was asked: asked name → answered name. */
  readonly rename: Readonly<Record<string, string>>;
  readonly caseless: boolean;
  /** Prefixes that an answer may carry or leave off. */
  readonly stripPrefixes: readonly string[];
}

export interface Probe {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  /** How the token is sent: in the Authorization header, or as this form field. */
  readonly token: 'header' | { readonly field: string };
  readonly headers: Readonly<Record<string, string>>;
  /** The probe is usable when one of these is granted; empty means always. */
  readonly needsAnyScope: readonly string[];
  /** JSON pointers into the answer; the first that is there is used. `clientIdAt`: which client the token was minted for. */
  readonly accountIdAt: readonly string[];
  readonly accountNameAt: readonly string[];
  readonly clientIdAt: readonly string[];
  readonly scopeAt: readonly string[];
  /** RFC 7662 answers 200 with `active: false` for a dead token. */
  readonly activeAt?: string;
  /** The client authenticates (introspection). */
  readonly clientAuth: boolean;
}

export interface Revocation {
  readonly kind: 'rfc7009' | 'none';
  /** Which tokens are sent, in this order; the first one present is enough when `kills` reaches further than the token. */
  readonly steps: readonly ('refresh' | 'access')[];
  readonly clientAuth: boolean;
  /** What dies: that token, the whole grant, or every grant of one group (`group` names it for people). */
  readonly kills: 'token' | 'grant' | 'group';
  readonly group: {
    readonly id: string;
    readonly says: string;
    /** Client ids of one group share what stands before this; without it, the whole client id. */
    readonly clientIdUntil?: string;
  } | null;
  /** How the end is proved. */
  readonly proof: 'probe' | 'introspect' | 'none';
  /** Where a person can finish by hand. */
  readonly finishAt: string | null;
}

export interface DeviceRule {
  /** Kind of app that the device flow wants, null when any. */
  readonly kind: string | null;
  /** Scopes that may be asked by device; null when all may. */
  readonly scopes: readonly string[] | null;
  /** Member that carries the address to visit. */
  readonly uriAt: string;
  readonly secretAtPoll: boolean;
  readonly pending: readonly string[];
  readonly slowDown: readonly string[];
  readonly declined: readonly string[];
  readonly expired: readonly string[];
}

export interface Lifetimes {
  /** Access-token life when the answer carries no `expires_in`; null: such a token has no known end. */
  readonly accessSeconds: number | null;
  /** A token without a known end is believed this long after the provider last accepted it. */
  readonly trustSeconds: number;
  /** The grant ends when it was not used for so long. */
  readonly refreshIdleSeconds: number | null;
  /** The grant ends so long after consent. */
  readonly refreshAbsoluteSeconds: number | null;
  /** A refresh token issued for no longer than `seconds` means this. */
  readonly shortGrant: { readonly seconds: number; readonly says: string } | null;
}

/** What a provider never says itself: causes of a dead grant, likeliest first when its condition holds. */
export interface DeadGrantCause {
  readonly when:
    | { readonly is: 'short_grant_over' }
    | { readonly is: 'idle_over' }
    | { readonly is: 'has_scope'; readonly scopes: readonly string[] }
    | { readonly is: 'always' };
  readonly words: string;
}

export interface AccountRule {
  /** Claims of the id_token that identify the account, joined with ":"; never an e-mail address. */
  readonly idClaims: readonly string[];
  /** Claims for people, the first present wins. */
  readonly nameClaims: readonly string[];
}

export interface Constraint {
  readonly flow?: 'device' | 'loopback' | 'paste';
  readonly kind?: string;
  readonly anyScope?: readonly string[];
  readonly words: string;
  readonly hint: string;
}

export interface KindRule {
  readonly id: string;
  readonly name: string;
  readonly flows: readonly ('loopback' | 'paste' | 'device')[];
  readonly secret: SecretRule;
  readonly secretIsPublic: boolean;
  /** The redirect URI must be the person's own https address. */
  readonly ownRedirect: boolean;
}

/** The JSON that a provider's console downloads for a registered client. Only id and secret are ever taken from it. */
export interface ConsoleFile {
  /** JSON pointers to where a client sits, and the kind that it then is; the first that is there is used. */
  readonly clients: readonly { readonly at: string; readonly kind: string }[];
  /** Other files that people try: a JSON pointer that tells them, and what to say. */
  readonly lookalikes: readonly { readonly at: string; readonly equals?: string; readonly words: string }[];
}

export interface GuideStep {
  readonly text: string;
  readonly url?: string;
}

export interface Endpoints {
  readonly authorization: string;
  readonly token: string;
  readonly revocation: string | null;
  readonly introspection: string | null;
  readonly userinfo: string | null;
  readonly deviceAuthorization: string | null;
  readonly jwks: string | null;
}

export interface Provider {
  readonly id: string;
  readonly name: string;
  readonly docsUrl: string | null;
  readonly issuer: string;
  /** Other spellings of the issuer that an id_token may carry; a callback's `iss` is held to `issuer` alone. */
  readonly issuerAliases?: readonly string[];
  readonly endpoints: Endpoints;
  /** The first is the default. */
  readonly kinds: readonly KindRule[];
  readonly clientAuth: ClientAuth;
  readonly redirect: RedirectRule;
  readonly pkce: 'required' | 'supported' | 'unsupported';
  /** RFC 9207. `required`: a callback without `iss` is refused. `if_present`: a wrong one is refused. */
  readonly iss: 'required' | 'if_present' | 'never';
  readonly authorizeParams: Readonly<Record<string, string>>;
  readonly scopes: ScopeRules;
  readonly lifetimes: Lifetimes;
  readonly rotation: 'always' | 'never' | 'unknown';
  readonly answers: readonly AnswerRule[];
  readonly deadGrantCauses: readonly DeadGrantCause[];
  readonly account: AccountRule;
  /** The first that the granted scopes allow is asked. */
  readonly probes: readonly Probe[];
  /** Asked after a probe has accepted the token, where the scopes allow: shows that the product's API is switched on. */
  readonly apiProbe?: Probe;
  readonly revocation: Revocation;
  readonly device: DeviceRule | null;
  readonly constraints: readonly Constraint[];
  /** Likely causes when the browser never comes back, likeliest first. */
  readonly silentFailures: readonly string[];
  /** Exact https origins of the provider's API. */
  readonly apiOrigins: readonly string[];
  /** Shapes checked when an app is set. */
  readonly clientIdShape: { readonly endsWith: string; readonly example: string } | null;
  /** What the provider's client secrets may begin with: tells a secret that was pasted as the id. */
  readonly clientSecretPrefixes?: readonly string[];
  readonly consoleFile?: ConsoleFile;
  readonly guide: readonly GuideStep[];
  /** How many probes may run at once against this provider's host. */
  readonly probesAtOnce: number;
}

/** A provider and where it came from. */
export interface ProviderEntry {
  readonly provider: Provider;
  readonly source: 'shipped' | 'added';
}
