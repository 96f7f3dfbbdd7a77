// Readers of what goes over the wire: URLs, origins, scopes, parameter and header names, JSON pointers.
import { type Reader, refuse, text } from './shape.ts';

const asciiUrl = text({ most: 2_000, fits: /^[\x21-\x5b\x5d-\x7e]+$/, wants: 'a URL of printable ASCII characters' });

const loopbackHosts: readonly string[] = ['127.0.0.1', '[::1]', 'localhost'];

/** An address that tokens, codes or secrets go to: https, or http to this machine. No user, no fragment. */
export const endpoint: Reader<string> = (value, at) => {
  const url = parsed(value, at);
  const safe = url.protocol === 'https:' || (url.protocol === 'http:' && loopbackHosts.includes(url.hostname));
  if (!safe) refuse(at, 'must be https, or http on a loopback address');
  return String(value);
};

/** An address that a person opens. */
export const page: Reader<string> = (value, at) => {
  if (parsed(value, at, { fragment: true }).protocol !== 'https:') refuse(at, 'must be https');
  return String(value);
};

/** RFC 8414 §2: no query, no fragment. Kept as written: issuers are compared byte for byte. */
export const issuer: Reader<string> = (value, at) => {
  const url = endpoint(value, at);
  if (url.includes('?')) refuse(at, 'must have no query');
  return url;
};

export const origin: Reader<string> = (value, at) => {
  const url = endpoint(value, at);
  if (new URL(url).origin !== url) refuse(at, `must be an origin, such as '${new URL(url).origin}'`);
  return url;
};

function parsed(value: unknown, at: string, allow: { readonly fragment?: boolean } = {}): URL {
  const written = asciiUrl(value, at);
  const url = URL.canParse(written) ? new URL(written) : refuse(at, 'must be a URL');
  // `HTTPS://` and `https:host` are URLs too, but would be compared as text elsewhere.
  if (!written.startsWith(`${url.protocol}//`)) refuse(at, "must begin with 'https://' in lower case");
  if (url.username !== '' || url.password !== '') refuse(at, 'must not carry a user or password');
  if (allow.fragment !== true && written.includes('#')) refuse(at, 'must have no fragment');
  return url;
}

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
  if (protocolParameters.includes(name)) refuse(at, 'is a parameter that oauthctl sets itself');
  return name;
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
  'request',
  'request_uri',
];
