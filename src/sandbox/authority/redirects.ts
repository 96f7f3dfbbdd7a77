// Where a code may be sent: the rules that providers compare redirect addresses by. A family may bring its own.
import type { AuthorityClient } from './clients.ts';

/** Whether an address that was sent is good for a client. */
export type RedirectRule = (client: AuthorityClient, uri: string) => boolean;

/** Letter for letter: RFC 9700 §4.1.3. */
export const exactly: RedirectRule = (client, uri) => client.redirectUris.includes(uri);

/** Letter for letter but for the port of a loopback address: RFC 8252 §7.3. */
export const anyLoopbackPort: RedirectRule = (client, uri) =>
  exactly(client, uri) || client.redirectUris.some((registered) => withoutPort(registered) === withoutPort(uri));

/** A registered address, or one below its path. Host, scheme and port are the same. */
export const below: RedirectRule = (client, uri) =>
  exactly(client, uri) ||
  client.redirectUris.some((registered) => {
    const folder = registered.endsWith('/') ? registered : `${registered}/`;
    return uri.startsWith(folder) && !uri.includes('..') && !uri.includes('#');
  });

function withoutPort(uri: string): string {
  return uri.replace(/^(http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])):\d{1,5}(?=[/?]|$)/, '$1');
}
