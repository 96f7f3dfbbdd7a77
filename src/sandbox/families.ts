// The index of what is served: one entry per provider family, and who answers at an address.
import type { ProviderFamily, Route } from './call.ts';
import { google } from './google/google.ts';
import { switchTable } from './switch-table.ts';
import type { SwitchBook } from './switches.ts';

export const families: readonly ProviderFamily[] = [google];

const routes = families.flatMap((family) =>
  Object.entries(family.hosts).flatMap(([host, served]) => served.map((route) => ({ family, host, route }))),
);

export const switchBook: SwitchBook = {
  definitions: switchTable,
  places: [...new Set(routes.map(({ route }) => route.place))],
};

/** Every address that is served, for people. */
export function servedAddresses(): readonly { readonly host: string; readonly route: Route }[] {
  return routes;
}

export type Found =
  | { readonly kind: 'route'; readonly family: ProviderFamily; readonly route: Route }
  /** `code`: what the client did wrong; null when it was a person's browser. */
  | { readonly kind: 'nothing'; readonly code: string | null; readonly says: string };

/** `url.host` carries a port that is not the scheme's own, so only the real address finds anything. */
export function findRoute(method: string, url: URL): Found {
  const nothing = (code: string | null, says: string): Found => ({ kind: 'nothing', code, says });
  const address = `${url.protocol}//${url.host}${url.pathname}`;
  if (url.protocol !== 'https:') return nothing('plain_http', `${address}: the provider is reached over https only`);
  const atHost = routes.filter(({ host }) => host === url.host);
  if (atHost.length === 0) return nothing('unknown_host', `${address}: no such host here`);
  const found = atHost.find(({ route }) => route.path === url.pathname);
  if (found === undefined) return nothing('unknown_path', `${address}: no such path at this host`);
  if (!found.route.methods.includes(method))
    return nothing(
      found.route.audience === 'browser' ? null : 'wrong_method',
      `${method} ${address}: only ${found.route.methods.join(' or ')} is answered`,
    );
  return { kind: 'route', family: found.family, route: found.route };
}

export function isPageAddress(url: URL): boolean {
  return routes.some(
    ({ host, route }) => route.audience === 'browser' && host === url.host && route.path === url.pathname,
  );
}
