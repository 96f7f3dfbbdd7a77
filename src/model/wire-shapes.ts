// Readers of the small parts: URLs, origins, templates, scopes, parameter and header names, JSON pointers, words.
import { oneOf, type Reader, refuse, table, text, whole } from './shape.ts';

const asciiUrl = text({ most: 2_000, fits: /^[\x21-\x5b\x5d-\x7e]+$/, wants: 'a URL of printable ASCII characters' });

const loopbackHosts: readonly string[] = ['127.0.0.1', '[::1]', 'localhost'];

/** An address that tokens, codes or secrets go to: https, or http to this machine. No user, no fragment. */
function secretAddress(...names: readonly string[]): Reader<string> {
  return (value, at) => {
    const url = parsed(value, at, { names });
    const safe = url.protocol === 'https:' || (url.protocol === 'http:' && loopbackHosts.includes(url.hostname));
    if (!safe) refuse(at, 'must be https, or http on a loopback address');
    return String(value);
  };
}

/** One address for each tenant, where there are tenants. */
export const endpoint = secretAddress('tenant');

/** Of a probe or another call that is no OAuth endpoint. */
export const callAddress = secretAddress('client_id', 'access_token', 'token');

function pageWith(...names: readonly string[]): Reader<string> {
  return (value, at) => {
    if (parsed(value, at, { names, fragment: true }).protocol !== 'https:') refuse(at, 'must be https');
    return String(value);
  };
}

/** An address that a person opens. */
export const page = pageWith();
export const appPage = pageWith('client_id');

/** RFC 8414 §2: no query, no fragment. Kept as written: issuers are compared byte for byte. */
export const issuer: Reader<string> = (value, at) => {
  const url = endpoint(value, at);
  if (url.includes('?')) refuse(at, 'must have no query');
  return url;
};

export const origin: Reader<string> = (value, at) => {
  const url = secretAddress()(value, at);
  if (new URL(url).origin !== url) refuse(at, `must be an origin, such as '${new URL(url).origin}'`);
  return url;
};

interface Allowed {
  readonly names: readonly string[];
  readonly fragment?: boolean;
}

/** What fills a template is not known here, so it may stand after the host only: a host is never made of a token. */
function parsed(value: unknown, at: string, allow: Allowed): URL {
  const template = asciiUrl(value, at);
  if (/^[a-z]*:\/*[^/]*[{}]/.test(template)) refuse(at, 'must have no template in its host');
  const written = checkTemplate(template, at, allow.names).replaceAll(placeholder, 'x');
  const url = URL.canParse(written) ? new URL(written) : refuse(at, 'must be a URL');
  // `HTTPS://` and `https:host` are URLs too, but would be compared as text elsewhere.
  if (!written.startsWith(`${url.protocol}//`)) refuse(at, "must begin with 'https://' in lower case");
  if (url.username !== '' || url.password !== '') refuse(at, 'must not carry a user or password');
  if (allow.fragment !== true && written.includes('#')) refuse(at, 'must have no fragment');
  return url;
}

const placeholder = /\{([^{}]*)\}/g;

function checkTemplate(text: string, at: string, names: readonly string[]): string {
  for (const [whole, name = ''] of text.matchAll(placeholder)) {
    if (names.includes(name)) continue;
    const known = names.length === 0 ? 'there are none here' : `only ${names.map((one) => `{${one}}`).join(' ')}`;
    refuse(at, `must not have the template ${whole}: ${known}`);
  }
  if (/[{}]/.test(text.replaceAll(placeholder, ''))) refuse(at, 'has a brace that opens or closes no template');
  return text;
}

/** Printable ASCII, in which these names may stand in braces. */
export function template(...names: readonly string[]): Reader<string> {
  const written = text({ most: 500, fits: /^[\x20-\x7e]+$/, wants: 'printable ASCII' });
  return (value, at) => checkTemplate(written(value, at), at, names);
}

/** A sentence for people. */
export const words = text({ most: 500 });

export const seconds = whole(0, 3_155_760_000);

/** RFC 6749 §3.3. */
export const scope = text({
  most: 300,
  fits: /^[\x21\x23-\x5b\x5d-\x7e]+$/,
  wants: 'one scope, without spaces or quotes',
});

/** Names that users type and files are made of: the same form as a provider's. */
export const slug = text({
  most: 32,
  fits: /^[a-z][a-z0-9-]*$/,
  wants: "a lower-case letter, then letters, digits or '-'",
});

export const pointer = text({ most: 300, fits: /^(\/([^~/]|~[01])*)+$/, wants: "a JSON pointer, such as '/user/id'" });

/** A pointer, or a text with pointers in braces. */
export const pointerOrTemplate: Reader<string> = (value, at) => {
  if (typeof value !== 'string' || value.startsWith('/')) return pointer(value, at);
  const wanted = "must be a JSON pointer, or a template of some, such as '{/team/id}:{/user/id}'";
  const written = text({ most: 300 })(value, at);
  const pointers = [...written.matchAll(placeholder)].map(([, inside]) => inside ?? '');
  if (pointers.length === 0) refuse(at, wanted);
  for (const inside of pointers) pointer(inside, at);
  return checkTemplate(written, at, pointers);
};

/** RFC 9110 §5.6.2, in lower case. What the program itself sets cannot be set from data. */
export const headerName: Reader<string> = (value, at) => {
  const name = text({ most: 100, fits: /^[a-z0-9!#$%&'*+.^_`|~-]+$/, wants: 'a header name in lower case' })(value, at);
  if (['authorization', 'cookie', 'host', 'content-length', 'content-type'].includes(name)) {
    refuse(at, 'is a header that oauthctl sets itself');
  }
  return name;
};

export const headerValue = text({ most: 500, fits: /^[\x20-\x7e]*$/, wants: 'printable ASCII' });

export const parameterName = text({ most: 100, fits: /^[A-Za-z0-9_.-]+$/, wants: 'a parameter name' });

/** Parameters that carry the protocol's own defences (RFC 6749, 7636, 8707, OpenID Connect): never set from data. */
export const freeParameterName: Reader<string> = (value, at) => {
  const name = parameterName(value, at);
  if (protocolParameters.includes(name.toLowerCase())) refuse(at, 'is a parameter that oauthctl sets itself');
  return name;
};

/** Of a refresh, where the scopes are named again. */
export const refreshParameterName: Reader<string> = (value, at) =>
  value === 'scope' ? value : freeParameterName(value, at);

/** The protocol's own names that a provider may call otherwise. */
export const protocolName = oneOf(
  'client_id',
  'redirect_uri',
  'response_type',
  'response_mode',
  'scope',
  'state',
  'login_hint',
);

/** Values of the protocol's own parameters that weaken nothing. Who gets a token back at once is held in provider-consistency.ts. */
const harmless: Readonly<Record<string, string>> = { response_mode: 'query', response_type: 'token' };

/** Parameters of the authorization request. */
export const authorizeParameters: Reader<Readonly<Record<string, string>>> = (value, at) => {
  const parameters = table(parameterName, text({ most: 500 }))(value, at);
  for (const [name, given] of Object.entries(parameters)) {
    if (harmless[name] !== given) freeParameterName(name, `${at}/${name}`);
  }
  return parameters;
};

const protocolParameters = [
  'client_id',
  'client_secret',
  'redirect_uri',
  'response_type',
  'response_mode',
  'scope',
  'state',
  'nonce',
  'code',
  'code_challenge',
  'code_challenge_method',
  'code_verifier',
  'grant_type',
  'refresh_token',
  'request',
  'request_uri',
];
