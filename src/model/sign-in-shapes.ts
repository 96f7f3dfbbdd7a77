// The form of how people are sent to sign in: redirects, scopes, roles, tenants, the device flow and what cannot go together.
import type {
  Constraint,
  DeviceRule,
  PrintedRule,
  RedirectRule,
  ScopeFacts,
  ScopeRules,
  TenantRule,
  TokenRole,
} from './provider.ts';
import {
  flag,
  list,
  may,
  must,
  object,
  oneOf,
  only,
  orNull,
  type Reader,
  refuse,
  table,
  text,
  whole,
} from './shape.ts';
import { issuer, parameterName, pointer, scope, slug, words } from './wire-shapes.ts';

export const errorName = text({ most: 100, fits: /^[\x20-\x7e]+$/, wants: 'an error name' });
const scopes = list(scope);
const orEmpty =
  (read: Reader<string>): Reader<string> =>
  (value, at) =>
    value === '' ? value : read(value, at);

const path = text({ most: 200, fits: /^\/[A-Za-z0-9._~/-]*$/, wants: "a path, such as '/callback/acme'" });

export const redirect = object<RedirectRule>({
  hosts: must(list(oneOf('127.0.0.1', 'localhost'), 1)),
  onlyHosts: may(only(true)),
  ports: must((value, at) =>
    value === 'any' || value === 'registered' ? value : list(whole(1_024, 65_535), 1)(value, at),
  ),
  path: must(orEmpty(path)),
  register: must(oneOf('uri', 'origin', 'none')),
  stateIn: may(oneOf('path')),
});

export const printed = object<PrintedRule>({
  redirect: must(oneOf('omit', 'urn:ietf:wg:oauth:2.0:oob')),
  prints: must(oneOf('code', 'token')),
  leavesOut: may(list(parameterName)),
});

const scopeFacts = object<ScopeFacts>({
  says: must(words),
  class: may(oneOf('plain', 'sensitive', 'restricted')),
  consent: may(oneOf('admin', 'blocked-by-default')),
  impliedBy: may(scopes),
  notEchoed: may(flag),
});

export const scopeRules = object<ScopeRules>({
  default: must(scopes),
  always: may(scopes),
  known: must(table(scope, scopeFacts)),
  separator: must(object({ ask: must(oneOf(' ', ',')), answer: must(oneOf(' ', ',')) })),
  emptyMeansNone: may(only(true)),
  rename: must(table(scope, scope)),
  caseless: must(flag),
  stripPrefixes: must(scopes),
});

export const role = object<TokenRole>({
  id: must(slug),
  scopeParam: must(parameterName),
  scopePrefix: must(orEmpty(scope)),
  at: must(orEmpty(pointer)),
  tokenType: must(text({ most: 40, fits: /^[\x21-\x7e]+$/, wants: 'a token type' })),
  namesAccount: must(flag),
});

/** In lower case, as it is compared. */
const tenantName = text({
  most: 253,
  fits: /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/,
  wants: 'a word, an id or a domain in lower case',
});

const claimOf: Reader<{ readonly is?: string; readonly not?: string }> = (value, at) => {
  const claim = text({ most: 200 });
  const read = object<{ readonly is?: string; readonly not?: string }>({ is: may(claim), not: may(claim) })(value, at);
  if ((read.is === undefined) === (read.not === undefined)) refuse(at, "must say either 'is' or 'not'");
  return read;
};

export const tenant = object<TenantRule>({
  default: must(tenantName),
  words: must(list(tenantName)),
  refused: must(list(object({ tenant: must(tenantName), says: must(words) }))),
  issuer: must(object({ template: must(issuer), claim: must(parameterName) })),
  claimOf: must(table(tenantName, claimOf)),
});

export const device = object<DeviceRule>({
  kind: must(orNull(slug)),
  scopes: must(orNull(scopes)),
  uriAt: must(parameterName),
  secretAtPoll: must(flag),
  secretAtRefresh: may(only(false)),
  pending: must(list(errorName, 1)),
  slowDown: must(list(errorName)),
  declined: must(list(errorName)),
  expired: must(list(errorName)),
});

export const constraint = object<Constraint>({
  flow: may(oneOf('device', 'loopback', 'paste', 'fragment')),
  kind: may(slug),
  anyScope: may(scopes),
  scopeOfRole: may(slug),
  besidesOtherThan: may(scopes),
  redirect: may(oneOf('loopback', 'own')),
  secret: may(oneOf('present', 'absent')),
  words: must(words),
  hint: must(words),
});
