// The form of a provider as JSON, member by member. What holds between members is in provider-consistency.ts.
import type {
  AccountRule,
  AnswerRule,
  ConsoleFile,
  Constraint,
  DeadGrantCause,
  DeviceRule,
  Endpoints,
  GuideStep,
  KindRule,
  Lifetimes,
  Probe,
  Provider,
  RedirectRule,
  Revocation,
  ScopeFacts,
  ScopeRules,
} from './provider.ts';
import {
  flag,
  list,
  may,
  must,
  object,
  oneOf,
  orNull,
  otherwise,
  type Reader,
  refuse,
  table,
  text,
  whole,
} from './shape.ts';
import {
  endpoint,
  freeParameterName,
  headerName,
  headerValue,
  issuer,
  origin,
  page,
  parameterName,
  pointer,
  scope,
  slug,
} from './wire-shapes.ts';

const name = text({ most: 60 });
const words = text({ most: 500 });
const errorName = text({ most: 100, fits: /^[\x20-\x7e]+$/, wants: 'an error name' });
const seconds = whole(0, 3_155_760_000);
const scopes = list(scope);
const pointers = list(pointer);

export const endpoints: Reader<Endpoints> = object<Endpoints>({
  authorization: must(endpoint),
  token: must(endpoint),
  revocation: otherwise(orNull(endpoint), null),
  introspection: otherwise(orNull(endpoint), null),
  userinfo: otherwise(orNull(endpoint), null),
  deviceAuthorization: otherwise(orNull(endpoint), null),
  jwks: otherwise(orNull(endpoint), null),
});

const kind = object<KindRule>({
  id: must(slug),
  name: must(name),
  flows: must(list(oneOf('loopback', 'paste', 'device'), 1)),
  secret: must(oneOf('never', 'optional', 'always')),
  secretIsPublic: otherwise(flag, false),
  ownRedirect: otherwise(flag, false),
});

const redirect = object<RedirectRule>({
  hosts: must(list(oneOf('127.0.0.1', 'localhost'), 1)),
  ports: must((value, at) => (value === 'any' ? value : list(whole(1_024, 65_535), 1)(value, at))),
  path: must(text({ most: 200, fits: /^\/[A-Za-z0-9._~/-]*$/, wants: "a path, such as '/callback/acme'" })),
  register: must(oneOf('uri', 'origin', 'none')),
});

const scopeFacts = object<ScopeFacts>({
  says: must(words),
  class: may(oneOf('plain', 'sensitive', 'restricted')),
  impliedBy: may(scopes),
  notEchoed: may(flag),
});

const scopeRules = object<ScopeRules>({
  default: must(scopes),
  known: must(table(scope, scopeFacts)),
  separator: must(object({ ask: must(oneOf(' ', ',')), answer: must(oneOf(' ', ',')) })),
  rename: must(table(scope, scope)),
  caseless: must(flag),
  stripPrefixes: must(scopes),
});

const lifetimes = object<Lifetimes>({
  accessSeconds: must(orNull(seconds)),
  trustSeconds: must(seconds),
  refreshIdleSeconds: must(orNull(seconds)),
  refreshAbsoluteSeconds: must(orNull(seconds)),
  shortGrant: must(orNull(object({ seconds: must(seconds), says: must(words) }))),
});

const answerShape = object<AnswerRule>({
  on: must(list(oneOf('token', 'probe', 'revoke', 'device'), 1)),
  status: may(whole(200, 599)),
  header: may(object({ name: must(headerName), equals: must(headerValue) })),
  at: may(pointer),
  equals: may((value, at) =>
    typeof value === 'boolean' || typeof value === 'number' ? value : text({ most: 300 })(value, at),
  ),
  means: must(
    oneOf(
      'grant_dead',
      'person_needed',
      'admin_needed',
      'app_fault',
      'scope_missing',
      'rate_limited',
      'api_disabled',
      'already_dead',
      'transient',
    ),
  ),
  words: must(words),
});

const answer: Reader<AnswerRule> = (value, at) => {
  const rule = answerShape(value, at);
  if (rule.status === undefined && rule.header === undefined && rule.at === undefined) {
    refuse(at, 'must state a status, a header or a place: it would fit every answer');
  }
  if (rule.equals !== undefined && rule.at === undefined)
    refuse(`${at}/equals`, "needs the place that it compares: 'at'");
  return rule;
};

