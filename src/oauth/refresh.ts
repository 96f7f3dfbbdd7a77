// Spending a refresh token (RFC 6749 §6): one request, and an answer that says precisely what may have become of the token.
import type { CliError } from '../errors.ts';
import type { FlowName, RoleTokens } from '../model/connection.ts';
import type { Meaning } from '../model/provider.ts';
import type { Secret } from '../model/secret.ts';
import { filled } from '../model/templates.ts';
import { bareScope, rolesOf, scopesOfRole } from '../model/token-roles.ts';
import { describeAnswer, isSuccess } from './answer.ts';
import { errorOf, isTransient } from './answers.ts';
import { clientAuth } from './client-auth.ts';
import { accountIn, checkIdToken, peekClaims } from './identity.ts';
import type { Peer } from './peer.ts';
import type { OAuthPorts } from './ports.ts';
import { foldScopes } from './scopes.ts';
import { requestTokens, type TokenAnswer, type TokenRequest } from './token-request.ts';
import { neverSent } from './wire-error.ts';

export type RefreshAnswer =
  | {
      readonly kind: 'granted';
      /** `refresh` is null when none came: the old one stays good. */
      readonly tokens: RoleTokens;
      readonly idToken: Secret | null;
      readonly granted: readonly string[] | null;
      readonly refreshIssuedSeconds: number | null;
    }
  | {
      readonly kind: 'refused';
      readonly means: Meaning | 'unknown';
      readonly error: string | null;
      readonly words: string;
      /** Whether the provider told why. */
      readonly explained: boolean;
      readonly status: number;
    }
  /** `spent` is 'no' when the request cannot have been acted on. */
  | { readonly kind: 'transient'; readonly spent: 'no' | 'unknown'; readonly error: CliError };

export interface RefreshRequest {
  /** Which of the grant's tokens. */
  readonly role: string;
  readonly refreshToken: Secret;
  /** All scopes as asked for at the sign-in, in the spelling that the answer is folded to. */
  readonly asked: readonly string[];
  /** Whose grant it is, where known. */
  readonly accountId: string | null;
  /** How the grant came, where known. */
  readonly flow: FlowName | null;
}

export async function refreshGrant(peer: Peer, request: RefreshRequest, ports: OAuthPorts): Promise<RefreshAnswer> {
  const outcome = await requestTokens(peer, tokenRequest(peer, request), ports);
  switch (outcome.kind) {
    case 'granted':
      return accept(peer, outcome.granted, request, ports);
    case 'failed': {
      const spent = outcome.sent && !neverSent(outcome.error) ? 'unknown' : 'no';
      return { kind: 'transient', spent, error: outcome.error };
    }
    case 'refused': {
      const { reading, answer } = outcome;
      if (!isTransient(reading)) {
        const { means, error, words, explained } = reading;
        return { kind: 'refused', means, error, words, explained, status: answer.status };
      }
      // A 4xx is an answer by the rules: nothing was done. A 5xx may come from a server that fell over on the way.
      // Some say at 200 that they failed.
      const mayHaveActed = answer.status >= 500 || answer.status === 408 || isSuccess(answer);
      const spent = mayHaveActed && reading.means !== 'rate_limited' ? 'unknown' : 'no';
      return { kind: 'transient', spent, error: errorOf(peer.provider, reading, 'the refresh') };
    }
  }
}

function tokenRequest(peer: Peer, { role, refreshToken, asked, flow }: RefreshRequest): TokenRequest {
  const { provider } = peer;
  const scope = scopesOfRole(provider, role, asked).map((name) => bareScope(provider, name));
  const values = { scope: scope.join(provider.scopes.separator.ask), client_id: peer.app.clientId };
  const extra = Object.entries(provider.refreshParams ?? {})
    .map(([name, template]) => [name, filled(template, values)] as const)
    // RFC 6749 §3.3: a scope has at least one character.
    .filter(([, value]) => value !== '');
  const withoutSecret = flow === 'device' && provider.device?.secretAtRefresh === false;
  return {
    grantType: 'refresh_token',
    parameters: { ...Object.fromEntries(extra), refresh_token: refreshToken.reveal() },
    auth: clientAuth(withoutSecret ? { ...peer, clientSecret: undefined } : peer),
    place: 'token',
    // Whichever token was refreshed stands at the top, and its type tells which it was.
    roles: rolesOf(provider).map((known) => ({ ...known, at: '' })),
  };
}

async function accept(
  peer: Peer,
  { roles, idToken: came, answer }: TokenAnswer,
  { role, asked, accountId }: RefreshRequest,
  ports: OAuthPorts,
): Promise<RefreshAnswer> {
  const { provider } = peer;
  // A server that gives no type gives the token that was asked for.
  const renewed = roles[role];
  if (renewed === undefined) {
    const words = `the answer is not the ${role} token, so it was thrown away`;
    return { kind: 'refused', means: 'unknown', error: null, words, explained: true, status: answer.status };
  }
  // As at the sign-in, one that was not asked for is not looked at: who consented may be known by another kind of id then.
  const idToken = asked.includes('openid') ? came : null;
  const claims = idToken === null ? undefined : peekClaims(idToken);
  const account = claims === undefined ? null : accountIn(claims, provider).id;
  // OpenID Connect Core §12.2: the subject of a refreshed id_token must be the one of the first.
  if (account !== null && accountId !== null && account !== accountId) {
    const words = `the answer belongs to another account (${answer.plain(account)}), so it was thrown away`;
    return { kind: 'refused', means: 'unknown', error: null, words, explained: true, status: answer.status };
  }
  return {
    kind: 'granted',
    tokens: renewed.tokens,
    idToken: idToken === null ? null : await keepWhenGood(peer, idToken, answer, ports),
    granted: renewed.scopes === null ? null : foldScopes(renewed.scopes, asked, provider.scopes),
    refreshIssuedSeconds: renewed.refreshIssuedSeconds,
  };
}

/**
 * A bad id_token is dropped, never the tokens beside it: the refresh token may be the only one left. For the same reason
 * nothing is fetched between the answer and its being saved, so the claims are checked and TLS vouches for the
 * signature (OpenID Connect Core §3.1.3.7, 6).
 */
async function keepWhenGood(
  peer: Peer,
  idToken: Secret,
  answer: TokenAnswer['answer'],
  ports: OAuthPorts,
): Promise<Secret | null> {
  try {
    await checkIdToken(peer, idToken, { nonce: null, answer, signature: false }, ports);
    return idToken;
  } catch (error) {
    ports.trace(
      `${describeAnswer(answer)}: the new id_token was dropped${error instanceof Error ? `: ${error.message}` : ''}`,
    );
    return null;
  }
}
