// The person's own registration at a provider.
import type { ClientAuth } from './provider.ts';
import type { Secret } from './secret.ts';

export interface App {
  readonly provider: string;
  /** `default` unless a second app of the same provider was named. */
  readonly name: string;
  readonly kind: string;
  readonly clientId: string;
  readonly clientAuth: ClientAuth;
  /** Null: the loopback address of the provider's redirect rule. */
  readonly redirectUri: string | null;
  /** Null: the provider's default, where it has tenants. */
  readonly tenant: string | null;
  readonly hasSecret: boolean;
  /** Where it rests: `stored`, or `environment` when the OAUTHCTL_<PROVIDER>_… names gave it. */
  readonly source: 'stored' | 'environment';
  readonly createdAt: number | null;
}

export interface AppCredentials {
  readonly app: App;
  readonly clientSecret: Secret | undefined;
}
