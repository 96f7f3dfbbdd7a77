// Whose grant it is: the id_token's checks (OpenID Connect Core §3.1.3.7) and the account it names.
import {
  allowInsecureRequests,
  Configuration,
  clockTolerance,
  customFetch,
  enableNonRepudiationChecks,
  None,
  refreshTokenGrant,
} from 'openid-client';
import { CliError } from '../errors.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { isJsonObject, parseJson } from '../model/json.ts';
import type { Provider } from '../model/provider.ts';
import type { Secret } from '../model/secret.ts';
import { type Answer, describeAnswer, isSuccess, valueAt } from './answer.ts';
import { plainText } from './foreign-text.ts';
import type { Account } from './grant.ts';
import { openWire } from './guarded-fetch.ts';
import type { Peer } from './peer.ts';
import type { OAuthPorts } from './ports.ts';
import { showAnswer } from './shown-answer.ts';
import { issuerForTenant, wrongTenant } from './tenant-claim.ts';
import { cliErrorIn } from './wire-error.ts';

/** How far two clocks may be apart. */
const skewSeconds = 60;

const algorithms = [
  'RS256',
  'PS256',
  'ES256',
  'Ed25519',
  'EdDSA',
  'RS384',
  'PS384',
  'ES384',
  'RS512',
  'PS512',
  'ES512',
];

