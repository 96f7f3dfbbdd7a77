// One request to the token endpoint (RFC 6749 §4.1.3, §6; RFC 8628 §3.4), and its answer judged. Never two for one call.
import { type ClientAuth, genericGrantRequest } from 'openid-client';
import { CliError } from '../errors.ts';
import type { AnswerPlace, TokenRole } from '../model/provider.ts';
import type { Secret } from '../model/secret.ts';
import { rolesOf } from '../model/token-roles.ts';
import { type Answer, errorName, isRedirect, isSuccess } from './answer.ts';
import { type Reading, readAnswer } from './answers.ts';
import { openClient } from './client.ts';
import { dressOf, openWire } from './guarded-fetch.ts';
import type { Peer } from './peer.ts';
import type { OAuthPorts } from './ports.ts';
import { showTokenAnswer } from './shown-answer.ts';
import { holdersOf, idTokenIn, oddityIn, type RoleAnswer, readRole } from './token-answer.ts';
import { badAnswer, cliErrorIn } from './wire-error.ts';

export interface TokenRequest {
  readonly grantType: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly auth: ClientAuth;
  readonly place: Extract<AnswerPlace, 'token' | 'device'>;
  /** Where the tokens are in the answer; every role at its own place when left out. */
  readonly roles?: readonly TokenRole[];
  readonly signal?: AbortSignal | undefined;
}

export interface TokenAnswer {
  /** Never empty; in the provider's order. */
  readonly roles: Readonly<Record<string, RoleAnswer>>;
  /** Not yet checked. */
  readonly idToken: Secret | null;
  readonly answer: Answer;
}

export type TokenOutcome =
  | { readonly kind: 'granted'; readonly granted: TokenAnswer }
  | { readonly kind: 'refused'; readonly reading: Reading; readonly answer: Answer }
  /** No answer, or none that can be read. `sent`: whether the request left this machine. */
  | { readonly kind: 'failed'; readonly error: CliError; readonly sent: boolean };

export async function requestTokens(peer: Peer, request: TokenRequest, ports: OAuthPorts): Promise<TokenOutcome> {
  const { provider } = peer;
  if (provider.endpoints.token === null) return { kind: 'failed', error: noEndpoint(peer), sent: false };
  const roles = request.roles ?? rolesOf(provider);
  const read = (answer: Answer) => readAnswer(provider, request.place, answer, ports.clock.now());
  const asking = { issuer: provider.issuer, ports, signal: request.signal };
  const show = (answer: Answer) => showTokenAnswer(answer, holdersOf(answer, roles), read(answer).means !== 'unknown');
  const wire = openWire('token endpoint', asking, show, dressOf(provider));
  const client = openClient(peer, request.auth, wire);
  const parameters = { ...request.parameters, ...(peer.resource === null ? {} : { resource: peer.resource }) };
  try {
    await genericGrantRequest(client, request.grantType, parameters);
    const answer = wire.answer();
    if (answer === undefined) throw new CliError('internal', 'an answer came without a request');
    return accept(peer, answer, roles);
  } catch (error) {
    const answer = wire.answer();
    if (answer === undefined) {
      const failure = cliErrorIn(error);
      if (failure === undefined) throw error;
      return { kind: 'failed', error: failure, sent: wire.sent() };
    }
    const reading = read(answer);
    // An error that breaks off may have named any cause: it is no answer.
    const cutOff = answer.shape === 'broken JSON' && reading.means === 'unknown';
    const saysNo = !isSuccess(answer) && !isRedirect(answer);
    const isRefusal = !cutOff && (saysNo || errorName(answer) !== null || reading.means !== 'unknown');
    if (isRefusal) return { kind: 'refused', reading, answer };
    return { kind: 'failed', error: badAnswer(provider, answer, 'access_token'), sent: true };
  }
}

function accept({ provider }: Peer, answer: Answer, roles: readonly TokenRole[]): TokenOutcome {
  const holders = holdersOf(answer, roles);
  const oddity = holders.map(({ holder }) => oddityIn(holder)).find((found) => found !== null);
  if (oddity !== undefined) {
    return { kind: 'failed', error: badAnswer(provider, answer, `token: ${oddity}`), sent: true };
  }
  const read = holders.map(({ role, holder }) => [role.id, readRole(provider, role, holder, answer)] as const);
  return { kind: 'granted', granted: { roles: Object.fromEntries(read), idToken: idTokenIn(answer), answer } };
}

function noEndpoint({ provider: { id, name } }: Peer): CliError {
  return new CliError('grant_unsupported', `${name} exchanges and refreshes nothing for this kind of app`, {
    hint: `oauthctl connect ${id}`,
  });
}
