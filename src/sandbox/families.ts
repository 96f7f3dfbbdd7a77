// What is served, and who answers at an address.
import { CliError } from '../errors.ts';
import { nearestName } from '../model/names.ts';
import type { ProviderFamily, Route } from './call.ts';
import { families } from './generated-index.ts';
import { loggedPath, matchPath, type Segments } from './routes.ts';
import { switchTable } from './switch-table.ts';
import type { Spot, SwitchBook } from './switches.ts';

const routes = families.flatMap((family) =>
  Object.entries(family.hosts).flatMap(([host, served]) => served.map((route) => ({ family, host, route }))),
);

/** Providers of one family share its servers, so that each of them stands for all. */
function namesOf(family: ProviderFamily): readonly string[] {
  return [...new Set([...Object.keys(family.apps), family.name])];
}

export function spotOf(found: Found): Spot {
  if (found.kind === 'nothing') return { providers: [], place: 'nowhere' };
  return { providers: namesOf(found.family), place: found.route.place };
}

export const switchBook: SwitchBook = {
  definitions: switchTable,
  places: [...new Set(routes.map(({ route }) => route.place))],
  providers: families.flatMap(namesOf),
  spots: routes.flatMap(({ family, route }) => namesOf(family).map((name) => `${name}.${route.place}`)),
};

/** Every address that is served, for people. */
export function servedAddresses(): readonly { readonly host: string; readonly route: Route }[] {
  return routes;
}

/** The hosts that imitate these providers; all of them when none is named. Throws `invalid_value` for one that is not imitated. */
export function hostsOf(providers: readonly string[]): ReadonlySet<string> {
  const known = families.flatMap(({ apps }) => Object.keys(apps));
  const unknown = providers.find((id) => !known.includes(id));
  if (unknown !== undefined) {
    const nearest = nearestName(unknown, known);
    const guess = nearest === undefined ? '' : `; did you mean '${nearest}'?`;
    throw new CliError('invalid_value', `'${unknown}' is not imitated here${guess}`, {
      hint: `one of ${known.join(', ')}`,
    });
  }
  const chosen = families.filter(
    ({ apps }) => providers.length === 0 || providers.some((id) => Object.hasOwn(apps, id)),
  );
  return new Set(chosen.flatMap(({ hosts }) => Object.keys(hosts)));
}

/** Refuses, with `invalid_value`, switches that are narrowed to a provider whose servers are not among these providers'. */
export function mustBeServed(lines: readonly string[], providers: readonly string[]): void {
  if (providers.length === 0) return;
  const served = families.filter(({ apps }) => providers.some((id) => Object.hasOwn(apps, id))).flatMap(namesOf);
  for (const line of lines) {
    const provider = /@([a-z0-9-]+)/.exec(line)?.[1] ?? '';
    if (!switchBook.providers.includes(provider) || served.includes(provider)) continue;
    throw new CliError('invalid_value', `'${line}' would do nothing: '${provider}' is not served here`, {
      hint: `oauthctl sandbox ${[...providers, provider].join(' ')} --fault '${line}'`,
    });
  }
}

export type Found =
  | { readonly kind: 'route'; readonly family: ProviderFamily; readonly route: Route; readonly segments: Segments }
  /** `code`: what the client did wrong; null when it was a person's browser. */
  | { readonly kind: 'nothing'; readonly code: string | null; readonly says: string };

const knownWords: ReadonlySet<string> = new Set(routes.flatMap(({ route }) => route.path.split('/')));

/** `url.host` carries a port that is not the scheme's own, so only the real address finds anything. */
export function findRoute(method: string, url: URL): Found {
  const nothing = (code: string | null, says: string): Found => ({ kind: 'nothing', code, says });
  const address = `${url.protocol}//${url.host}${loggedPath(url.pathname, knownWords)}`;
  if (url.protocol !== 'https:') return nothing('plain_http', `${address}: the provider is reached over https only`);
  if (routes.every(({ host }) => host !== url.host)) return nothing('unknown_host', `${address}: no such host here`);
  const there = routesAt(url);
  const [first] = there;
  if (first === undefined) return nothing('unknown_path', `${address}: no such path at this host`);
  const found = there.find(({ route }) => route.methods.includes(method));
  if (found !== undefined) return { kind: 'route', ...found };
  const methods = there.flatMap(({ route }) => route.methods);
  return nothing(
    first.route.audience === 'browser' ? null : 'wrong_method',
    `${method} ${address}: only ${methods.join(' or ')} is answered`,
  );
}

/** All routes of the one path that fits best. */
function routesAt(url: URL) {
  const fitting = routes.flatMap(({ family, host, route }) => {
    const segments = host === url.host ? matchPath(route.path, url.pathname) : undefined;
    return segments === undefined ? [] : [{ family, route, segments }];
  });
  const fewest = Math.min(...fitting.map(({ segments }) => Object.keys(segments).length));
  return fitting.filter(({ segments }) => Object.keys(segments).length === fewest);
}

export function isPageAddress(url: URL): boolean {
  return routesAt(url).some(({ route }) => route.audience === 'browser');
}
