// Both ends of every exchange: the provider, and the person's own registration there.
import type { App } from '../model/app.ts';
import type { Provider } from '../model/provider.ts';
import type { Secret } from '../model/secret.ts';

export interface Peer {
  /** As this app meets it: kind and tenant are applied (provider-for-app.ts). */
  readonly provider: Provider;
  /** Where the provider has tenants: the one whose addresses those are. */
  readonly tenant: string | null;
  readonly app: App;
  readonly clientSecret: Secret | undefined;
  /** RFC 8707 resource indicator, sent with every authorization and token request. */
  readonly resource: string | null;
}
