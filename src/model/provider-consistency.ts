// What must hold between the members of a provider, beyond the form of each; for each kind of app as it meets the provider.
import { type Complain, checkCalls } from './call-consistency.ts';
import type { KindRule, Provider } from './provider.ts';
import { providerForApp } from './provider-for-app.ts';
import { refuse } from './shape.ts';
import { rolesOf } from './token-roles.ts';

/** Throws `invalid_value` naming the member that contradicts another. */
export function checkConsistency(provider: Provider): void {
  checkTenants(provider);
  checkRoles(provider);
  checkNames(provider);
  checkCalls(providerForApp(provider, null, null), refuse);
  provider.kinds.forEach((kind, index) => {
    const here = `/kinds/${index}`;
    const complain: Complain = (at, words) => {
      const isOwn = Object.hasOwn(kind.differs ?? {}, at.split('/')[1] ?? '');
      refuse(isOwn ? `${here}/differs${at}` : at, words);
    };
    const own = providerForApp(provider, kind.id, null);
    checkCalls(own, complain);
    checkKind(own, kind, (at, words) => refuse(`${here}${at}`, words));
    checkParameters(own, kind, complain);
  });
}

function checkKind(provider: Provider, { id, flows, secret }: KindRule, complain: Complain): void {
  const { device, endpoints, clientAuth, printed } = provider;
  if (flows.includes('device') && device === null) complain('/flows', 'needs /device');
  const byPaste = flows.includes('paste') && printed?.prints !== 'token' && !flows.includes('fragment');
  if (endpoints.token === null && (flows.includes('loopback') || flows.includes('device') || byPaste)) {
    complain('/flows', "needs /endpoints/token; without it there are 'fragment', and 'paste' beside it");
  }
  if (secret === 'always' && clientAuth === 'none') {
    refuse('/clientAuth', `is 'none', but a '${id}' app always has a secret`);
  }
}

function checkParameters(provider: Provider, { flows }: KindRule, complain: Complain): void {
  const { authorizeParams, paramChoices = {}, paramNames = {}, apiAuth } = provider;
  const isCode = !flows.includes('fragment') || flows.includes('loopback') || flows.includes('device');
  // RFC 9700 §2.1.2: a token in the front channel is for providers that have nothing else.
  if (authorizeParams.response_type === 'token' && isCode) {
    complain('/authorizeParams/response_type', "is for kinds of app that sign in by 'fragment', and no code");
  }
  for (const [name, choices] of Object.entries(paramChoices)) {
    const given = authorizeParams[name];
    if (given !== undefined && !choices.includes(given))
      complain(`/authorizeParams/${name}`, 'is none of /paramChoices');
  }
  const names = Object.values(paramNames);
  for (const [name, called] of Object.entries(paramNames)) {
    const isTaken = names.indexOf(called) !== names.lastIndexOf(called) || Object.hasOwn(authorizeParams, called);
    if (isTaken) complain(`/paramNames/${name}`, 'is the name of another parameter');
  }
  if (apiAuth !== undefined && !apiAuth.includes('{access_token}')) complain('/apiAuth', 'must have {access_token}');
}

function checkTenants({ tenant, issuer, endpoints, kinds }: Provider): void {
  const everywhere = [{ issuer, endpoints }, ...kinds.map(({ differs }) => differs ?? {})];
  const addresses = everywhere.flatMap((one) => [
    one.issuer ?? '',
    ...Object.values(one.endpoints ?? {}).map((url) => url ?? ''),
  ]);
  const isFilled = addresses.some((url) => url.includes('{tenant}'));
  if (tenant === undefined) {
    if (isFilled) refuse('/tenant', 'must be there, since an address has {tenant}');
    return;
  }
  if (!isFilled) refuse('/tenant', 'needs {tenant} in one of /endpoints');
  if (!tenant.issuer.template.includes('{tenant}')) refuse('/tenant/issuer/template', 'must have {tenant}');
  if (tenant.refused.some((refused) => refused.tenant === tenant.default)) refuse('/tenant/default', 'is refused');
  for (const word of Object.keys(tenant.claimOf)) {
    if (!tenant.words.includes(word)) refuse(`/tenant/claimOf/${word}`, 'is not one of /tenant/words');
  }
}

function checkRoles({ roles = [] }: Provider): void {
  roles.forEach(({ id, scopePrefix, scopeParam, tokenType }, index) => {
    const others = roles.slice(0, index);
    const complain: Complain = (member, words) => refuse(`/roles/${index}/${member}`, words);
    if (others.some((role) => role.id === id)) complain('id', 'is there twice');
    if (others.some((role) => role.scopeParam === scopeParam)) complain('scopeParam', 'is there twice');
    if (others.some((role) => role.tokenType === tokenType)) complain('tokenType', 'is there twice');
    if ((scopePrefix === '') !== (index === 0)) {
      complain('scopePrefix', 'must be empty for the first role, and for no other');
    }
    if (others.some((role) => role.scopePrefix === scopePrefix)) complain('scopePrefix', 'is there twice');
  });
}

/** Kinds and roles that are named must be there. */
function checkNames({ kinds, roles, constraints, consoleFile, device }: Provider): void {
  const ids = kinds.map(({ id }) => id);
  ids.forEach((id, index) => {
    if (ids.indexOf(id) !== index) refuse(`/kinds/${index}/id`, 'is there twice');
  });
  const named = [
    ...constraints.map(({ kind }, index) => [`/constraints/${index}/kind`, kind] as const),
    ...(consoleFile?.clients ?? []).map(({ kind }, index) => [`/consoleFile/clients/${index}/kind`, kind] as const),
    ...kinds.map(({ differs }, index) => [`/kinds/${index}/differs/device/kind`, differs?.device?.kind] as const),
    ['/device/kind', device?.kind] as const,
  ];
  for (const [at, kind] of named) {
    if (typeof kind === 'string' && !ids.includes(kind)) refuse(at, 'names a kind that /kinds does not have');
  }
  constraints.forEach(({ scopeOfRole, besidesOtherThan, anyScope }, index) => {
    if (scopeOfRole !== undefined && !rolesOf({ roles }).some(({ id }) => id === scopeOfRole)) {
      refuse(`/constraints/${index}/scopeOfRole`, 'names a role that /roles does not have');
    }
    if (besidesOtherThan !== undefined && anyScope === undefined) {
      refuse(`/constraints/${index}/besidesOtherThan`, "needs 'anyScope'");
    }
  });
}
