// Looking whether a token still lives: RFC 7662, the provider's own check, or a probe.
import { tokenIntrospection } from 'openid-client';
import { CliError } from '../errors.ts';
import { isJsonObject } from '../model/json.ts';
import type { Secret } from '../model/secret.ts';
import { type Answer, isSuccess } from './answer.ts';
import { errorOf, isTransient, readAnswer } from './answers.ts';
import { openClient } from './client.ts';
import { clientAuth } from './client-auth.ts';
import { ask, dressOf, openWire } from './guarded-fetch.ts';
import type { Held } from './held.ts';
import type { Peer } from './peer.ts';
import type { OAuthPorts } from './ports.ts';
import { type ProbeAnswer, probeGrant } from './probe.ts';
import { questionOf } from './rest-call.ts';
import { showAnswer } from './shown-answer.ts';
import { badAnswer, cliErrorIn } from './wire-error.ts';

/** `unknown`: nothing tells. A CliError: it could not be looked at now, for a reason that passes. */
export type End = 'probe_rejected' | 'introspected' | 'alive' | 'unknown' | CliError;

/** One look at whether the access token is dead. */
export async function proveEnd(peer: Peer, held: Held, ports: OAuthPorts): Promise<End> {
  const { access } = held.tokens;
  if (access === null) return 'unknown';
  switch (peer.provider.revocation.proof) {
    case 'none':
      return 'unknown';
    case 'check':
      return check(peer, held, ports);
    case 'introspect':
      return introspectBoth(peer, held, access, ports);
    case 'probe': {
      const answer = await probeGrant(peer, held, ports);
      return answer.kind === 'rejected' ? 'probe_rejected' : otherwise(answer);
    }
  }
}

function otherwise(answer: ProbeAnswer): End {
  if (answer.kind === 'transient') return answer.error;
  return answer.kind === 'accepted' ? 'alive' : 'unknown';
}

/** Where the refresh token was sent too, its end is looked at as well: it would make new ones. */
async function introspectBoth(peer: Peer, { tokens }: Held, access: Secret, ports: OAuthPorts): Promise<End> {
  const first = await introspectToken(peer, access, ports);
  if (first !== 'inactive') return first === 'active' ? 'alive' : first;
  const sent = peer.provider.revocation.steps.includes('refresh') ? tokens.refresh : null;
  const other = sent === null ? 'inactive' : await introspectToken(peer, sent, ports);
  if (other instanceof CliError) return other;
  return other === 'active' ? 'alive' : 'introspected';
}

/** The provider's own way to ask about a token, by the app and not by the token. */
export async function check(peer: Peer, held: Held, ports: OAuthPorts): Promise<End> {
  const { provider } = peer;
  const rule = provider.revocation.check;
  const { access } = held.tokens;
  if (rule === undefined || access === null) return 'unknown';
  try {
    const question = questionOf(peer, rule.call, held, access, 'token check');
    const answer = await ask(question, { issuer: provider.issuer, ports });
    if (answer.status === rule.deadStatus) return await confirmed(peer, held, ports);
    if (isSuccess(answer) && isJsonObject(answer.json)) return 'alive';
    return notSeen(peer, answer, ports);
  } catch (error) {
    const failure = cliErrorIn(error);
    if (failure === undefined) throw error;
    return failure;
  }
}

/** What stands where the answer should be: trouble that passes, or a no that tells nothing of the token. */
function notSeen({ provider }: Peer, answer: Answer, ports: OAuthPorts): 'unknown' | CliError {
  const reading = readAnswer(provider, 'probe', answer, ports.clock.now());
  if (isTransient(reading)) return errorOf(provider, reading, 'the check');
  return answer.status < 400 && !isJsonObject(answer.json) ? badAnswer(provider, answer, 'body') : 'unknown';
}

/** An app whose secret is wrong may be told that it has no such token: what the token itself is told counts. */
async function confirmed(peer: Peer, held: Held, ports: OAuthPorts): Promise<End> {
  const answer = await probeGrant(peer, held, ports);
  return answer.kind === 'rejected' || answer.kind === 'nothing_to_ask' ? 'introspected' : otherwise(answer);
}

/** As `End`: `unknown` whenever the server does not say clearly. */
export async function introspectToken(
  peer: Peer,
  token: Secret,
  ports: OAuthPorts,
): Promise<'active' | 'inactive' | 'unknown' | CliError> {
  const { provider } = peer;
  if (provider.endpoints.introspection === null) return 'unknown';
  const wire = openWire('introspection endpoint', { issuer: provider.issuer, ports }, showAnswer, dressOf(provider));
  try {
    const { active } = await tokenIntrospection(openClient(peer, clientAuth(peer), wire), token.reveal());
    return active ? 'active' : 'inactive';
  } catch (error) {
    const answer = wire.answer();
    if (answer !== undefined) return notSeen(peer, answer, ports);
    const failure = cliErrorIn(error);
    if (failure === undefined) throw error;
    return failure;
  }
}
