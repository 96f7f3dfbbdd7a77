// Asking the provider whether an access token works, and whose it is.
import type { CliError } from '../errors.ts';
import type { RoleTokens } from '../model/connection.ts';
import { isJsonObject } from '../model/json.ts';
import type { Meaning, Probe } from '../model/provider.ts';
import type { Secret } from '../model/secret.ts';
import { type Answer, errorName, isSuccess, valueAt } from './answer.ts';
import { errorOf, isTransient, type Reading, readAnswer } from './answers.ts';
import { clientAuth } from './client-auth.ts';
import { plainText } from './foreign-text.ts';
import type { Account } from './grant.ts';
import { ask, type Question } from './guarded-fetch.ts';
import { textOf } from './identity.ts';
import type { Peer } from './peer.ts';
import type { OAuthPorts } from './ports.ts';
import { badAnswer, cliErrorIn } from './wire-error.ts';

export type ProbeAnswer =
  | {
      readonly kind: 'accepted';
      readonly account: Account;
      /** Null: the answer does not tell. */
      readonly scopes: readonly string[] | null;
      /** Which client the token was minted for. */
      readonly clientId: string | null;
      readonly status: number;
      readonly latencyMs: number;
    }
  /** The token is dead. */
  | { readonly kind: 'rejected'; readonly status: number; readonly words: string; readonly latencyMs: number }
  /** Something else stands in the way; the token may live. */
  | {
      readonly kind: 'refused';
      readonly means: Meaning;
      readonly status: number;
      readonly words: string;
      readonly latencyMs: number;
    }
  | {
      readonly kind: 'transient';
      readonly error: CliError;
      readonly status: number | null;
      readonly latencyMs: number;
    }
  | { readonly kind: 'nothing_to_ask' };

/** By the first of the provider's probes that the granted scopes allow, and by its API where that is a thing of its own. */
export async function probeGrant(
  peer: Peer,
  tokens: RoleTokens,
  granted: readonly string[],
  ports: OAuthPorts,
): Promise<ProbeAnswer> {
  const { probes, apiProbe } = peer.provider;
  const usable = ({ needsAnyScope }: Probe) =>
    needsAnyScope.length === 0 || needsAnyScope.some((scope) => granted.includes(scope));
  const probe = probes.find(usable);
  if (probe === undefined || tokens.access === null) return { kind: 'nothing_to_ask' };
  const token = await tryProbe(peer, probe, tokens.access, ports);
  if (token.kind !== 'accepted' || apiProbe === undefined || !usable(apiProbe)) return token;
  const api = await tryProbe(peer, apiProbe, tokens.access, ports);
  if (api.kind === 'nothing_to_ask') return token;
  const latencyMs = token.latencyMs + api.latencyMs;
  return api.kind === 'accepted' ? { ...token, latencyMs } : { ...api, latencyMs };
}

async function tryProbe(peer: Peer, probe: Probe, token: Secret, ports: OAuthPorts): Promise<ProbeAnswer> {
  const startedAt = ports.clock.now();
  try {
    const answer = await ask(questionOf(peer, probe, token), { issuer: peer.provider.issuer, ports });
    return judge(peer, probe, answer, ports.clock.now() - startedAt, ports.clock.now());
  } catch (error) {
    const failure = cliErrorIn(error);
    if (failure === undefined) throw error;
    return { kind: 'transient', error: failure, status: null, latencyMs: ports.clock.now() - startedAt };
  }
}

function questionOf(peer: Peer, probe: Probe, token: Secret): Question {
  const body = new URLSearchParams();
  const headers = new Headers({ accept: 'application/json', ...probe.headers });
  if (probe.token === 'header') headers.set('authorization', `Bearer ${token.reveal()}`);
  else body.set(probe.token.field, token.reveal());
  const client = { client_id: peer.app.clientId };
  if (probe.clientAuth) clientAuth(peer)({ issuer: peer.provider.issuer }, client, body, headers);
  const isForm = probe.method === 'POST';
  if (isForm) headers.set('content-type', 'application/x-www-form-urlencoded');
  return {
    method: probe.method,
    url: probe.url,
    headers: Object.fromEntries(headers),
    body: isForm ? body.toString() : undefined,
    what: 'probe address',
    secrets: [token.reveal(), ...(peer.clientSecret === undefined ? [] : [peer.clientSecret.reveal()])],
  };
}

function judge(peer: Peer, probe: Probe, answer: Answer, latencyMs: number, nowAt: number): ProbeAnswer {
  const { provider } = peer;
  const { status } = answer;
  const seen = { status, latencyMs };
  const reading = readAnswer(provider, 'probe', answer, nowAt);
  const hasFailed = !isSuccess(answer) || errorName(answer) !== null || reading.means !== 'unknown';
  if (hasFailed) return judgeRefusal(peer, probe, reading, seen);
  if (!isJsonObject(answer.json)) {
    return { kind: 'transient', error: badAnswer(provider, answer, 'body'), ...seen };
  }
  if (probe.activeAt !== undefined && valueAt(answer.json, probe.activeAt) !== true) {
    return { kind: 'rejected', words: 'the token is no longer active', ...seen };
  }
  const name = firstText(answer, probe.accountNameAt);
  return {
    kind: 'accepted',
    account: { id: firstText(answer, probe.accountIdAt), name: name === null ? null : plainText(name) },
    scopes: scopesIn(answer, probe, provider.scopes.separator.answer),
    clientId: firstText(answer, probe.clientIdAt),
    ...seen,
  };
}

function judgeRefusal(
  { provider }: Peer,
  probe: Probe,
  reading: Reading,
  seen: { readonly status: number; readonly latencyMs: number },
): ProbeAnswer {
  const { means, words, error } = reading;
  if (isTransient(reading)) {
    return { kind: 'transient', error: errorOf(provider, reading, 'the check'), ...seen };
  }
  // RFC 7662 §2.3: at introspection a 401 speaks of the client. One that may not ask has nothing to ask.
  if (probe.clientAuth && probe.activeAt !== undefined) {
    if (error !== 'invalid_client') return { kind: 'nothing_to_ask' };
    return { kind: 'refused', means: 'app_fault', words, ...seen };
  }
  if (means === 'grant_dead' || means === 'already_dead') return { kind: 'rejected', words, ...seen };
  // Refused for a reason that nobody can tell: that speaks of the app or its permissions, not of the token.
  return { kind: 'refused', means: means === 'unknown' ? 'app_fault' : means, words, ...seen };
}

function firstText({ json }: Answer, pointers: readonly string[]): string | null {
  return pointers.map((pointer) => textOf(valueAt(json, pointer))).find((text) => text !== null) ?? null;
}

function scopesIn({ json }: Answer, { scopeAt }: Probe, separator: string): readonly string[] | null {
  const found = scopeAt.map((pointer) => valueAt(json, pointer)).find((value) => value !== undefined && value !== null);
  const parts = Array.isArray(found) ? found : typeof found === 'string' ? found.split(separator) : undefined;
  if (parts === undefined) return null;
  return parts.flatMap((part: unknown) => (typeof part === 'string' && part.trim() !== '' ? [part.trim()] : []));
}
