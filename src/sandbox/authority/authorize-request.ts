// Reads an authorization request by a family's rule and says what is wrong with it (RFC 6749 §4.1.1, RFC 7636 §4.3).
import type { Call } from '../call.ts';
import type { Params } from '../params.ts';
import type { AuthorityClient } from './clients.ts';
import { isVerifier, storedChallenge } from './pkce.ts';
import type { RedirectRule } from './redirects.ts';

/** `required`: nothing goes without a challenge. `silent`: this server knows no PKCE, and sending it is a slip. */
/** `either`: a correct client may leave it out. */
type PkceRule = 'required' | 'supported' | 'either' | 'silent';

type ParameterName = 'client_id' | 'redirect_uri' | 'response_type';

/** How a family's authorization endpoint reads what it is asked. */
export interface RequestRule<C extends AuthorityClient> {
  readonly clients: readonly C[];
  /** Parameters that have another name here. */
  readonly names?: Readonly<Partial<Record<ParameterName, string>>>;
  readonly responseTypes: readonly string[];
  /** It may be left out. */
  readonly responseType?: 'optional';
  readonly redirect: RedirectRule;
  /** Where the browser is sent instead of the address as it was given; undefined: as given. */
  returnsTo?(uri: string): string | undefined;
  /** The error for a wrong address goes to the first registered one instead of a page. */
  readonly misdirected?: 'first-registered';
  /** What happens without an address. Left out: it is wanted. */
  readonly withoutRedirect?: 'first-registered' | 'shown';
  /** The address that stands for showing the code on a page. */
  readonly shownUri?: string;
  pkce(client: C): PkceRule;
  /** A state is not used here. */
  readonly state?: 'none';
  /** The scopes that are asked for, or what is wrong with them. Left out: there are none. */
  scopes?(call: Call, params: Params, client: C): readonly string[] | Complaint;
  /** What else may be wrong. */
  further?(call: Call, asked: Asked<C>): Complaint | undefined;
  /** Where errors go once the address is known to be good. */
  readonly tells: Complaint['shown'];
}

export interface Asked<C extends AuthorityClient> {
  readonly client: C;
  /** Where the browser goes afterwards; undefined: the code is shown for copying. */
  readonly goesTo: string | undefined;
  /** As it was sent; null: left out. */
  readonly redirectUri: string | null;
  readonly scopes: readonly string[];
  readonly state: string | undefined;
  /** In S256 form. */
  readonly challenge: string | null;
  readonly params: Params;
}

export interface Complaint {
  readonly error: string;
  readonly words: string;
  readonly shown: 'page' | 'callback';
  /** The violation, when the client is at fault and not its registration or a person. */
  readonly slip?: string;
  readonly status?: number;
}

export type Judged<C extends AuthorityClient> =
  | { readonly ok: true; readonly asked: Asked<C> }
  /** `asked`: undefined as long as nobody knows where an error may be sent. */
  | { readonly ok: false; readonly asked: Asked<C> | undefined; readonly complaint: Complaint };

export function judgeRequest<C extends AuthorityClient>(call: Call, params: Params, rule: RequestRule<C>): Judged<C> {
  const nameOf = (name: ParameterName) => rule.names?.[name] ?? name;
  const given = params.get(nameOf('client_id'));
  const client = rule.clients.find(({ id }) => id === given);
  if (client === undefined) return { ok: false, asked: undefined, complaint: clientComplaint(nameOf, given) };
  const uri = params.get(nameOf('redirect_uri'));
  const scopes = rule.scopes?.(call, params, client) ?? [];
  const asked: Asked<C> = {
    client,
    goesTo: goesTo(client, uri, rule),
    redirectUri: uri ?? null,
    scopes: isComplaint(scopes) ? [] : scopes,
    state: params.get('state'),
    challenge: rule.pkce(client) === 'silent' ? null : storedChallenge(params),
    params,
  };
  const misdirected = redirectComplaint(client, uri, nameOf, rule);
  if (misdirected !== undefined) return misled(asked, misdirected, rule);
  const complaint =
    typeComplaint(params, nameOf('response_type'), rule) ??
    repeatedComplaint(params, rule) ??
    pkceComplaint(params, rule.pkce(client), rule) ??
    (isComplaint(scopes) ? scopes : undefined) ??
    rule.further?.(call, asked);
  return complaint === undefined ? { ok: true, asked } : { ok: false, asked, complaint };
}

function isComplaint(value: readonly string[] | Complaint): value is Complaint {
  return !Array.isArray(value);
}

type NameOf = (name: ParameterName) => string;

function clientComplaint(nameOf: NameOf, given: string | undefined): Complaint {
  return {
    error: given === undefined ? 'invalid_request' : 'invalid_client',
    words: `Missing or invalid ${nameOf('client_id')}.`,
    shown: 'page',
    ...(given === undefined ? { slip: 'client_id_missing' } : {}),
  };
}

