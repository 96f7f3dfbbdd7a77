// The form of a provider as JSON, member by member. What holds between members is in provider-consistency.ts.
import { answer, cause, reasonCodes } from './answer-shapes.ts';
import { consoleFile, guideStep, lookalike, valueShape } from './app-shapes.ts';
import { probe, revocation } from './call-shapes.ts';
import type { AccountRule, Endpoints, KindDifferences, KindRule, Lifetimes, Provider } from './provider.ts';
import {
  flag,
  list,
  may,
  must,
  object,
  oneOf,
  only,
  orNull,
  otherwise,
  partial,
  type Reader,
  table,
  text,
  whole,
} from './shape.ts';
import { constraint, device, errorName, printed, redirect, role, scopeRules, tenant } from './sign-in-shapes.ts';
import {
  authorizeParameters,
  endpoint,
  freeParameterName,
  headerName,
  headerValue,
  issuer,
  origin,
  page,
  parameterName,
  pointerOrTemplate,
  protocolName,
  refreshParameterName,
  seconds,
  slug,
  template,
  words,
} from './wire-shapes.ts';

const name = text({ most: 60 });
const flow = oneOf('loopback', 'paste', 'device', 'fragment');

export const endpoints: Reader<Endpoints> = object<Endpoints>({
  authorization: must(endpoint),
  token: must(orNull(endpoint)),
  revocation: otherwise(orNull(endpoint), null),
  introspection: otherwise(orNull(endpoint), null),
  userinfo: otherwise(orNull(endpoint), null),
  deviceAuthorization: otherwise(orNull(endpoint), null),
  jwks: otherwise(orNull(endpoint), null),
});

const lifetimes = object<Lifetimes>({
  accessSeconds: must(orNull(seconds)),
  trustSeconds: must(seconds),
  refreshIdleSeconds: must(orNull(seconds)),
  refreshAbsoluteSeconds: must(orNull(seconds)),
  accessIdleSeconds: may(seconds),
  shortGrant: must(orNull(object({ seconds: must(seconds), says: must(words) }))),
});

const account = object<AccountRule>({
  idClaims: must(list(parameterName)),
  nameClaims: must(list(parameterName)),
  idAt: may(list(pointerOrTemplate)),
  nameAt: may(list(pointerOrTemplate)),
});

/** Read alike where they stand for every kind of app and where they stand for one. */
const differing = {
  issuer,
  endpoints,
  clientAuth: oneOf('basic', 'basic-raw', 'post', 'none'),
  apiAuth: template('client_id', 'access_token'),
  redirect,
  pkce: oneOf('required', 'supported', 'unsupported'),
  iss: oneOf('required', 'if_present', 'never'),
  paramNames: table(protocolName, freeParameterName),
  authorizeParams: authorizeParameters,
  paramChoices: table(freeParameterName, list(text({ most: 200 }), 1)),
  printed,
  scopes: scopeRules,
  lifetimes,
  rotation: oneOf('always', 'never', 'unknown'),
  account,
  probes: list(probe),
  apiProbe: probe,
  revocation,
  device: orNull(device),
  silentFailures: list(words),
  clientIdShape: orNull(valueShape),
  lookalikes: list(lookalike),
  guide: list(guideStep),
} as const satisfies { readonly [K in keyof KindDifferences]-?: Reader<Exclude<KindDifferences[K], undefined>> };

const kind = object<KindRule>({
  id: must(slug),
  name: must(name),
  flows: must(list(flow, 1)),
  secret: must(oneOf('never', 'optional', 'always')),
  secretIsPublic: otherwise(flag, false),
  ownRedirect: otherwise(flag, false),
  differs: may(partial<KindDifferences>(differing)),
});

export const providerShape: Reader<Provider> = object<Provider>({
  id: must(slug),
  name: must(name),
  docsUrl: must(orNull(page)),
  issuer: must(differing.issuer),
  issuerAliases: may(list(text({ most: 300, fits: /^[\x21-\x7e]+$/, wants: 'an issuer' }))),
  endpoints: must(differing.endpoints),
  kinds: must(list(kind, 1)),
  clientAuth: must(differing.clientAuth),
  tokenBody: may(oneOf('json')),
  tokenHeaders: may(table(headerName, headerValue)),
  apiAuth: may(differing.apiAuth),
  tenant: may(tenant),
  redirect: must(differing.redirect),
  pkce: must(differing.pkce),
  iss: must(differing.iss),
  paramNames: may(differing.paramNames),
  authorizeParams: must(differing.authorizeParams),
  paramChoices: may(differing.paramChoices),
  refreshParams: may(table(refreshParameterName, template('scope', 'client_id'))),
  printed: may(differing.printed),
  scopes: must(differing.scopes),
  roles: may(list(role, 1)),
  lifetimes: must(differing.lifetimes),
  rotation: must(differing.rotation),
  oldAccessDies: may(only(true)),
  oldRefreshLives: may(only(true)),
  answers: must(list(answer)),
  reasonCodes: may(reasonCodes),
  deadGrantCauses: must(list(cause)),
  account: must(differing.account),
  probes: must(differing.probes),
  apiProbe: may(differing.apiProbe),
  revocation: must(differing.revocation),
  device: must(differing.device),
  constraints: must(list(constraint)),
  silentFailures: must(differing.silentFailures),
  alsoDeclined: may(list(errorName, 1)),
  apiOrigins: must(list(origin)),
  clientIdShape: must(differing.clientIdShape),
  lookalikes: may(differing.lookalikes),
  clientSecretPrefixes: may(list(text({ most: 40 }))),
  consoleFile: may(consoleFile),
  guide: must(differing.guide),
  probesAtOnce: must(whole(1, 20)),
});
