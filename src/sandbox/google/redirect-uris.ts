// Where a code may be sent. Compared as text: https://developers.google.com/identity/protocols/oauth2/native-app#redirect-uri_loopback
import type { GoogleClient } from './project.ts';

/** Any port and path of a loopback literal, nothing registered; `localhost` is allowed too. No fragment, no user name. */
const loopback = /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(:\d{1,5})?([/?][^#\s]*)?$/;

export interface RedirectComplaint {
  readonly error: 'redirect_uri_mismatch' | 'invalid_request';
  readonly status: 400;
  readonly words: string;
  /** Whether the client is at fault, and not who registered it. */
  readonly slip: boolean;
}

export function redirectComplaint(client: GoogleClient, uri: string): RedirectComplaint | undefined {
  if (uri.startsWith('urn:ietf:wg:oauth:2.0:oob'))
    return {
      error: 'invalid_request',
      status: 400,
      words: 'The out-of-band (OOB) flow has been blocked. Use a loopback address instead.',
      slip: true,
    };
  const fits = client.type === 'desktop' ? loopback.test(uri) && URL.canParse(uri) : client.redirectUris.includes(uri);
  if (fits) return undefined;
  const words =
    client.type === 'desktop'
      ? 'A Desktop client is sent to http://127.0.0.1 or http://[::1], any port and path, and nowhere else.'
      : 'This address is not registered for the client, letter for letter.';
  return { error: 'redirect_uri_mismatch', status: 400, words, slip: client.type === 'desktop' };
}
