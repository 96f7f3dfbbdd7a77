// The form of the calls that carry a token: probes, and how a grant is ended and its end is shown.
import type { Probe, RestCall, Revocation } from './provider.ts';
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
  type Reader,
  refuse,
  table,
  text,
  whole,
} from './shape.ts';
import {
  appPage,
  callAddress,
  headerName,
  parameterName,
  pointer,
  pointerOrTemplate,
  scope,
  slug,
  template,
  words,
} from './wire-shapes.ts';

const pointers = list(pointer);
const texts = list(pointerOrTemplate);
const filled = template('client_id', 'access_token', 'token');
const headers = table(headerName, filled);
const form = table(parameterName, filled);

const probeShape = object<Probe>({
  method: otherwise(oneOf('GET', 'POST'), 'GET'),
  url: must(callAddress),
  token: otherwise(
    (value, at) => (value === 'header' ? value : object({ field: must(parameterName) })(value, at)),
    'header',
  ),
  headers: otherwise(headers, {}),
  body: may(oneOf('none')),
  needsAnyScope: otherwise(list(scope), []),
  accountIdAt: otherwise(texts, []),
  accountNameAt: otherwise(texts, []),
  clientIdAt: otherwise(pointers, []),
  scopeAt: otherwise(pointers, []),
  scopesHeader: may(headerName),
  expiresAt: may(pointer),
  activeAt: may(pointer),
  clientAuth: otherwise(flag, false),
});

export const probe: Reader<Probe> = (value, at) => {
  const read = probeShape(value, at);
  if (read.token !== 'header' && read.method !== 'POST') refuse(`${at}/token`, "in a field needs the method 'POST'");
  if (read.token !== 'header' && read.body === 'none') refuse(`${at}/body`, 'leaves the field out that has the token');
  return read;
};

const callShape = object<RestCall>({
  method: must(oneOf('GET', 'POST', 'DELETE')),
  url: must(callAddress),
  auth: must(oneOf('token', 'api', 'client', 'basic', 'none')),
  headers: may(headers),
  body: must((value, at) => {
    if (value === 'none') return value;
    const isForm = typeof value === 'object' && value !== null && 'form' in value;
    return isForm ? object({ form: must(form) })(value, at) : object({ json: must(form) })(value, at);
  }),
});

const call: Reader<RestCall> = (value, at) => {
  const read = callShape(value, at);
  // RFC 9110 §9.3.1: a body in a GET has no meaning, and servers refuse it.
  if (read.method === 'GET' && read.body !== 'none') refuse(`${at}/body`, "must be 'none' in a GET");
  return read;
};

export const revocation = object<Revocation>({
  kind: must(oneOf('rfc7009', 'rest', 'none')),
  call: may(call),
  steps: must(list(oneOf('refresh', 'access'))),
  clientAuth: must(flag),
  needsSecret: may(only(true)),
  bestEffort: may(only(true)),
  kills: must(oneOf('token', 'grant', 'group')),
  group: must(
    orNull(
      object({
        id: must(slug),
        says: must(words),
        clientIdUntil: may(text({ most: 20 })),
        withoutRefresh: may(only(true)),
      }),
    ),
  ),
  proof: must(oneOf('probe', 'introspect', 'check', 'none')),
  check: may(object({ call: must(call), deadStatus: must(whole(200, 499)) })),
  finishAt: must(orNull(appPage)),
  finishAtFor: may(list(object({ accountIdStarts: must(text({ most: 100 })), url: must(appPage) }), 1)),
  leaves: may(words),
});
