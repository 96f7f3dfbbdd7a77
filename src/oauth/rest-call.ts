// Calls beside OAuth's own endpoints, built from provider data: probes, and revocation by REST.
import type { RestCall } from '../model/provider.ts';
import type { Secret } from '../model/secret.ts';
import { filled, filledAll, filledUrl } from '../model/templates.ts';
import { clientAuth, clientBasic } from './client-auth.ts';
import type { Question } from './guarded-fetch.ts';
import type { Held } from './held.ts';
import type { Peer } from './peer.ts';
import { valuesOf } from './templates.ts';

/** The Authorization header that the provider's API takes. */
export function apiAuthorization(peer: Peer, held: Held): string {
  return filled(peer.provider.apiAuth ?? 'Bearer {access_token}', valuesOf(peer, held));
}

/** `meant`: the token that the call is about. */
export function questionOf(peer: Peer, call: RestCall, held: Held, meant: Secret, what: string): Question {
  const values = valuesOf(peer, held, meant);
  const form = new URLSearchParams();
  const headers = new Headers({ accept: 'application/json', ...call.headers });
  const json = typeof call.body === 'object' && 'json' in call.body ? filledAll(call.body.json, values) : undefined;
  if (typeof call.body === 'object' && 'form' in call.body) {
    for (const [name, value] of Object.entries(filledAll(call.body.form, values))) form.set(name, value);
  }
  authenticate(peer, call, held, meant, form, headers);
  // A client that proves itself in the body does so in a JSON one too.
  const members = json === undefined ? form.toString() : JSON.stringify({ ...json, ...Object.fromEntries(form) });
  const body = call.body === 'none' ? undefined : members;
  if (body !== undefined) headers.set('content-type', json === undefined ? formType : 'application/json');
  return {
    method: call.method,
    url: filledUrl(call.url, values),
    shown: call.url,
    headers: Object.fromEntries(headers),
    body,
    what,
    secrets: secretsOf(peer, held, meant),
  };
}

const formType = 'application/x-www-form-urlencoded';

function authenticate(
  peer: Peer,
  { auth }: RestCall,
  held: Held,
  meant: Secret,
  form: URLSearchParams,
  headers: Headers,
): void {
  const server = { issuer: peer.provider.issuer };
  const client = { client_id: peer.app.clientId };
  if (auth === 'token') headers.set('authorization', `Bearer ${meant.reveal()}`);
  if (auth === 'api') headers.set('authorization', apiAuthorization(peer, held));
  if (auth === 'client') clientAuth(peer)(server, client, form, headers);
  if (auth === 'basic') clientBasic(peer)(server, client, form, headers);
}

/** What must not come back in an error, nor show in a trace. */
export function secretsOf(
  { clientSecret }: Pick<Peer, 'clientSecret'>,
  { tokens }: Held,
  meant: Secret | null = null,
): readonly string[] {
  const secrets = [meant, tokens.access, tokens.refresh, clientSecret ?? null];
  return secrets.flatMap((secret) => (secret === null ? [] : [secret.reveal()]));
}
