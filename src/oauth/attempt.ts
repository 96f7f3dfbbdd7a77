// One attempt to sign in: what is remembered of it, and the authorization request that it sends the browser with.
import { buildAuthorizationUrl, calculatePKCECodeChallenge } from 'openid-client';
import { CliError } from '../errors.ts';
import type { Random } from '../model/ports.ts';
import type { Provider } from '../model/provider.ts';
import { Secret } from '../model/secret.ts';
import { bareScope, rolesOf, scopesOfRole } from '../model/token-roles.ts';
import { openClient } from './client.ts';
import { withoutClient } from './client-auth.ts';
import { checkEndpoint } from './endpoints.ts';
import { checkExtraParams } from './extra-params.ts';
import type { SignInRequest } from './flows/request.ts';

export interface Attempt {
  /** 256 bits, good for one answer. */
  readonly state: string;
  /**
   * Where an answer carries them: in its `state`, or as the last segment of the path that it comes to. `printed`: a person
   * copies the answer from the provider's page, which may leave them out.
   */
  readonly stateIn: 'query' | 'path' | 'printed';
  readonly gives: 'code' | 'token';
  /** PKCE (RFC 7636); null where the provider's data rules it out, and where no code comes. */
  readonly verifier: Secret | null;
  /** OpenID Connect Core §3.1.2.1; null when `openid` is not asked for. */
  readonly nonce: string | null;
  /** Byte for byte as it is sent; null: none is. */
  readonly redirectUri: string | null;
  readonly scopes: readonly string[];
}

/** `printed`: nobody is sent back to the redirect URI. */
export function createAttempt(
  request: SignInRequest,
  redirectUri: string | null,
  random: Random,
  printed = false,
): Attempt {
  const { provider } = request.peer;
  const state = randomText(random, 32);
  const byPath = provider.redirect.stateIn === 'path' && !printed && redirectUri !== null;
  const gives = givenBy(provider, printed);
  return {
    state,
    stateIn: printed ? 'printed' : byPath ? 'path' : 'query',
    gives,
    verifier: provider.pkce === 'unsupported' || gives === 'token' ? null : new Secret(randomText(random, 32)),
    nonce: request.scopes.includes('openid') ? randomText(random, 16) : null,
    redirectUri: byPath ? withSegment(redirectUri, state) : redirectUri,
    scopes: request.scopes,
  };
}

function givenBy({ printed: rule, endpoints }: Provider, printed: boolean): Attempt['gives'] {
  if (printed && rule !== undefined) return rule.prints;
  return endpoints.token === null ? 'token' : 'code';
}

function withSegment(uri: string, segment: string): string {
  const end = uri.search(/[?#]|$/);
  const path = uri.slice(0, end);
  return `${path}${path.endsWith('/') ? '' : '/'}${segment}${uri.slice(end)}`;
}

/** The path that an answer comes to, byte for byte: URL would rewrite it. */
export function pathOf({ redirectUri }: Pick<Attempt, 'redirectUri'>): string {
  const [, path = ''] = /^\w+:\/\/[^/?#]*([^?#]*)/.exec(redirectUri ?? '') ?? [];
  return path === '' ? '/' : path;
}

export function randomText(random: Random, bytes: number): string {
  return Buffer.from(random.bytes(bytes)).toString('base64url');
}

/** Throws `invalid_value` for an extra parameter that may not be, `bad_response` for an endpoint that is refused. */
export async function authorizationUrl(request: SignInRequest, attempt: Attempt): Promise<string> {
  const { peer, loginHint, extraParams } = request;
  const { provider, resource } = peer;
  checkExtraParams(provider, extraParams);
  checkEndpoint(provider.endpoints.authorization, provider.issuer, 'authorization endpoint');
  const noWire = { fetch: neverFetched, sent: () => false, answer: () => undefined };
  const hasState = provider.redirect.stateIn !== 'path';
  const url = buildAuthorizationUrl(openClient(peer, withoutClient, noWire), {
    ...statedParams(provider, attempt),
    ...(loginHint === undefined ? {} : { login_hint: loginHint }),
    ...(resource === null ? {} : { resource }),
    ...extraParams,
    ...(attempt.redirectUri === null ? {} : { redirect_uri: attempt.redirectUri }),
    ...scopeParams(provider, attempt.scopes),
    ...(hasState ? { state: attempt.state } : {}),
    ...(attempt.nonce === null ? {} : { nonce: attempt.nonce }),
    ...(attempt.verifier === null ? {} : await challenge(attempt.verifier)),
  });
  return renameParams(url, provider).href;
}

function statedParams({ authorizeParams, printed }: Provider, { redirectUri }: Attempt): Provider['authorizeParams'] {
  const dropped = redirectUri === null ? (printed?.leavesOut ?? []) : [];
  return Object.fromEntries(Object.entries(authorizeParams).filter(([name]) => !dropped.includes(name)));
}

/** Each role's scopes in its own parameter; a role without scopes is not asked for. */
export function scopeParams(provider: Provider, scopes: readonly string[]): Readonly<Record<string, string>> {
  const asked = rolesOf(provider).map(({ id, scopeParam }) => {
    const bare = scopesOfRole(provider, id, scopes).map((scope) => bareScope(provider, scope));
    return [scopeParam, bare.join(provider.scopes.separator.ask)] as const;
  });
  return Object.fromEntries(asked.filter(([, scope]) => scope !== ''));
}

function renameParams(url: URL, { paramNames = {} }: Provider): URL {
  const own = (name: string) => (Object.hasOwn(paramNames, name) ? (paramNames[name] ?? name) : name);
  const renamed = [...url.searchParams].map(([name, value]) => [own(name), value] as const);
  url.search = new URLSearchParams(Object.fromEntries(renamed)).toString();
  return url;
}

async function challenge(verifier: Secret): Promise<Readonly<Record<string, string>>> {
  return { code_challenge: await calculatePKCECodeChallenge(verifier.reveal()), code_challenge_method: 'S256' };
}

async function neverFetched(): Promise<never> {
  throw new CliError('internal', 'an authorization request is not fetched');
}
