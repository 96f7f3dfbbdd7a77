// Ending a token at the provider: RFC 7009, or by its own REST call.
import { tokenRevocation } from 'openid-client';
import type { CliError } from '../errors.ts';
import type { Secret } from '../model/secret.ts';
import { type Answer, errorName, isRedirect, isSuccess } from './answer.ts';
import { errorOf, readAnswer } from './answers.ts';
import { openClient } from './client.ts';
import { clientAuth, withoutClient } from './client-auth.ts';
import { ask, dressOf, openWire } from './guarded-fetch.ts';
import type { Held } from './held.ts';
import type { Peer } from './peer.ts';
import type { OAuthPorts } from './ports.ts';
import { probeGrant } from './probe.ts';
import { check, introspectToken } from './prove-end.ts';
import { questionOf } from './rest-call.ts';
import { showAnswer } from './shown-answer.ts';
import { badAnswer, cliErrorIn } from './wire-error.ts';

export type RevokeAnswer =
  | { readonly kind: 'revoked' | 'already_dead' | 'unsupported' }
  | { readonly kind: 'failed'; readonly error: CliError };

type Step = 'refresh' | 'access';

type StepAnswer =
  | { readonly kind: 'revoked' | 'already_dead' | 'not_this_type' }
  /** `mayBeDead`: servers answer so to a dead token too, each in its own way; only asking tells. */
  | { readonly kind: 'failed'; readonly error: CliError; readonly mayBeDead: boolean };

/** Sends the tokens of the provider's steps; the first that is revoked is enough when more than that token dies with it. */
export async function revokeGrant(peer: Peer, held: Held, ports: OAuthPorts): Promise<RevokeAnswer> {
  if (!canRevoke(peer)) return { kind: 'unsupported' };
  const answer = await takeSteps(peer, held, ports);
  // What nobody promised is not missed; but a server that is down, or an app that is refused, says nothing of that.
  const tellsNothing = ['app_rejected', 'bad_response'];
  const isDefinite = answer.kind === 'failed' && !answer.error.retryable && !tellsNothing.includes(answer.error.code);
  return isDefinite && peer.provider.revocation.bestEffort ? { kind: 'unsupported' } : answer;
}

/** Whether the app may end anything at this provider at all. */
export function canRevoke({ provider: { revocation, endpoints }, clientSecret }: Peer): boolean {
  if (revocation.needsSecret && clientSecret === undefined) return false;
  if (revocation.kind === 'rest') return revocation.call !== undefined;
  return revocation.kind === 'rfc7009' && endpoints.revocation !== null;
}

async function takeSteps(peer: Peer, held: Held, ports: OAuthPorts): Promise<RevokeAnswer> {
  const { steps, kills } = peer.provider.revocation;
  const { tokens } = held;
  const taken = steps.filter((step) => tokens[step] !== null);
  const answers: StepAnswer['kind'][] = [];
  for (const step of taken) {
    const answer = await revokeToken(peer, held, step, tokens[step] as Secret, ports);
    if (answer.kind === 'failed' && !(answer.mayBeDead && (await isDead(peer, held, step, ports)))) return answer;
    answers.push(answer.kind === 'failed' ? 'already_dead' : answer.kind);
    if (answer.kind === 'revoked' && kills !== 'token') break;
  }
  // Where each token dies alone, a refresh token that the server does not revoke lives on.
  if (kills === 'token' && taken.some((step, at) => step === 'refresh' && answers[at] === 'not_this_type')) {
    return { kind: 'unsupported' };
  }
  if (answers.includes('revoked')) return { kind: 'revoked' };
  const holdsNothing = tokens.refresh === null && tokens.access === null;
  return { kind: answers.includes('already_dead') || holdsNothing ? 'already_dead' : 'unsupported' };
}

async function revokeToken(peer: Peer, held: Held, step: Step, token: Secret, ports: OAuthPorts): Promise<StepAnswer> {
  try {
    const { call } = peer.provider.revocation;
    const answer =
      peer.provider.revocation.kind === 'rest' && call !== undefined
        ? await ask(questionOf(peer, call, held, token, 'revocation address'), { issuer: peer.provider.issuer, ports })
        : await askEndpoint(peer, step, token, ports);
    return judge(peer, answer, ports);
  } catch (error) {
    const failure = cliErrorIn(error);
    if (failure === undefined) throw error;
    return { kind: 'failed', error: failure, mayBeDead: false };
  }
}

/** What openid-client makes of the answer is not asked: an error may come at 200, and RFC 7009's own at any status. */
async function askEndpoint(peer: Peer, step: Step, token: Secret, ports: OAuthPorts): Promise<Answer> {
  const { provider } = peer;
  const wire = openWire('revocation endpoint', { issuer: provider.issuer, ports }, showAnswer, dressOf(provider));
  const auth = provider.revocation.clientAuth ? clientAuth(peer) : withoutClient;
  const failure = await tokenRevocation(openClient(peer, auth, wire), token.reveal(), {
    token_type_hint: `${step}_token`,
  }).catch((error: unknown) => error);
  const answer = wire.answer();
  if (answer === undefined) throw failure;
  return answer;
}

/** RFC 7009 §2.2: 200 is all that counts; some answer 204, and the body means nothing, but for an error in it. */
function judge({ provider }: Peer, answer: Answer, ports: OAuthPorts): StepAnswer {
  const reading = readAnswer(provider, 'revoke', answer, ports.clock.now());
  if (isSuccess(answer) && errorName(answer) === null && reading.means === 'unknown') {
    // A web page is some other server's 200.
    if (answer.shape !== 'html') return { kind: 'revoked' };
    return { kind: 'failed', error: badAnswer(provider, answer, 'body'), mayBeDead: false };
  }
  if (isRedirect(answer)) return { kind: 'failed', error: badAnswer(provider, answer, 'body'), mayBeDead: false };
  if (reading.means === 'already_dead' || reading.means === 'grant_dead') return { kind: 'already_dead' };
  if (reading.error === 'unsupported_token_type') return { kind: 'not_this_type' };
  // RFC 7009 §2.2.1 with RFC 6749 §5.2: 401 is about the client, whatever the error is called.
  if (
    provider.revocation.kind === 'rfc7009' &&
    answer.status === 401 &&
    reading.error !== null &&
    reading.means === 'unknown'
  ) {
    return {
      kind: 'failed',
      error: errorOf(provider, { ...reading, means: 'app_fault' }, 'the revocation'),
      mayBeDead: true,
    };
  }
  const mayBeDead = reading.means === 'unknown' && answer.status < 500;
  return { kind: 'failed', error: errorOf(provider, reading, 'the revocation'), mayBeDead };
}

/** Introspection tells of the very token. A probe tells of the access token, and of the refresh token only when time is not the cause. */
async function isDead(peer: Peer, held: Held, step: Step, ports: OAuthPorts): Promise<boolean> {
  const { tokens } = held;
  const token = tokens[step];
  if (token !== null && peer.provider.revocation.proof === 'introspect') {
    return (await introspectToken(peer, token, ports)) === 'inactive';
  }
  const mayHaveEnded = tokens.expiresAt === null || tokens.expiresAt <= ports.clock.now();
  if (tokens.access === null || (tokens.refresh !== null && mayHaveEnded)) return false;
  const end = peer.provider.revocation.proof === 'check' ? await check(peer, held, ports) : 'unknown';
  if (end === 'introspected' || end === 'alive') return end === 'introspected';
  return (await probeGrant(peer, held, ports)).kind === 'rejected';
}
