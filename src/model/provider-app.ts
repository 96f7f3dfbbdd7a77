// What a provider knows of apps: their kinds, their tenants, and what their ids and secrets look like.
import type { Provider } from './provider.ts';

type SecretRule = 'never' | 'optional' | 'always';

/** A kind of app, and what is different for it: each member there takes the place of the provider's own. */
export interface KindRule {
  readonly id: string;
  readonly name: string;
  readonly flows: readonly ('loopback' | 'paste' | 'device' | 'fragment')[];
  readonly secret: SecretRule;
  readonly secretIsPublic: boolean;
  /** The redirect URI must be the person's own https address. */
  readonly ownRedirect: boolean;
  readonly differs?: KindDifferences;
}

export type KindDifferences = Partial<
  Pick<
    Provider,
    | 'issuer'
    | 'endpoints'
    | 'clientAuth'
    | 'redirect'
    | 'pkce'
    | 'iss'
    | 'paramNames'
    | 'authorizeParams'
    | 'paramChoices'
    | 'printed'
    | 'scopes'
    | 'lifetimes'
    | 'rotation'
    | 'apiAuth'
    | 'account'
    | 'probes'
    | 'apiProbe'
    | 'revocation'
    | 'device'
    | 'silentFailures'
    | 'clientIdShape'
    | 'lookalikes'
    | 'guide'
  >
>;

/** Which directory of the provider signs people in: the `{tenant}` of its addresses. */
export interface TenantRule {
  readonly default: string;
  /** Words that stand for no single tenant. Anything else is a tenant's id or domain. */
  readonly words: readonly string[];
  readonly refused: readonly { readonly tenant: string; readonly says: string }[];
  /** The issuer of id_tokens: a template with the claim that fills it. A single tenant must be the claim itself. */
  readonly issuer: { readonly template: string; readonly claim: string };
  /** What the claim must be, or must not be, where the tenant is one of `words`. */
  readonly claimOf: Readonly<Record<string, { readonly is?: string; readonly not?: string }>>;
}

/** What a client id looks like. */
export interface ValueShape {
  readonly form?: ValueForm;
  readonly startsWith?: readonly string[];
  readonly endsWith?: string;
  readonly example: string;
}

export type ValueForm = 'digits' | 'uuid' | 'hex32' | 'hex40' | 'hex64' | 'alphanumeric';

/** Something else that people paste as client id or secret. */
export interface Lookalike {
  readonly of: 'client_id' | 'client_secret';
  readonly form?: ValueForm;
  readonly startsWith?: string;
  /** In words that follow "the client id". */
  readonly words: string;
}

/** The JSON that a provider's console downloads for a registered client. Only id and secret are ever taken from it. */
export interface ConsoleFile {
  /** JSON pointers to where a client sits, and the kind that it then is; the first that is there is used. */
  readonly clients: readonly { readonly at: string; readonly kind: string }[];
  /** Other files that people try: a JSON pointer that tells them, and what to say. */
  readonly lookalikes: readonly { readonly at: string; readonly equals?: string; readonly words: string }[];
}
