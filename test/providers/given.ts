// What a case is given, as the real code takes it: the app, the tokens of a stored grant, the scopes, the one probe.
import { clientAuthOf, kindOf } from '../../src/connections/app-values.ts';
import { tenantFor } from '../../src/connections/tenants.ts';
import type { App } from '../../src/model/app.ts';
import type { Provider } from '../../src/model/provider.ts';
import { providerForApp } from '../../src/model/provider-for-app.ts';
import { Secret } from '../../src/model/secret.ts';
import { filledUrl } from '../../src/model/templates.ts';
import { rolesOf } from '../../src/model/token-roles.ts';
import type { Held } from '../../src/oauth/held.ts';
import type { Peer } from '../../src/oauth/peer.ts';
import { type Case, text } from './fixture.ts';

/** Undefined: the app has none. */
export function secretOf(entry: Case): Secret | undefined {
  const { clientSecret = text(entry, 'client_secret') } = entry.given;
  return clientSecret === null || clientSecret === '' ? undefined : new Secret(clientSecret);
}

export function appOf(whole: Provider, entry: Case, hasSecret: boolean): App {
  const { given } = entry;
  const kind = kindOf(whole, given.kind).id;
  return {
    provider: whole.id,
    name: 'default',
    kind,
    clientId: text(entry, 'client_id'),
    clientAuth: clientAuthOf(providerForApp(whole, kind, null), undefined, hasSecret),
    redirectUri: given.redirectUri ?? null,
    tenant: null,
    hasSecret,
    source: 'stored',
    createdAt: null,
  };
}

/** `whole`: the provider's data as it stands. */
export function peerOf(whole: Provider, entry: Case): Peer {
  const clientSecret = secretOf(entry);
  const app = appOf(whole, entry, clientSecret !== undefined);
  const tenant = tenantFor(whole, entry.given.tenant);
  return { provider: providerForApp(whole, app.kind, tenant), tenant, app, clientSecret, resource: null };
}

/** A token of the case's role: `bot_access_token` where `values` has one. */
export function tokenOf(entry: Case, name: 'access_token' | 'refresh_token'): string {
  return text(entry, `${entry.given.role}_${name}`) || text(entry, name);
}

export function heldOf(provider: Provider, entry: Case): Held {
  const { given } = entry;
  return {
    role: given.role ?? rolesOf(provider)[0]?.id ?? '',
    tokens: {
      access: new Secret(tokenOf(entry, 'access_token')),
      tokenType: 'Bearer',
      // Not before any fixture ends.
      expiresAt: Date.parse('2100-01-01'),
      issuedSeconds: null,
      refresh: given.refreshToken === null ? null : new Secret(tokenOf(entry, 'refresh_token')),
    },
    granted: scopesOf(provider, entry),
  };
}

export function scopesOf(provider: Provider, entry: Case): readonly string[] {
  const { scopes = entry.values.scopes as readonly string[] | undefined } = entry.given;
  return scopes === 'default' ? provider.scopes.default : (scopes ?? []);
}

/** The provider with the one probe that the case is about; undefined when it has none such. */
export function narrowed(provider: Provider, entry: Case): Provider | undefined {
  const { probe } = entry.given;
  if (probe === undefined) return provider;
  const address = filledUrl(entry.requests[probe]?.url ?? '', textsOf(entry));
  const { probes, apiProbe } = provider;
  const all = [...probes, ...(apiProbe === undefined ? [] : [apiProbe])];
  const chosen = all.filter(({ url }) => filledUrl(url, textsOf(entry)).split('?')[0] === address);
  if (chosen.length === 0) return undefined;
  // In front of the data, not a copy of it: a copy would read every knob.
  return Object.create(provider, { probes: { value: chosen }, apiProbe: { value: undefined } }) as Provider;
}

function textsOf(entry: Case): Readonly<Record<string, string>> {
  const texts = Object.keys(entry.values).map((name) => [name, text(entry, name)] as const);
  return { ...Object.fromEntries(texts), token: text(entry, 'access_token') };
}
