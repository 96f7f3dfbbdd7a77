// openid-client set up for one peer and one request.
import { allowInsecureRequests, type ClientAuth, Configuration, customFetch } from 'openid-client';
import type { Wire } from './guarded-fetch.ts';
import type { Peer } from './peer.ts';

export function openClient({ provider, app }: Peer, auth: ClientAuth, wire: Wire): Configuration {
  const { endpoints } = provider;
  const metadata = {
    issuer: provider.issuer,
    authorization_endpoint: endpoints.authorization,
    ...(endpoints.token === null ? {} : { token_endpoint: endpoints.token }),
    ...(endpoints.revocation === null ? {} : { revocation_endpoint: endpoints.revocation }),
    ...(endpoints.introspection === null ? {} : { introspection_endpoint: endpoints.introspection }),
    ...(endpoints.deviceAuthorization === null ? {} : { device_authorization_endpoint: endpoints.deviceAuthorization }),
  };
  const client = new Configuration(metadata, app.clientId, undefined, auth);
  client[customFetch] = wire.fetch;
  // Its switch for http covers everything at once; the wire judges every address by itself.
  allowInsecureRequests(client);
  // 0: no clock of its own; the Fetch port ends every exchange in time.
  client.timeout = 0;
  return client;
}
