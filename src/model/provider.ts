// A service as an OAuth peer, as data. The defaults are the RFCs; a provider states its differences only.
// Pure JSON: no function, no regular expression from outside. Shipped providers and added ones share this shape.
// Templates know `{client_id}`, `{access_token}`, `{token}` (the one that is meant), `{scope}`, `{tenant}` and `{/json/pointer}`.
import type { AnswerRule, DeadGrantCause, ReasonCodes } from './provider-answers.ts';
import type { ConsoleFile, KindRule, Lookalike, TenantRule, ValueShape } from './provider-app.ts';
import type { Probe, Revocation } from './provider-calls.ts';

export type { AnswerPlace, AnswerRule, DeadGrantCause, Meaning, ReasonCodes } from './provider-answers.ts';
export type {
  ConsoleFile,
  KindDifferences,
  KindRule,
  Lookalike,
  TenantRule,
  ValueForm,
  ValueShape,
} from './provider-app.ts';
export type { Probe, RestCall, Revocation } from './provider-calls.ts';

export type ClientAuth = 'basic' | 'basic-raw' | 'post' | 'none';

export interface RedirectRule {
  /** Host spellings in order of preference. */
  readonly hosts: readonly ('127.0.0.1' | 'localhost')[];
  /** No other spelling can be registered. */
  readonly onlyHosts?: true;
  /** `any`: the provider ignores the port. `registered`: the house's own list (redirect-ports.ts). Numbers: only these, in order. */
  readonly ports: 'any' | 'registered' | readonly number[];
  readonly path: string;
  /** Whether the person must paste the URI into the provider's console. */
  readonly register: 'uri' | 'origin' | 'none';
  /** What binds the answer to the attempt: RFC 6749's `state`, or an unguessable last segment of the path where there is none. */
  readonly stateIn?: 'path';
}

/** Signing in without a redirect: the provider's page prints what the person then pastes. */
export interface PrintedRule {
  /** `omit`: no redirect_uri is sent. Otherwise the URI that asks for it. */
  readonly redirect: 'omit' | 'urn:ietf:wg:oauth:2.0:oob';
  readonly prints: 'code' | 'token';
  /** Parameters of the authorization request that speak of a redirect. */
  readonly leavesOut?: readonly string[];
}

export interface ScopeFacts {
  readonly says: string;
  readonly class?: 'plain' | 'sensitive' | 'restricted';
  /** Who can consent, where not everybody can: an administrator only, or users of few organisations by default. */
  readonly consent?: 'admin' | 'blocked-by-default';
  readonly impliedBy?: readonly string[];
  readonly notEchoed?: boolean;
}

export interface ScopeRules {
  readonly default: readonly string[];
  /** Asked for whatever else is asked. */
  readonly always?: readonly string[];
  readonly known: Readonly<Record<string, ScopeFacts>>;
  readonly separator: { readonly ask: ' ' | ','; readonly answer: ' ' | ',' };
  /** An answer with an empty `scope` grants none; without this it is taken for one that says nothing. */
  readonly emptyMeansNone?: true;
  /** How the provider spells back what was asked: asked name → answered name. */
  readonly rename: Readonly<Record<string, string>>;
  readonly caseless: boolean;
  /** Prefixes that an answer may carry or leave off. */
  readonly stripPrefixes: readonly string[];
}

export interface DeviceRule {
  /** Kind of app that the device flow wants, null when any. */
  readonly kind: string | null;
  /** Scopes that may be asked by device; null when all may. */
  readonly scopes: readonly string[] | null;
  /** Member that carries the address to visit. */
  readonly uriAt: string;
  readonly secretAtPoll: boolean;
  /** A grant that came by device is refreshed without the secret. */
  readonly secretAtRefresh?: false;
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
  /** A grant without refresh token and without a known end dies when it was not used for so long. */
  readonly accessIdleSeconds?: number;
  /** A refresh token issued for no longer than `seconds` means this. */
  readonly shortGrant: { readonly seconds: number; readonly says: string } | null;
}

