// A server's own description (RFC 8414 §2, OpenID Connect Discovery §3), read member by member and refused by name.
import { CliError } from '../errors.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Endpoints } from '../model/provider.ts';
import { checkEndpoint, isThisMachine } from './endpoints.ts';
import { plainText } from './foreign-text.ts';

export interface ServerMetadata {
  readonly issuer: string;
  readonly endpoints: Endpoints;
  /** Null where the server does not say. */
  readonly authMethods: readonly string[] | null;
  readonly pkceMethods: readonly string[] | null;
  /** RFC 9207 §3. */
  readonly issInCallback: boolean;
  readonly docsUrl: string | null;
}

const members = {
  authorization: 'authorization_endpoint',
  token: 'token_endpoint',
  revocation: 'revocation_endpoint',
  introspection: 'introspection_endpoint',
  userinfo: 'userinfo_endpoint',
  deviceAuthorization: 'device_authorization_endpoint',
  jwks: 'jwks_uri',
} as const;

/** `issuer`: as configured; whether the document names the same one has been checked. */
export function readMetadata(issuer: string, document: JsonObject): ServerMetadata {
  const read = (name: string) => readEndpoint(issuer, name, document[name]);
  const must = (name: string): string => {
    const address = read(name);
    if (address !== null) return address;
    throw new CliError('grant_unsupported', `${issuer} names no ${name}: nobody can sign in there`, {
      hint: 'oauthctl provider add NAME --file FILE.json states the endpoints by hand',
    });
  };
  const endpoints: Endpoints = {
    authorization: must(members.authorization),
    token: must(members.token),
    revocation: read(members.revocation),
    introspection: read(members.introspection),
    userinfo: read(members.userinfo),
    deviceAuthorization: read(members.deviceAuthorization),
    jwks: read(members.jwks),
  };
  return {
    issuer,
    endpoints,
    authMethods: readTexts(document.token_endpoint_auth_methods_supported),
    pkceMethods: readTexts(document.code_challenge_methods_supported),
    issInCallback: document.authorization_response_iss_parameter_supported === true,
    docsUrl: readHttps(document.service_documentation),
  };
}

/**
 * Absent and null are no endpoint. Other hosts are common (Google, Cognito) and the issuer vouches for them over TLS;
 * but a public server has no business on this machine, and a local one, which nobody vouches for, none elsewhere.
 */
function readEndpoint(issuer: string, name: string, value: Json | undefined): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') throw refused(issuer, `its ${name} is not a text`);
  const url = checkEndpoint(value, issuer, `${new URL(issuer).host}'s ${name}`);
  const isLocal = isThisMachine(url);
  if (isLocal === isThisMachine(new URL(issuer))) return value;
  const why = isLocal ? 'an address of this machine' : 'a foreign host, and it is a loopback server';
  throw refused(issuer, `its ${name} '${plainText(value)}' is ${why}`);
}

function refused(issuer: string, why: string): CliError {
  return new CliError('bad_response', `the metadata of ${issuer} is refused: ${why}`, {
    hint: 'oauthctl provider add NAME --file FILE.json states the endpoints by hand',
  });
}

function readTexts(value: Json | undefined): readonly string[] | null {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : null;
}

function readHttps(value: Json | undefined): string | null {
  return typeof value === 'string' && URL.canParse(value) && new URL(value).protocol === 'https:' ? value : null;
}
