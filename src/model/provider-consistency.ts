// What must hold between the members of a provider, beyond the form of each.
import type { Provider } from './provider.ts';
import { refuse } from './shape.ts';

/** Throws `invalid_value` naming the member that contradicts another. */
export function checkConsistency(provider: Provider): void {
  checkSchemes(provider);
  checkTokenTargets(provider);
  checkKinds(provider);
  checkRevocation(provider);
  if (provider.device !== null && provider.endpoints.deviceAuthorization === null) {
    refuse('/device', 'needs /endpoints/deviceAuthorization');
  }
}

/** Every address that a secret can go to, with its pointer. */
function targets(provider: Provider): readonly (readonly [string, string])[] {
  const endpoints = Object.entries(provider.endpoints)
    .filter((entry): entry is [string, string] => entry[1] !== null)
    .map(([name, url]) => [`/endpoints/${name}`, url] as const);
  const origins = provider.apiOrigins.map((url, index) => [`/apiOrigins/${index}`, url] as const);
  return [...endpoints, ...origins, ...probeTargets(provider)];
}

function probeTargets(provider: Provider): readonly (readonly [string, string])[] {
  const probes = provider.probes.map(({ url }, index) => [`/probes/${index}/url`, url] as const);
  return provider.apiProbe === undefined ? probes : [...probes, ['/apiProbe/url', provider.apiProbe.url]];
}

/** Plain http is for a server on this machine as a whole: an https issuer never sends anybody there. */
function checkSchemes(provider: Provider): void {
  if (!provider.issuer.startsWith('https:')) return;
  for (const [at, url] of targets(provider)) {
    if (!url.startsWith('https:')) refuse(at, 'must be https, since the issuer is');
  }
}

/** A probe carries the token, so it goes to where tokens go anyway: an endpoint's origin or a stated API origin. */
function checkTokenTargets(provider: Provider): void {
  const { token, introspection, userinfo, revocation } = provider.endpoints;
  const known = [token, introspection, userinfo, revocation].filter((url) => url !== null);
  const trusted = [...known.map((url) => new URL(url).origin), ...provider.apiOrigins];
  for (const [at, url] of probeTargets(provider)) {
    if (!trusted.includes(new URL(url).origin)) {
      refuse(at, 'sends the token to an origin that is neither an endpoint nor one of /apiOrigins');
    }
  }
}

function checkKinds(provider: Provider): void {
  const ids = provider.kinds.map(({ id }) => id);
  provider.kinds.forEach((kind, index) => {
    if (ids.indexOf(kind.id) !== index) refuse(`/kinds/${index}/id`, 'is there twice');
    if (kind.flows.includes('device') && provider.device === null) refuse(`/kinds/${index}/flows`, 'needs /device');
    if (kind.secret === 'always' && provider.clientAuth === 'none') {
      refuse('/clientAuth', `is 'none', but a '${kind.id}' app always has a secret`);
    }
  });
  const named = [
    ...provider.constraints.map(({ kind }, index) => [`/constraints/${index}/kind`, kind] as const),
    ...(provider.consoleFile?.clients ?? []).map(({ kind }, i) => [`/consoleFile/clients/${i}/kind`, kind] as const),
    ['/device/kind', provider.device?.kind ?? undefined] as const,
  ];
  for (const [at, kind] of named) {
    if (kind !== undefined && !ids.includes(kind)) refuse(at, 'names a kind that /kinds does not have');
  }
}

function checkRevocation({ revocation, endpoints, probes }: Provider): void {
  if (revocation.kind === 'rfc7009') {
    if (endpoints.revocation === null) refuse('/revocation/kind', 'needs /endpoints/revocation');
    if (revocation.steps.length === 0) refuse('/revocation/steps', 'must name a token');
  }
  if ((revocation.kills === 'group') !== (revocation.group !== null)) {
    refuse('/revocation/group', "must be there when /revocation/kills is 'group', and only then");
  }
  if (revocation.proof === 'introspect' && endpoints.introspection === null) {
    refuse('/revocation/proof', 'needs /endpoints/introspection');
  }
  if (revocation.proof === 'probe' && probes.length === 0) refuse('/revocation/proof', 'needs /probes');
}
