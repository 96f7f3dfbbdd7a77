// What must hold for the addresses that a token or secret goes to, and for how a grant is ended.
import type { Provider } from './provider.ts';

/** `at` begins with a member of the provider. */
export type Complain = (at: string, words: string) => void;

export function checkCalls(provider: Provider, complain: Complain): void {
  checkSchemes(provider, complain);
  checkTokenTargets(provider, complain);
  checkRevocation(provider, complain);
  checkProof(provider, complain);
  if (provider.device !== null && provider.endpoints.deviceAuthorization === null) {
    complain('/device', 'needs /endpoints/deviceAuthorization');
  }
}

type Target = readonly [at: string, url: string];

/** Every address that a secret can go to, with its pointer. */
function targets(provider: Provider): readonly Target[] {
  const endpoints = Object.entries(provider.endpoints)
    .filter((entry): entry is [string, string] => entry[1] !== null)
    .map(([name, url]) => [`/endpoints/${name}`, url] as const);
  const origins = provider.apiOrigins.map((url, index) => [`/apiOrigins/${index}`, url] as const);
  return [...endpoints, ...origins, ...callTargets(provider)];
}

/** Addresses that get a token and are no OAuth endpoints. */
function callTargets({ probes, apiProbe, revocation: { call, check } }: Provider): readonly Target[] {
  const all: readonly (readonly [string, string | undefined])[] = [
    ...probes.map(({ url }, index) => [`/probes/${index}/url`, url] as const),
    ['/apiProbe/url', apiProbe?.url],
    ['/revocation/call/url', call?.url],
    ['/revocation/check/call/url', check?.call.url],
  ];
  return all.filter((target): target is Target => target[1] !== undefined);
}

/** Plain http is for a server on this machine as a whole: an https issuer never sends anybody there. */
function checkSchemes(provider: Provider, complain: Complain): void {
  if (!provider.issuer.startsWith('https:')) return;
  for (const [at, url] of targets(provider)) {
    if (!url.startsWith('https:')) complain(at, 'must be https, since the issuer is');
  }
}

/** A call carries the token, so it goes to where tokens go anyway: an endpoint's origin or a stated API origin. */
function checkTokenTargets(provider: Provider, complain: Complain): void {
  const { token, introspection, userinfo, revocation } = provider.endpoints;
  const known = [token, introspection, userinfo, revocation].filter((url) => url !== null);
  const trusted = [...known.map((url) => new URL(url).origin), ...provider.apiOrigins];
  for (const [at, url] of callTargets(provider)) {
    if (!trusted.includes(new URL(url).origin)) {
      complain(at, 'sends the token to an origin that is neither an endpoint nor one of /apiOrigins');
    }
  }
}

function checkRevocation({ revocation, endpoints }: Provider, complain: Complain): void {
  const { kind, call, steps, needsSecret, bestEffort, kills, group, finishAt, finishAtFor } = revocation;
  if (kind === 'rfc7009' && endpoints.revocation === null) complain('/revocation/kind', 'needs /endpoints/revocation');
  if (kind !== 'none' && steps.length === 0) complain('/revocation/steps', 'must name a token');
  if ((kind === 'rest') !== (call !== undefined)) {
    complain('/revocation/call', "must be there when /revocation/kind is 'rest', and only then");
  }
  if (call?.auth === 'basic' && needsSecret === undefined) {
    complain('/revocation/needsSecret', 'must be true, since /revocation/call sends the secret');
  }
  if ((kills === 'group') !== (group !== null && group.withoutRefresh === undefined)) {
    complain(
      '/revocation/group',
      "must be there when /revocation/kills is 'group', and otherwise only for grants 'withoutRefresh'",
    );
  }
  if (finishAt === null && (bestEffort !== undefined || finishAtFor !== undefined)) {
    complain('/revocation/finishAt', 'must be there for bestEffort and finishAtFor');
  }
}

function checkProof({ revocation: { proof, check }, endpoints, probes }: Provider, complain: Complain): void {
  if (proof === 'introspect' && endpoints.introspection === null) {
    complain('/revocation/proof', 'needs /endpoints/introspection');
  }
  if (proof === 'probe' && probes.length === 0) complain('/revocation/proof', 'needs /probes');
  if ((proof === 'check') !== (check !== undefined)) {
    complain('/revocation/check', "must be there when /revocation/proof is 'check', and only then");
  }
}
