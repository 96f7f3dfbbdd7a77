// One attempt to sign in: what is remembered of it, and the authorization request that it sends the browser with.
import { buildAuthorizationUrl, calculatePKCECodeChallenge } from 'openid-client';
import { CliError } from '../errors.ts';
import type { Random } from '../model/ports.ts';
import { Secret } from '../model/secret.ts';
import { openClient } from './client.ts';
import { withoutClient } from './client-auth.ts';
import { checkEndpoint } from './endpoints.ts';
import type { SignInRequest } from './flows/request.ts';

export interface Attempt {
  /** 256 bits, good for one answer. */
  readonly state: string;
  /** PKCE (RFC 7636); null where the provider's data rules it out. */
  readonly verifier: Secret | null;
  /** OpenID Connect Core §3.1.2.1; null when `openid` is not asked for. */
  readonly nonce: string | null;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
}

export function createAttempt(request: SignInRequest, redirectUri: string, random: Random): Attempt {
  return {
    state: randomText(random, 32),
    verifier: request.peer.provider.pkce === 'unsupported' ? null : new Secret(randomText(random, 32)),
    nonce: request.scopes.includes('openid') ? randomText(random, 16) : null,
    redirectUri,
    scopes: request.scopes,
  };
}

export function randomText(random: Random, bytes: number): string {
  return Buffer.from(random.bytes(bytes)).toString('base64url');
}

/** What an extra parameter may not say, since the checks of the answer stand on it. */
const ours = new Set([
  'client_id',
  'client_secret',
  'response_type',
  'response_mode',
  'redirect_uri',
  'scope',
  'state',
  'nonce',
  'code_challenge',
  'code_challenge_method',
  'request',
  'request_uri',
]);

export function checkExtraParams(params: Readonly<Record<string, string>>): void {
  const taken = Object.keys(params).find((name) => ours.has(name.toLowerCase()));
  if (taken === undefined) return;
  throw new CliError('invalid_value', `--param ${taken} is set by oauthctl itself`, { hint: 'leave it out' });
}

/** Throws `invalid_value` for an extra parameter that is ours to set, `bad_response` for an endpoint that is refused. */
export async function authorizationUrl(request: SignInRequest, attempt: Attempt): Promise<string> {
  const { peer, loginHint, extraParams } = request;
  const { provider, resource } = peer;
  checkExtraParams(extraParams);
  checkEndpoint(provider.endpoints.authorization, provider.issuer, 'authorization endpoint');
  const scope = attempt.scopes.join(provider.scopes.separator.ask);
  const noWire = { fetch: neverFetched, sent: () => false, answer: () => undefined };
  const url = buildAuthorizationUrl(openClient(peer, withoutClient, noWire), {
    ...provider.authorizeParams,
    ...(loginHint === undefined ? {} : { login_hint: loginHint }),
    ...(resource === null ? {} : { resource }),
    ...extraParams,
    redirect_uri: attempt.redirectUri,
    ...(scope === '' ? {} : { scope }),
    state: attempt.state,
    ...(attempt.nonce === null ? {} : { nonce: attempt.nonce }),
    ...(attempt.verifier === null ? {} : await challenge(attempt.verifier)),
  });
  return url.href;
}

async function challenge(verifier: Secret): Promise<Readonly<Record<string, string>>> {
  return { code_challenge: await calculatePKCECodeChallenge(verifier.reveal()), code_challenge_method: 'S256' };
}

async function neverFetched(): Promise<never> {
  throw new CliError('internal', 'an authorization request is not fetched');
}
