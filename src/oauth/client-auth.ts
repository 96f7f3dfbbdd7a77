// How the app proves itself at the token, device, revocation and introspection endpoints (RFC 6749 §2.3.1).
import { type ClientAuth, ClientSecretPost, None } from 'openid-client';
import type { Peer } from './peer.ts';

/** An app without a secret authenticates by its id alone, whatever its data says. */
export function clientAuth({ app, clientSecret }: Peer): ClientAuth {
  if (clientSecret === undefined) return None();
  const secret = clientSecret.reveal();
  switch (app.clientAuth) {
    case 'none':
      return None();
    case 'post':
      return ClientSecretPost(secret);
    case 'basic':
      // Not openid-client's own: it escapes "-", "_", "." and "~" too, which servers that compare without decoding refuse.
      return basic(encodeURIComponent(app.clientId), encodeURIComponent(secret));
    case 'basic-raw':
      return basic(app.clientId, secret);
  }
}

/** HTTP Basic, whatever the token endpoint wants: some providers' REST APIs take nothing else. */
export function clientBasic(peer: Peer): ClientAuth {
  const isRaw = peer.app.clientAuth === 'basic-raw';
  return clientAuth({ ...peer, app: { ...peer.app, clientAuth: isRaw ? 'basic-raw' : 'basic' } });
}

function basic(user: string, password: string): ClientAuth {
  const credentials = Buffer.from(`${user}:${password}`, 'utf8').toString('base64');
  return (_server, _client, _body, headers) => headers.set('authorization', `Basic ${credentials}`);
}

/** Says nothing about the client: for endpoints that want the token only. */
export const withoutClient: ClientAuth = () => {};
