// A provider as one app meets it: what is different for its kind, and its tenant's addresses filled in.
import type { Provider } from './provider.ts';

/** `kind` null or unknown: the provider as it stands. `tenant` null: the default, where there are tenants. */
export function providerForApp(provider: Provider, kind: string | null, tenant: string | null): Provider {
  const differs = provider.kinds.find(({ id }) => id === kind)?.differs;
  const own: Provider = differs === undefined ? provider : { ...provider, ...differs };
  return own.tenant === undefined ? own : inTenant(own, tenant ?? own.tenant.default);
}

function inTenant(provider: Provider, tenant: string): Provider {
  const fill = <T extends string | null>(url: T): T => (url?.replaceAll('{tenant}', tenant) ?? null) as T;
  const { endpoints } = provider;
  return {
    ...provider,
    issuer: fill(provider.issuer),
    endpoints: {
      authorization: fill(endpoints.authorization),
      token: fill(endpoints.token),
      revocation: fill(endpoints.revocation),
      introspection: fill(endpoints.introspection),
      userinfo: fill(endpoints.userinfo),
      deviceAuthorization: fill(endpoints.deviceAuthorization),
      jwks: fill(endpoints.jwks),
    },
  };
}
