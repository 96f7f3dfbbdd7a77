// A complete provider from what a server says of itself; the RFCs' defaults for the rest.
import { CliError } from '../errors.ts';
import { plainProvider } from '../model/plain-provider.ts';
import type { ClientAuth, Provider, Revocation } from '../model/provider.ts';
import { plainText } from './foreign-text.ts';
import type { ServerMetadata } from './server-metadata.ts';

export interface ProviderChoices {
  readonly scopes: readonly string[];
  readonly apiOrigins: readonly string[];
}

/** Throws `grant_unsupported` when the server takes no client authentication that we have. */
export function providerFromMetadata(
  id: string,
  metadata: ServerMetadata,
  { scopes, apiOrigins }: ProviderChoices,
): Provider {
  const { issuer, endpoints, docsUrl } = metadata;
  const plain = plainProvider({ id, name: id, issuer, endpoints });
  const clientAuth = chooseClientAuth(metadata);
  const asksIdentity = scopes.includes('openid');
  return {
    ...plain,
    docsUrl,
    clientAuth,
    kinds: plain.kinds.map((kind) => (clientAuth === 'none' ? { ...kind, secret: 'never' } : kind)),
    pkce: choosePkce(metadata),
    iss: metadata.issInCallback ? 'required' : plain.iss,
    // OpenID Connect Core §11: without it the server must drop `offline_access`, and no refresh token comes.
    authorizeParams: scopes.includes('offline_access') ? { prompt: 'consent' } : {},
    scopes: {
      ...plain.scopes,
      default: scopes,
      // Many servers grant these two and do not list them; an id_token or a refresh token shows that they did.
      known: {
        openid: { says: 'who you are', class: 'plain', notEchoed: true },
        offline_access: { says: 'a refresh token', class: 'plain', notEchoed: true },
      },
    },
    revocation: chooseRevocation(plain.revocation, endpoints.userinfo !== null && asksIdentity),
    silentFailures: [
      `${issuer} does not know the client id`,
      'the server showed an error of its own in the browser and sent nobody back',
    ],
    apiOrigins,
    guide: [
      { text: `Register a native client at ${issuer}.`, ...(docsUrl === null ? {} : { url: docsUrl }) },
      {
        text: `Register the redirect URI http://127.0.0.1/callback/${id}. If the server compares the port too, register one with a port and connect with --port.`,
      },
      { text: `Store its client id and secret: oauthctl app set ${id}` },
    ],
  };
}

/** RFC 8414 §2: left out, it means `client_secret_basic`. */
function chooseClientAuth({ issuer, authMethods }: ServerMetadata): ClientAuth {
  const methods = authMethods ?? ['client_secret_basic'];
  if (methods.includes('client_secret_basic')) return 'basic';
  if (methods.includes('client_secret_post')) return 'post';
  if (methods.includes('none')) return 'none';
  throw new CliError('grant_unsupported', `${issuer} authenticates apps only by ${plainText(methods.join(', '))}`, {
    hint: 'oauthctl takes client_secret_basic, client_secret_post and none',
  });
}

/** Silence rules nothing out: RFC 6749 §3.1 has a server ignore parameters that it does not know. */
function choosePkce({ pkceMethods }: ServerMetadata): Provider['pkce'] {
  return pkceMethods === null || pkceMethods.includes('S256') ? 'supported' : 'unsupported';
}

/** Any token of the grant may ask for userinfo, but not every app may introspect. */
function chooseRevocation(plain: Revocation, hasUserinfo: boolean): Revocation {
  return plain.kind !== 'none' && hasUserinfo ? { ...plain, proof: 'probe' } : plain;
}