export interface IdTokenCheck {
  /** What was sent with the authorization request; null when nothing could be sent (device, refresh). */
  readonly nonce: string | null;
  /** The answer that brought it. */
  readonly answer: Answer;
  /** Whether the keys are fetched and the signature is checked. */
  readonly signature: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** The claims of a token that passed; rejects with `bad_response`, or what fetching the keys rejects with. */
export async function checkIdToken(
  peer: Peer,
  idToken: Secret,
  check: IdTokenCheck,
  ports: OAuthPorts,
): Promise<JsonObject> {
  const claims = peekClaims(idToken);
  const refuse = (why: string) => refusal(peer.provider, why);
  if (claims === undefined || /[^\x21-\x7e]/.test(idToken.reveal())) throw refuse('it is not a signed token');
  await validate(peer, idToken, claims, check, ports).catch((error: unknown) => {
    throw cliErrorIn(error) ?? refuse(reasonOf(error));
  });
  const foreign = wrongTenant(peer, claims);
  if (foreign !== null) throw refuse(foreign);
  if (check.nonce !== null && claims.nonce !== check.nonce) throw refuse('it was made for another sign-in (nonce)');
  const mistimed = mistimedNow(claims, check.answer, ports);
  if (mistimed !== null) throw refuse(mistimed);
  return claims;
}

/**
 * Why it does not hold now; null when it does. Now is what this machine's clock says, or the server's: the answer that brought
 * the token tells that over the same TLS, and ours may be off.
 */
function mistimedNow({ exp, nbf }: JsonObject, { serverAt }: Answer, { clock }: OAuthPorts): string | null {
  const clocks = [clock.now(), ...(serverAt === null ? [] : [serverAt])].map((at) => at / 1000);
  const hasExpired = (nowSeconds: number) => Number(exp) <= nowSeconds - skewSeconds;
  const isEarly = (nowSeconds: number) => nbf !== undefined && Number(nbf) > nowSeconds + skewSeconds;
  if (clocks.some((nowSeconds) => !hasExpired(nowSeconds) && !isEarly(nowSeconds))) return null;
  const why = clocks.every(hasExpired) ? 'it has expired' : 'it is not valid yet';
  return serverAt === null ? `${why}, or this machine's clock is wrong` : why;
}

/**
 * openid-client checks id_tokens where they come in, which would throw the tokens beside a bad one away. So it is given
 * the id_token alone, in an answer of our making, and fetches nothing but the keys.
 */
async function validate(
  { provider, app }: Peer,
  idToken: Secret,
  claims: JsonObject,
  { signature, signal }: IdTokenCheck,
  ports: OAuthPorts,
): Promise<void> {
  const { jwks, token } = provider.endpoints;
  const metadata = {
    issuer: issuerIn(claims, provider),
    // Nothing is sent to it.
    token_endpoint: token ?? provider.endpoints.authorization,
    id_token_signing_alg_values_supported: algorithms,
    ...(jwks === null ? {} : { jwks_uri: jwks }),
  };
  // Times are judged by the Clock port; openid-client would look at the machine's clock.
  const client = new Configuration(metadata, app.clientId, { [clockTolerance]: Number.MAX_SAFE_INTEGER }, None());
  const keys = openWire('JWKS endpoint', { issuer: provider.issuer, ports, signal }, showAnswer);
  const members = { access_token: '-', token_type: 'bearer', id_token: idToken.reveal() };
  client[customFetch] = async (url, options) =>
    options.method === 'POST' ? Response.json(members) : keys.fetch(url, options);
  allowInsecureRequests(client);
  client.timeout = 0;
  if (signature && jwks !== null) enableNonRepudiationChecks(client);
  await refreshTokenGrant(client, '-').catch((error: unknown) => {
    throw keysTrouble(provider, jwks, keys.answer()) ?? error;
  });
}

/** Keys that did not come, or are none (RFC 7517 §5), say nothing against the token. */
function keysTrouble({ name, id }: Provider, jwks: string | null, answer: Answer | undefined): CliError | undefined {
  if (answer === undefined || jwks === null) return undefined;
  if (isSuccess(answer) && Array.isArray(valueAt(answer.json, '/keys'))) return undefined;
  const code = answer.status === 429 || answer.status >= 500 ? 'provider_unavailable' : 'bad_response';
  const message = `the keys that ${name} signs with could not be fetched from ${jwks}: ${describeAnswer(answer)}`;
  return new CliError(code, message, { hint: `oauthctl connect ${id}` });
}

/** The spelling that the token must carry: its own where the provider is known to use it, else the issuer's. */
function issuerIn(claims: JsonObject, provider: Provider): string {
  const { issuer, issuerAliases = [], tenant } = provider;
  const { iss } = claims;
  if (typeof iss === 'string' && issuerAliases.includes(iss)) return iss;
  return tenant === undefined ? issuer : issuerForTenant(tenant, claims);
}

function reasonOf(error: unknown): string {
  const claim = detailOf(error, 'claim');
  if (typeof claim === 'string') return `its "${plainText(claim)}" is not the one expected`;
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause.message : undefined;
  if (inner?.includes('signature')) return 'its signature is not from this provider';
  return plainText(inner ?? (error instanceof Error ? error.message : 'it is malformed'));
}

function detailOf(error: unknown, name: string): unknown {
  for (let current = error; typeof current === 'object' && current !== null; ) {
    if (name in current) return (current as Record<string, unknown>)[name];
    current = 'cause' in current ? current.cause : undefined;
  }
  return undefined;
}

function refusal({ id, name }: Provider, why: string): CliError {
  return new CliError('bad_response', `the id_token of ${name} is refused: ${why}`, { hint: `oauthctl connect ${id}` });
}

/** The claims without any check: undefined when it is no JWT. */
export function peekClaims(idToken: Secret): JsonObject | undefined {
  const payload = idToken.reveal().split('.')[1] ?? '';
  const claims = parseJson(Buffer.from(payload, 'base64url').toString('utf8'));
  return isJsonObject(claims) ? claims : undefined;
}

/** The id is complete or it is none: half of a key would make two accounts one. */
export function accountIn(claims: JsonObject, { account }: Provider): Account {
  const parts = account.idClaims.map((name) => textOf(claims[name]));
  const complete = parts.length > 0 && parts.every((part) => part !== null);
  const name = account.nameClaims.map((claim) => textOf(claims[claim])).find((text) => text !== null);
  return { id: complete ? parts.join(':') : null, name: name === undefined || name === null ? null : plainText(name) };
}

export function textOf(value: Json | undefined): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
}
