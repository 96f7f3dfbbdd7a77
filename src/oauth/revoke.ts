// Ending a grant at the provider (RFC 7009), and asking whether a token still lives (RFC 7662).
import { tokenIntrospection, tokenRevocation } from 'openid-client';
import type { CliError } from '../errors.ts';
import type { RoleTokens } from '../model/connection.ts';
import type { Secret } from '../model/secret.ts';
import { errorName, isSuccess } from './answer.ts';
import { errorOf, readAnswer } from './answers.ts';
import { openClient } from './client.ts';
import { clientAuth, withoutClient } from './client-auth.ts';
import { openWire } from './guarded-fetch.ts';
import type { Peer } from './peer.ts';
import type { OAuthPorts } from './ports.ts';
import { probeGrant } from './probe.ts';
import { showAnswer } from './shown-answer.ts';
import { badAnswer, cliErrorIn } from './wire-error.ts';

export type RevokeAnswer =
  | { readonly kind: 'revoked' | 'already_dead' | 'unsupported' }
  | { readonly kind: 'failed'; readonly error: CliError };

type StepAnswer =
  | { readonly kind: 'revoked' | 'already_dead' | 'not_this_type' }
  /** `mayBeDead`: servers answer so to a dead token too, each in its own way; only asking tells. */
  | { readonly kind: 'failed'; readonly error: CliError; readonly mayBeDead: boolean };

/**
 * Sends the tokens of the provider's steps; the first that is revoked is enough when more than that token dies with it.
 * `granted` helps to choose the probe when an answer leaves open whether the token was dead before.
 */
export async function revokeGrant(
  peer: Peer,
  tokens: RoleTokens,
  ports: OAuthPorts,
  granted: readonly string[] = [],
): Promise<RevokeAnswer> {
  const { provider } = peer;
  const { kind, steps, kills } = provider.revocation;
  if (kind === 'none' || provider.endpoints.revocation === null) return { kind: 'unsupported' };
  const held = steps.filter((step) => tokens[step] !== null);
  const answers: StepAnswer['kind'][] = [];
  for (const step of held) {
    const answer = await revokeToken(peer, step, tokens[step] as Secret, ports);
    if (answer.kind === 'failed' && !(answer.mayBeDead && (await isDead(peer, step, tokens, granted, ports))))
      return answer;
    answers.push(answer.kind === 'failed' ? 'already_dead' : answer.kind);
    if (answer.kind === 'revoked' && kills !== 'token') break;
  }
  // Where each token dies alone, a refresh token that the server does not revoke lives on.
  if (kills === 'token' && held.some((step, at) => step === 'refresh' && answers[at] === 'not_this_type')) {
    return { kind: 'unsupported' };
  }
  if (answers.includes('revoked')) return { kind: 'revoked' };
  const holdsNothing = tokens.refresh === null && tokens.access === null;
  return { kind: answers.includes('already_dead') || holdsNothing ? 'already_dead' : 'unsupported' };
}

async function revokeToken(
  peer: Peer,
  step: 'refresh' | 'access',
  token: Secret,
  ports: OAuthPorts,
): Promise<StepAnswer> {
  const { provider } = peer;
  const wire = openWire('revocation endpoint', { issuer: provider.issuer, ports }, showAnswer);
  const auth = provider.revocation.clientAuth ? clientAuth(peer) : withoutClient;
  const hint = { token_type_hint: `${step}_token` };
  try {
    await tokenRevocation(openClient(peer, auth, wire), token.reveal(), hint);
    const answer = wire.answer();
    // A web page is some other server's 200.
    if (answer?.shape !== 'html') return { kind: 'revoked' };
    return { kind: 'failed', error: badAnswer(provider, answer, 'body'), mayBeDead: false };
  } catch (error) {
    const answer = wire.answer();
    if (answer === undefined) {
      const failure = cliErrorIn(error);
      if (failure === undefined) throw error;
      return { kind: 'failed', error: failure, mayBeDead: false };
    }
    // RFC 7009 §2.2: 200 is all that counts; some answer 204, and the body means nothing.
    if (isSuccess(answer) && errorName(answer) === null) return { kind: 'revoked' };
    const reading = readAnswer(provider, 'revoke', answer, ports.clock.now());
    if (reading.means === 'already_dead' || reading.means === 'grant_dead') return { kind: 'already_dead' };
    if (reading.error === 'unsupported_token_type') return { kind: 'not_this_type' };
    const mayBeDead = reading.means === 'unknown' && answer.status < 500;
    return { kind: 'failed', error: errorOf(provider, reading, 'the revocation'), mayBeDead };
  }
}

/** Introspection tells of the very token. A probe tells of the access token, and of the refresh token only when time is not the cause. */
async function isDead(
  peer: Peer,
  step: 'refresh' | 'access',
  tokens: RoleTokens,
  granted: readonly string[],
  ports: OAuthPorts,
): Promise<boolean> {
  const token = tokens[step];
  if (token !== null && peer.provider.revocation.proof === 'introspect') {
    return (await introspectToken(peer, token, ports)) === 'inactive';
  }
  const mayHaveEnded = tokens.expiresAt === null || tokens.expiresAt <= ports.clock.now();
  if (tokens.access === null || (tokens.refresh !== null && mayHaveEnded)) return false;
  return (await probeGrant(peer, tokens, granted, ports)).kind === 'rejected';
}

/** `unknown` whenever the server does not say clearly. */
export async function introspectToken(
  peer: Peer,
  token: Secret,
  ports: OAuthPorts,
): Promise<'active' | 'inactive' | 'unknown'> {
  const { provider } = peer;
  if (provider.endpoints.introspection === null) return 'unknown';
  const wire = openWire('introspection endpoint', { issuer: provider.issuer, ports }, showAnswer);
  try {
    const { active } = await tokenIntrospection(openClient(peer, clientAuth(peer), wire), token.reveal());
    return active ? 'active' : 'inactive';
  } catch (error) {
    if (wire.answer() === undefined && cliErrorIn(error) === undefined) throw error;
    return 'unknown';
  }
}
