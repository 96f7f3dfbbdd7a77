// From the provider's answer to a grant: the code's one exchange, and what device and paste share with it.
import { CliError } from '../errors.ts';
import type { RoleTokens } from '../model/connection.ts';
import type { Secret } from '../model/secret.ts';
import { rolesOf, scopesOfRole } from '../model/token-roles.ts';
import { errorOf, type Reading } from './answers.ts';
import type { Attempt } from './attempt.ts';
import { clientAuth } from './client-auth.ts';
import type { Account, Grant } from './grant.ts';
import { accountIn, checkIdToken } from './identity.ts';
import type { Peer } from './peer.ts';
import type { OAuthPorts } from './ports.ts';
import { foldScopes } from './scopes.ts';
import { firstText } from './templates.ts';
import { requestTokens, type TokenAnswer } from './token-request.ts';

/**
 * Exchanges the code. Never tried again: a second use may revoke what the first one gave (RFC 6749 §4.1.2).
 * The answer of the browser (state, iss, error) has been judged before; see callback.ts.
 */
export async function exchangeCode(
  peer: Peer,
  attempt: Attempt,
  code: Secret,
  ports: OAuthPorts,
  signal: AbortSignal,
): Promise<Grant> {
  const { verifier, redirectUri, scopes, nonce } = attempt;
  const parameters = {
    code: code.reveal(),
    // As it was asked with, byte for byte, or left out as it was (RFC 6749 §4.1.3).
    ...(redirectUri === null ? {} : { redirect_uri: redirectUri }),
    ...(verifier === null ? {} : { code_verifier: verifier.reveal() }),
  };
  const request = {
    grantType: 'authorization_code',
    parameters,
    auth: clientAuth(peer),
    place: 'token',
    signal,
  } as const;
  const outcome = await requestTokens(peer, request, ports);
  switch (outcome.kind) {
    case 'granted':
      return grantOf(peer, outcome.granted, { scopes, nonce }, ports, signal);
    case 'failed':
      throw outcome.error;
    case 'refused':
      throw outcome.reading.means === 'grant_dead'
        ? codeRefused(peer, outcome.reading)
        : errorOf(peer.provider, outcome.reading, 'the sign-in');
  }
}

/** At this place `invalid_grant` speaks of the code, not of a grant. */
function codeRefused({ provider }: Peer, { error, words, explained }: Reading): CliError {
  const named = error === null ? '' : ` (${error})`;
  const likely = explained ? '' : '; a code lives for a minute or so and works once';
  const message = `${provider.name} refused the sign-in's code${named}: ${words}${likely}`;
  return new CliError('provider_refused', message, { hint: `oauthctl connect ${provider.id}` });
}

export interface Asked {
  readonly scopes: readonly string[];
  readonly nonce: string | null;
}

/** The grant, its id_token checked. An id_token that was not asked for is not looked at. */
export async function grantOf(
  peer: Peer,
  granted: TokenAnswer,
  asked: Asked,
  ports: OAuthPorts,
  signal: AbortSignal,
): Promise<Grant> {
  const { provider } = peer;
  const idToken = asked.scopes.includes('openid') ? granted.idToken : null;
  let account = accountInAnswer(peer, granted);
  if (idToken !== null) {
    const check = { nonce: asked.nonce, answer: granted.answer, signature: true, signal };
    const claimed = accountIn(await checkIdToken(peer, idToken, check, ports), provider);
    account = { id: claimed.id ?? account.id, name: claimed.name ?? account.name };
  }
  const held = rolesOf(provider).flatMap(({ id }) => {
    const answer = granted.roles[id];
    return answer === undefined ? [] : [{ id, answer }];
  });
  const roles: Readonly<Record<string, RoleTokens>> = Object.fromEntries(
    held.map(({ id, answer }) => [id, answer.tokens]),
  );
  const scopes = held.flatMap(({ id, answer }) => answer.scopes ?? scopesOfRole(provider, id, asked.scopes));
  return {
    tokens: { roles, idToken },
    granted: foldScopes(scopes, asked.scopes, provider.scopes),
    account,
    refreshIssuedSeconds: held[0]?.answer.refreshIssuedSeconds ?? null,
  };
}

/** Some providers say beside the tokens who consented. */
function accountInAnswer({ provider: { account } }: Peer, { answer }: TokenAnswer): Account {
  const name = firstText(answer.json, account.nameAt ?? []);
  return { id: firstText(answer.json, account.idAt ?? []), name: name === null ? null : answer.plain(name) };
}