/** An address that is not registered is most often the registration's fault; one that is registered in another spelling is the client's. */
function redirectComplaint<C extends AuthorityClient>(
  client: C,
  uri: string | undefined,
  nameOf: NameOf,
  rule: RequestRule<C>,
): Complaint | undefined {
  const page: Complaint = {
    shown: 'page',
    error: 'invalid_request',
    words: `Missing or invalid ${nameOf('redirect_uri')}.`,
  };
  if (uri === undefined) return rule.withoutRedirect === undefined ? { ...page, slip: 'redirect_missing' } : undefined;
  if (uri === rule.shownUri || rule.redirect(client, uri)) return undefined;
  const misspelt = otherSpellings(uri).some((spelling) => rule.redirect(client, spelling));
  return misspelt ? { ...page, slip: 'redirect_spelling' } : page;
}

function otherSpellings(uri: string): string[] {
  const hosts = [uri.replace('//localhost', '//127.0.0.1'), uri.replace('//127.0.0.1', '//localhost')];
  return hosts.flatMap((spelling) => [spelling, `${spelling}/`, spelling.replace(/\/$/, '')]);
}

function misled<C extends AuthorityClient>(asked: Asked<C>, complaint: Complaint, rule: RequestRule<C>): Judged<C> {
  const registered = asked.client.redirectUris[0];
  if (rule.misdirected === undefined || registered === undefined) return { ok: false, asked: undefined, complaint };
  return {
    ok: false,
    asked: { ...asked, goesTo: registered },
    complaint: { ...complaint, error: 'redirect_uri_mismatch', shown: 'callback' },
  };
}

function goesTo<C extends AuthorityClient>(
  client: C,
  uri: string | undefined,
  rule: RequestRule<C>,
): string | undefined {
  if (uri === undefined) return rule.withoutRedirect === 'first-registered' ? client.redirectUris[0] : undefined;
  if (uri === rule.shownUri) return undefined;
  return rule.returnsTo?.(uri) ?? uri;
}

type Tells = Pick<RequestRule<AuthorityClient>, 'tells'>;

function typeComplaint(
  params: Params,
  name: string,
  rule: Tells & Pick<RequestRule<AuthorityClient>, 'responseType' | 'responseTypes'>,
): Complaint | undefined {
  const type = params.get(name);
  if (type === undefined && rule.responseType === 'optional') return undefined;
  if (type !== undefined && rule.responseTypes.includes(type)) return undefined;
  const error = type === undefined ? 'invalid_request' : 'unsupported_response_type';
  return { error, words: `Missing or invalid ${name}.`, shown: rule.tells, slip: 'response_type' };
}

function repeatedComplaint(params: Params, rule: Tells): Complaint | undefined {
  const [twice] = params.repeated;
  if (twice === undefined) return undefined;
  return { error: 'invalid_request', words: `${twice} came twice.`, shown: rule.tells, slip: 'repeated_parameter' };
}

function pkceComplaint(params: Params, pkce: PkceRule, rule: Tells): Complaint | undefined {
  if (pkce === 'silent') return undefined;
  const invalid = (words: string, slip: string): Complaint => ({
    error: 'invalid_request',
    words,
    shown: rule.tells,
    slip,
  });
  const challenge = params.get('code_challenge');
  if (challenge === undefined)
    return pkce === 'required' ? invalid('code_challenge is required.', 'pkce_missing') : undefined;
  const method = params.get('code_challenge_method');
  if (![undefined, 'plain', 'S256'].includes(method)) return invalid('Invalid code_challenge_method.', 'pkce_method');
  // RFC 7636 §4.2: 32 bytes in base64url are 43 characters; a plain challenge is a verifier.
  const fits = method === 'S256' ? /^[A-Za-z0-9_-]{43}$/.test(challenge) : isVerifier(challenge);
  return fits ? undefined : invalid('Invalid code_challenge.', 'pkce_challenge');
}

/** What the server lets pass and a correct client would not send all the same. */
export function noteSlips<C extends AuthorityClient>(call: Call, asked: Asked<C>, rule: RequestRule<C>): void {
  const { params, client } = asked;
  if (rule.state !== 'none' && (asked.state ?? '').length < 22)
    call.violation('state', 'state is missing or holds less than 128 bits');
  const sent = params.names.filter((name) => name.startsWith('code_challenge'));
  if (rule.pkce(client) === 'silent') {
    if (sent.length > 0) call.violation('pkce_unwanted', `${sent.join(', ')} to a server that knows no PKCE`);
  } else if (asked.challenge === null) {
    if (rule.pkce(client) !== 'either') call.violation('pkce_missing', 'no code_challenge');
  } else if (params.get('code_challenge_method') !== 'S256')
    call.violation('pkce_plain', 'the code_challenge is the verifier itself: S256 was not asked for');
  const secrets = ['client_secret', 'code_verifier', 'access_token', 'refresh_token'];
  const shown = secrets.filter((name) => params.get(name) !== undefined);
  if (shown.length > 0) call.violation('secret_in_url', `${shown.join(', ')} in the URL that the browser is given`);
}