const cause = object<DeadGrantCause>({
  when: must((value, at) => {
    const is = object<{ is: 'short_grant_over' | 'idle_over' | 'always' }>({
      is: must(oneOf('short_grant_over', 'idle_over', 'always')),
    });
    const hasScope = object<{ is: 'has_scope'; scopes: readonly string[] }>({
      is: must(oneOf('has_scope')),
      scopes: must(list(scope, 1)),
    });
    const scoped = typeof value === 'object' && value !== null && 'is' in value && value.is === 'has_scope';
    return scoped ? hasScope(value, at) : is(value, at);
  }),
  words: must(words),
});

const account = object<AccountRule>({ idClaims: must(list(parameterName)), nameClaims: must(list(parameterName)) });

const probe = object<Probe>({
  method: otherwise(oneOf('GET', 'POST'), 'GET'),
  url: must(endpoint),
  token: otherwise(
    (value, at) => (value === 'header' ? value : object({ field: must(parameterName) })(value, at)),
    'header',
  ),
  headers: otherwise(table(headerName, headerValue), {}),
  needsAnyScope: otherwise(scopes, []),
  accountIdAt: otherwise(pointers, []),
  accountNameAt: otherwise(pointers, []),
  clientIdAt: otherwise(pointers, []),
  scopeAt: otherwise(pointers, []),
  activeAt: may(pointer),
  clientAuth: otherwise(flag, false),
});

const revocation = object<Revocation>({
  kind: must(oneOf('rfc7009', 'none')),
  steps: must(list(oneOf('refresh', 'access'))),
  clientAuth: must(flag),
  kills: must(oneOf('token', 'grant', 'group')),
  group: must(orNull(object({ id: must(slug), says: must(words), clientIdUntil: may(text({ most: 20 })) }))),
  proof: must(oneOf('probe', 'introspect', 'none')),
  finishAt: must(orNull(page)),
});

const device = object<DeviceRule>({
  kind: must(orNull(slug)),
  scopes: must(orNull(scopes)),
  uriAt: must(parameterName),
  secretAtPoll: must(flag),
  pending: must(list(errorName, 1)),
  slowDown: must(list(errorName)),
  declined: must(list(errorName)),
  expired: must(list(errorName)),
});

const constraint = object<Constraint>({
  flow: may(oneOf('device', 'loopback', 'paste')),
  kind: may(slug),
  anyScope: may(scopes),
  words: must(words),
  hint: must(words),
});

const consoleFile = object<ConsoleFile>({
  clients: must(list(object({ at: must(pointer), kind: must(slug) }), 1)),
  lookalikes: must(list(object({ at: must(pointer), equals: may(text({ most: 100 })), words: must(words) }))),
});

const guideStep = object<GuideStep>({ text: must(words), url: may(page) });

export const providerShape: Reader<Provider> = object<Provider>({
  id: must(slug),
  name: must(name),
  docsUrl: must(orNull(page)),
  issuer: must(issuer),
  issuerAliases: may(list(text({ most: 300, fits: /^[\x21-\x7e]+$/, wants: 'an issuer' }))),
  endpoints: must(endpoints),
  kinds: must(list(kind, 1)),
  clientAuth: must(oneOf('basic', 'basic-raw', 'post', 'none')),
  redirect: must(redirect),
  pkce: must(oneOf('required', 'supported', 'unsupported')),
  iss: must(oneOf('required', 'if_present', 'never')),
  authorizeParams: must(table(freeParameterName, text({ most: 500 }))),
  scopes: must(scopeRules),
  lifetimes: must(lifetimes),
  rotation: must(oneOf('always', 'never', 'unknown')),
  answers: must(list(answer)),
  deadGrantCauses: must(list(cause)),
  account: must(account),
  probes: must(list(probe)),
  apiProbe: may(probe),
  revocation: must(revocation),
  device: must(orNull(device)),
  constraints: must(list(constraint)),
  silentFailures: must(list(words)),
  apiOrigins: must(list(origin)),
  clientIdShape: must(orNull(object({ endsWith: must(text({ most: 100 })), example: must(text({ most: 200 })) }))),
  clientSecretPrefixes: may(list(text({ most: 40 }))),
  consoleFile: may(consoleFile),
  guide: must(list(guideStep)),
  probesAtOnce: must(whole(1, 20)),
});