export interface AccountRule {
  /** Claims of the id_token that identify the account, joined with ":"; never an e-mail address. */
  readonly idClaims: readonly string[];
  /** Claims for people, the first present wins. */
  readonly nameClaims: readonly string[];
  /** In the answer of the code's exchange, where it tells: pointers or templates, the first that fits. */
  readonly idAt?: readonly string[];
  readonly nameAt?: readonly string[];
}

/** One of several tokens of a grant. */
export interface TokenRole {
  readonly id: string;
  /** Parameter of the authorization request that asks for its scopes. */
  readonly scopeParam: string;
  /** What stands before its scopes where people read and write them; empty for the primary role. */
  readonly scopePrefix: string;
  /** JSON pointer to where the exchange's answer has its token, type and scopes: empty is the top. */
  readonly at: string;
  /** `token_type` of its token, in the exchange and in the refresh, whose answer has it at the top. */
  readonly tokenType: string;
  /** Whether the account that a probe tells is the one who consented. */
  readonly namesAccount: boolean;
}

export interface Constraint {
  readonly flow?: 'device' | 'loopback' | 'paste' | 'fragment';
  readonly kind?: string;
  readonly anyScope?: readonly string[];
  /** Any scope of this role. */
  readonly scopeOfRole?: string;
  /** Holds only when other scopes than `anyScope` and these are asked for too. */
  readonly besidesOtherThan?: readonly string[];
  /** Where the browser is sent back to. */
  readonly redirect?: 'loopback' | 'own';
  readonly secret?: 'present' | 'absent';
  readonly words: string;
  readonly hint: string;
}

export interface GuideStep {
  readonly text: string;
  readonly url?: string;
}

export interface Endpoints {
  readonly authorization: string;
  /** Null: the authorization endpoint itself gives the token. */
  readonly token: string | null;
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
  /** How the token endpoint wants its body; a form when left out. */
  readonly tokenBody?: 'json';
  /** Sent with every request to token, introspection and revocation endpoints. */
  readonly tokenHeaders?: Readonly<Record<string, string>>;
  /** The Authorization header of API calls, as a template; `Bearer {access_token}` when left out. */
  readonly apiAuth?: string;
  readonly tenant?: TenantRule;
  readonly redirect: RedirectRule;
  readonly pkce: 'required' | 'supported' | 'unsupported';
  /** RFC 9207. `required`: a callback without `iss` is refused. `if_present`: a wrong one is refused. */
  readonly iss: 'required' | 'if_present' | 'never';
  /** How the provider calls RFC 6749's parameters of the authorization request. */
  readonly paramNames?: Readonly<Record<string, string>>;
  readonly authorizeParams: Readonly<Record<string, string>>;
  /** Values that an extra parameter may have. */
  readonly paramChoices?: Readonly<Record<string, readonly string[]>>;
  /** Sent with every refresh; templates. */
  readonly refreshParams?: Readonly<Record<string, string>>;
  /** What the paste flow uses where the provider can print the code or token. */
  readonly printed?: PrintedRule;
  readonly scopes: ScopeRules;
  /** The tokens of one grant, the primary first; one role `access` when left out. */
  readonly roles?: readonly TokenRole[];
  readonly lifetimes: Lifetimes;
  readonly rotation: 'always' | 'never' | 'unknown';
  /** The access token of before ends with a refresh. */
  readonly oldAccessDies?: true;
  /** The refresh token of before stays good beside the new one: a refresh whose answer was lost has cost nothing. */
  readonly oldRefreshLives?: true;
  readonly answers: readonly AnswerRule[];
  readonly reasonCodes?: ReasonCodes;
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
  /** What a person's no is called at the callback beside `access_denied` (RFC 6749 §4.1.2.1). */
  readonly alsoDeclined?: readonly string[];
  /** Exact https origins of the provider's API. */
  readonly apiOrigins: readonly string[];
  /** Shapes checked when an app is set. */
  readonly clientIdShape: ValueShape | null;
  readonly lookalikes?: readonly Lookalike[];
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
