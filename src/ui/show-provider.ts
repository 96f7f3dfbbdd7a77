// A provider as commands show it: facts for people, an object for --json.
import type { Cell } from '../model/command.ts';
import type { JsonObject } from '../model/json.ts';
import type { Provider, ProviderEntry } from '../model/provider.ts';
import { providerForApp } from '../model/provider-for-app.ts';
import { registeredPorts } from '../model/redirect-ports.ts';
import { textCell } from './cells.ts';

/** What a person registers, spelled exactly; without a port where the provider takes any (RFC 8252 §7.3). */
export function redirectUris({ redirect: { hosts, ports, path, register } }: Provider): readonly string[] {
  const host = hosts[0] ?? '127.0.0.1';
  const numbers = ports === 'registered' ? registeredPorts : ports;
  const origins = numbers === 'any' ? [`http://${host}`] : numbers.map((port) => `http://${host}:${port}`);
  return register === 'origin' ? origins : origins.map((origin) => `${origin}${path}`);
}

/** As the default kind of app meets it, in the default tenant. */
const usual = (provider: Provider) => providerForApp(provider, provider.kinds[0]?.id ?? null, null);

export function providerJson({ provider: whole, source }: ProviderEntry): JsonObject {
  const provider = usual(whole);
  const { endpoints, redirect, scopes } = provider;
  return {
    id: provider.id,
    name: provider.name,
    source,
    issuer: provider.issuer,
    docs_url: provider.docsUrl,
    endpoints: {
      authorization: endpoints.authorization,
      token: endpoints.token,
      revocation: endpoints.revocation,
      introspection: endpoints.introspection,
      userinfo: endpoints.userinfo,
      device_authorization: endpoints.deviceAuthorization,
      jwks: endpoints.jwks,
    },
    kinds: provider.kinds.map(({ id, name, flows, secret }) => ({ id, name, flows, secret })),
    client_auth: provider.clientAuth,
    pkce: provider.pkce,
    redirect: { uris: redirectUris(provider), register: redirect.register, any_port: redirect.ports === 'any' },
    scopes: {
      default: scopes.default,
      known: Object.entries(scopes.known).map(([name, facts]) => ({
        name,
        says: facts.says,
        class: facts.class ?? null,
      })),
    },
    rotation: provider.rotation,
    api_origins: provider.apiOrigins,
  };
}

export function providerFacts({
  provider: whole,
  source,
}: ProviderEntry): readonly { readonly name: string; readonly cell: Cell }[] {
  const provider = usual(whole);
  const { endpoints, scopes } = provider;
  const known = Object.entries(scopes.known).map(([name, facts]) => ({
    name: `scope ${name}`,
    cell: { text: `${facts.says}${facts.class === undefined ? '' : ` (${facts.class})`}` },
  }));
  return [
    { name: 'provider', cell: textCell(provider.id) },
    { name: 'name', cell: textCell(provider.name) },
    { name: 'source', cell: textCell(source) },
    { name: 'issuer', cell: textCell(provider.issuer) },
    { name: 'documentation', cell: textCell(provider.docsUrl) },
    { name: 'authorization', cell: textCell(endpoints.authorization) },
    { name: 'token', cell: textCell(endpoints.token) },
    { name: 'revocation', cell: textCell(endpoints.revocation) },
    { name: 'introspection', cell: textCell(endpoints.introspection) },
    { name: 'device', cell: textCell(endpoints.deviceAuthorization) },
    { name: 'kinds of app', cell: textCell(provider.kinds.map(({ id }) => id).join(', ')) },
    { name: 'redirect URI', cell: textCell(redirectUris(provider).join(' ')) },
    { name: 'default scopes', cell: textCell(scopes.default.length === 0 ? null : scopes.default.join(' ')) },
    { name: 'API origins', cell: textCell(provider.apiOrigins.length === 0 ? null : provider.apiOrigins.join(' ')) },
    ...known,
  ];
}
