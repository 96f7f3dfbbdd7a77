// The answer that carries tokens, and which scopes are in them.
// https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-auth-code-flow#successful-response-2 (read 2026-11)
import { type Allowed, authorityState } from '../authority/authority-state.ts';
import type { AuthorityClient } from '../authority/clients.ts';
import { expiryMembers, extraMembers, type Issued, startGrant } from '../authority/grants.ts';
import type { Call, Reply } from '../call.ts';
import { jsonReply } from '../replies.ts';
import { tokenRule } from './directory.ts';
import { idToken } from './id-token.ts';
import { ofOneResource, scopeText } from './scopes.ts';

/** What a person consented to for this client, by all grants that go on. */
export function consented(call: Call, { clientId, person }: Pick<Allowed, 'clientId' | 'person'>): string[] {
  const grants = Object.values(authorityState(call).grants).filter(
    (grant) => grant.clientId === clientId && grant.person === person && grant.endedAt === null,
  );
  return [...new Set(grants.flatMap(({ scopes }) => scopes))];
}

/** The resource of the first scope is the token's, so those that were asked for go first. */
export function orderedFor(asked: readonly string[], held: readonly string[]): string[] {
  return [...new Set([...asked.filter((scope) => held.includes(scope)), ...held])];
}

/** Scopes that were granted earlier come along: https://learn.microsoft.com/en-us/entra/identity-platform/scopes-oidc */
export function startedGrant(
  call: Call,
  allowed: Allowed,
): { readonly issued: Issued; readonly scopes: readonly string[] } {
  const { clientId, person, more } = allowed;
  const earlier = consented(call, allowed).filter((scope) => scope !== 'offline_access');
  const scopes = [...new Set([...allowed.scopes, ...earlier])];
  const issued = startGrant(
    call,
    { clientId, person, scopes, more },
    tokenRule(call),
    scopes.includes('offline_access'),
  );
  return { issued, scopes };
}

export interface Answered {
  readonly client: AuthorityClient;
  readonly person: string;
  readonly issued: Issued;
  /** Of the token: what was asked for goes first. */
  readonly scopes: readonly string[];
  readonly asked: readonly string[];
  readonly nonce: string | undefined;
}

export function tokenAnswer(call: Call, { client, person, issued, scopes, asked, nonce }: Answered): Reply {
  const echo = call.switched('microsoft-scope-echo') !== undefined;
  const told = ofOneResource(scopes).filter((scope) => !echo || asked.includes(scope));
  const { accessToken, accessSeconds, refreshToken } = issued;
  const ext = call.switched('microsoft-ext-expires-in') === undefined ? { ext_expires_in: accessSeconds } : {};
  return jsonReply(200, {
    token_type: 'Bearer',
    scope: scopeText(told),
    ...expiryMembers(call, accessSeconds),
    ...ext,
    access_token: accessToken,
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    ...(asked.includes('openid') ? { id_token: idToken(call, { client, person, scopes: asked, nonce }) } : {}),
    ...extraMembers(call),
  });
}
