// One request to the token endpoint (RFC 6749 §4.1.3, §6; RFC 8628 §3.4), and its answer judged. Never two for one call.
import { type ClientAuth, genericGrantRequest } from 'openid-client';
import { CliError } from '../errors.ts';
import type { RoleTokens } from '../model/connection.ts';
import type { JsonObject } from '../model/json.ts';
import type { AnswerPlace } from '../model/provider.ts';
import { Secret } from '../model/secret.ts';
import { type Answer, errorName, isSuccess } from './answer.ts';
import { type Reading, readAnswer } from './answers.ts';
import { openClient } from './client.ts';
import { openWire } from './guarded-fetch.ts';
import type { Peer } from './peer.ts';
import type { OAuthPorts } from './ports.ts';
import { readSeconds, showTokenAnswer } from './shown-answer.ts';
import { badAnswer, cliErrorIn } from './wire-error.ts';

export interface TokenRequest {
  readonly grantType: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly auth: ClientAuth;
  readonly place: Extract<AnswerPlace, 'token' | 'device'>;
  readonly signal?: AbortSignal | undefined;
}

export interface TokenAnswer {
  readonly tokens: RoleTokens;
  /** Not yet checked. */
  readonly idToken: Secret | null;
  /** Null: the answer did not say, so it is as asked (RFC 6749 §5.1). */
  readonly scopes: readonly string[] | null;
  readonly refreshIssuedSeconds: number | null;
  readonly answer: Answer;
}

export type TokenOutcome =
  | { readonly kind: 'granted'; readonly granted: TokenAnswer }
  | { readonly kind: 'refused'; readonly reading: Reading; readonly answer: Answer }
  /** No answer, or none that can be read. `sent`: whether the request left this machine. */
  | { readonly kind: 'failed'; readonly error: CliError; readonly sent: boolean };

export async function requestTokens(peer: Peer, request: TokenRequest, ports: OAuthPorts): Promise<TokenOutcome> {
  const { provider } = peer;
  const read = (answer: Answer) => readAnswer(provider, request.place, answer, ports.clock.now());
  const asking = { issuer: provider.issuer, ports, signal: request.signal };
  const wire = openWire('token endpoint', asking, (answer) =>
    showTokenAnswer(answer, read(answer).means !== 'unknown'),
  );
  const client = openClient(peer, request.auth, wire);
  const parameters = { ...request.parameters, ...(peer.resource === null ? {} : { resource: peer.resource }) };
  try {
    const judged = await genericGrantRequest(client, request.grantType, parameters);
    const answer = wire.answer();
    if (answer === undefined) throw new CliError('internal', 'an answer came without a request');
    const oddity = oddityIn(answer.json as JsonObject);
    if (oddity !== null) {
      return { kind: 'failed', error: badAnswer(provider, answer, `token: ${oddity}`), sent: true };
    }
    return { kind: 'granted', granted: readTokens(peer, judged, answer) };
  } catch (error) {
    const answer = wire.answer();
    if (answer === undefined) {
      const failure = cliErrorIn(error);
      if (failure === undefined) throw error;
      return { kind: 'failed', error: failure, sent: wire.sent() };
    }
    const reading = read(answer);
    const isRefusal = !isSuccess(answer) || errorName(answer) !== null || reading.means !== 'unknown';
    if (isRefusal) return { kind: 'refused', reading, answer };
    return { kind: 'failed', error: badAnswer(provider, answer, 'access_token'), sent: true };
  }
}

/**
 * RFC 6749 appendix A: tokens are printable ASCII. RFC 9449 and others bind a token to a proof that was not asked for. An
 * id_token is judged by itself (identity.ts): a bad one must not cost the tokens beside it.
 */
function oddityIn({ access_token, refresh_token, token_type }: JsonObject): string | null {
  const texts = [access_token, refresh_token].filter((value) => typeof value === 'string');
  if (texts.some((text) => /[^\x20-\x7e]/.test(text))) return 'it holds control or foreign characters';
  const type = typeof token_type === 'string' ? token_type.toLowerCase() : '';
  return ['dpop', 'pop', 'mac'].includes(type) ? 'it is bound to a proof that nobody asked for' : null;
}

type Judged = Awaited<ReturnType<typeof genericGrantRequest>>;

function readTokens({ provider }: Peer, judged: Judged, answer: Answer): TokenAnswer {
  const said = answer.json as JsonObject;
  const issuedSeconds = judged.expires_in ?? provider.lifetimes.accessSeconds;
  const scopes = judged.scope?.split(provider.scopes.separator.answer).flatMap((part) => part.trim().split(/\s+/));
  return {
    tokens: {
      access: new Secret(judged.access_token),
      tokenType: readType(said.token_type),
      // Counted from before the request left: an answer that took long is not trusted longer for it.
      expiresAt: issuedSeconds === null ? null : answer.sentAt + issuedSeconds * 1000,
      issuedSeconds,
      refresh: judged.refresh_token === undefined ? null : new Secret(judged.refresh_token),
    },
    idToken: typeof said.id_token === 'string' && said.id_token !== '' ? new Secret(said.id_token) : null,
    scopes: scopes === undefined ? null : scopes.filter((scope) => scope !== ''),
    // Google, Microsoft and GitHub say `refresh_token_expires_in`, Keycloak `refresh_expires_in`.
    refreshIssuedSeconds: readSeconds(said.refresh_token_expires_in) ?? readSeconds(said.refresh_expires_in),
    answer,
  };
}

/** `bearer` in the server's spelling; types that are no HTTP scheme (Slack's "user") are sent as Bearer all the same. */
function readType(said: unknown): string {
  return typeof said === 'string' && said.toLowerCase() === 'bearer' ? said : 'Bearer';
}
