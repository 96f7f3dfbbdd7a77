// Clients: what is registered, who asks at an endpoint, and what the seed tells of them.
import { Secret } from '../../model/secret.ts';
import type { Call } from '../call.ts';
import type { Params } from '../params.ts';
import type { SeededApp } from '../sandbox.ts';

export interface AuthorityClient {
  /** The kind of app, by the name that people choose it by: `public`, `oauth-app`. */
  readonly kind: string;
  readonly id: string;
  /** A public client has none. */
  readonly secret: string | undefined;
  readonly redirectUris: readonly string[];
}

type Place = 'basic' | 'body';

export interface Credentials {
  readonly id: string | undefined;
  readonly secret: string | undefined;
  readonly by: Place;
}

/** HTTP Basic or the body: one way per request (RFC 6749 §2.3). */
export function readCredentials(call: Call, body: Params): Credentials {
  const basic = /^basic +([A-Za-z0-9+/]+=*)$/i.exec(call.headers.authorization ?? '')?.[1];
  const posted: Credentials = { id: body.get('client_id'), secret: body.get('client_secret'), by: 'body' };
  if (basic === undefined) return posted;
  if (posted.secret !== undefined) call.violation('two_client_auths', 'the secret came in the header and in the body');
  const text = Buffer.from(basic, 'base64').toString();
  const colon = text.indexOf(':');
  if (colon === -1) return posted;
  return { id: decoded(text.slice(0, colon)), secret: decoded(text.slice(colon + 1)) || undefined, by: 'basic' };
}

/** RFC 6749 §2.3.1 encodes both halves; what does not decode was sent raw. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

export interface ClientRule<C extends AuthorityClient> {
  readonly clients: readonly C[];
  /** Where this endpoint takes credentials. */
  readonly places: readonly Place[];
  /** This request may do without the secret, whatever the client is. */
  readonly secretOptional?: boolean;
}

export type ClientRefusal =
  | 'id_missing'
  | 'unknown'
  | 'wrong_place'
  | 'secret_missing'
  | 'secret_unwanted'
  | 'secret_wrong'
  /** By the switch `expired-secret`. */
  | 'secret_over';

export type JudgedClient<C extends AuthorityClient> =
  | { readonly ok: true; readonly client: C }
  | { readonly ok: false; readonly why: ClientRefusal; readonly client: C | undefined };

/** Notes what a correct client would not have sent. A wrong value is not a slip: people mistype. */
export function judgeClient<C extends AuthorityClient>(
  call: Call,
  given: Credentials,
  rule: ClientRule<C>,
): JudgedClient<C> {
  const client = rule.clients.find(({ id }) => id === given.id);
  const refused = (why: ClientRefusal, says?: string): JudgedClient<C> => {
    if (says !== undefined) call.violation(why === 'id_missing' ? 'client_id_missing' : why, says);
    return { ok: false, why, client };
  };
  if (given.id === undefined) return refused('id_missing', 'no client_id');
  if (!rule.places.includes(given.by))
    return refused('wrong_place', `the client's credentials came by ${given.by}, not by ${rule.places.join(' or ')}`);
  if (client === undefined) return refused('unknown');
  if (given.secret === undefined) {
    if (client.secret === undefined || rule.secretOptional) return { ok: true, client };
    return refused('secret_missing', `the ${client.kind} client came without its secret`);
  }
  if (client.secret === undefined)
    return refused('secret_unwanted', `a secret came from the ${client.kind} client, which has none`);
  if (call.switched('expired-secret') !== undefined) return refused('secret_over');
  return given.secret === client.secret ? { ok: true, client } : refused('secret_wrong');
}

/** What the client of the tests and of `--sandbox` is told; the first client is the default. */
export function seededApp(clients: readonly AuthorityClient[], account: SeededApp['account']): SeededApp {
  const entries = clients.map(({ kind, id, secret, redirectUris }) => {
    const clientSecret = secret === undefined ? undefined : new Secret(secret);
    return [kind, { clientId: id, clientSecret, redirectUris }] as const;
  });
  const first = entries[0]?.[1];
  if (first === undefined) throw new TypeError('a family needs a client');
  const { clientId, clientSecret } = first;
  return { clientId, clientSecret, account, clients: Object.fromEntries(entries) };
}

/** Registered ports: what a person would have typed into the provider's console. */
export function registeredLoopbacks(host: string, path: string): readonly string[] {
  return [8252, 8253, 8254].map((port) => `http://${host}:${port}${path}`);
}
