// Asking the provider whether an access token works, and whose it is.
import type { CliError } from '../errors.ts';
import { fromRfc3339 } from '../model/instants.ts';
import { isJsonObject } from '../model/json.ts';
import type { Meaning, Probe, Provider } from '../model/provider.ts';
import type { Secret } from '../model/secret.ts';
import { filledUrl } from '../model/templates.ts';
import { bareScope, roleNamed, scopesOfRole } from '../model/token-roles.ts';
import { type Answer, errorName, isRedirect, isSuccess, valueAt } from './answer.ts';
import { errorOf, isTransient, type Reading, readAnswer } from './answers.ts';
import { clientAuth } from './client-auth.ts';
import type { Account } from './grant.ts';
import { ask, dressed, dressOf, plainDress, type Question } from './guarded-fetch.ts';
import type { Held } from './held.ts';
import type { Peer } from './peer.ts';
import type { OAuthPorts } from './ports.ts';
import { apiAuthorization, secretsOf } from './rest-call.ts';
import { sameScope } from './scopes.ts';
import { firstText, valuesOf } from './templates.ts';
import { badAnswer, cliErrorIn } from './wire-error.ts';

/** Date is in whole seconds, and an answer may take a while. */
const skewMs = 60_000;

export type ProbeAnswer =
  | {
      readonly kind: 'accepted';
      readonly account: Account;
      /** Of this token, as people write them; null: the answer does not tell. */
      readonly scopes: readonly string[] | null;
      /** Which client the token was minted for. */
      readonly clientId: string | null;
      /** When the token ends, null for never; undefined: the answer does not tell. */
      readonly expiresAt?: number | null;
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
export async function probeGrant(peer: Peer, held: Held, ports: OAuthPorts): Promise<ProbeAnswer> {
  const { provider } = peer;
  const { probes, apiProbe } = provider;
  // What another role was granted does not help this one's token.
  const granted = scopesOfRole(provider, held.role, held.granted).map((scope) => bareScope(provider, scope));
  const usable = ({ needsAnyScope }: Probe) =>
    needsAnyScope.length === 0 ||
    needsAnyScope.some((scope) => granted.some((had) => sameScope(had, scope, provider.scopes)));
  const probe = probes.find(usable);
  const { access } = held.tokens;
  if (probe === undefined || access === null) return { kind: 'nothing_to_ask' };
  const token = await tryProbe(peer, probe, held, access, ports);
  if (token.kind !== 'accepted' || apiProbe === undefined || !usable(apiProbe)) return token;
  const api = await tryProbe(peer, apiProbe, held, access, ports);
  if (api.kind === 'nothing_to_ask') return token;
  const latencyMs = token.latencyMs + api.latencyMs;
  if (api.kind !== 'accepted') return { ...api, latencyMs };
  return { ...token, account: { id: token.account.id, name: token.account.name ?? api.account.name }, latencyMs };
}

async function tryProbe(peer: Peer, probe: Probe, held: Held, token: Secret, ports: OAuthPorts): Promise<ProbeAnswer> {
  const startedAt = ports.clock.now();
  try {
    const answer = await ask(questionOf(peer, probe, held, token), { issuer: peer.provider.issuer, ports });
    return judge(peer, probe, held.role, answer, ports.clock.now() - startedAt, ports.clock.now());
  } catch (error) {
    const failure = cliErrorIn(error);
    if (failure === undefined) throw error;
    return { kind: 'transient', error: failure, status: null, latencyMs: ports.clock.now() - startedAt };
  }
}

function questionOf(peer: Peer, probe: Probe, held: Held, token: Secret): Question {
  const form = new URLSearchParams();
  const headers = new Headers({ accept: 'application/json' });
  if (probe.token === 'header') headers.set('authorization', apiAuthorization(peer, held));
  else form.set(probe.token.field, token.reveal());
  const client = { client_id: peer.app.clientId };
  if (probe.clientAuth) clientAuth(peer)({ issuer: peer.provider.issuer }, client, form, headers);
  const hasBody = probe.method === 'POST' && probe.body !== 'none';
  // Where the client authenticates it speaks to the authorization server, in that server's manner.
  const dress = probe.clientAuth ? dressOf(peer.provider) : plainDress;
  const own = hasBody ? dressed(form, dress) : { body: undefined, headers: dress.headers };
  return {
    method: probe.method,
    url: filledUrl(probe.url, valuesOf(peer, held)),
    shown: probe.url,
    headers: { ...Object.fromEntries(headers), ...own.headers, ...probe.headers },
    body: own.body,
    what: 'probe address',
    secrets: secretsOf(peer, held),
  };
}

function judge(
  peer: Peer,
  probe: Probe,
  roleId: string,
  answer: Answer,
  latencyMs: number,
  nowAt: number,
): ProbeAnswer {
  const { provider } = peer;
  const { status } = answer;
  const seen = { status, latencyMs };
  const reading = readAnswer(provider, 'probe', answer, nowAt);
  // An error that breaks off may have named any cause: it is no answer.
  const isNone = isRedirect(answer) || (answer.shape === 'broken JSON' && reading.means === 'unknown');
  const hasFailed = (!isSuccess(answer) && !isNone) || errorName(answer) !== null || reading.means !== 'unknown';
  if (hasFailed) return judgeRefusal(peer, probe, reading, seen);
  if (isNone || !isJsonObject(answer.json)) {
    return { kind: 'transient', error: badAnswer(provider, answer, 'body'), ...seen };
  }
  if (probe.activeAt !== undefined && valueAt(answer.json, probe.activeAt) !== true) {
    return { kind: 'rejected', words: 'the token is no longer active', ...seen };
  }
  const role = roleNamed(provider, roleId);
  const name = firstText(answer.json, probe.accountNameAt);
  // Another role's token may belong to the app itself, as a bot's does, and not to the one who consented.
  const id = role?.namesAccount === false ? null : firstText(answer.json, probe.accountIdAt);
  return {
    kind: 'accepted',
    account: { id, name: name === null ? null : answer.plain(name) },
    scopes: scopesIn(answer, probe, provider)?.map((scope) => `${role?.scopePrefix ?? ''}${scope}`) ?? null,
    clientId: firstText(answer.json, probe.clientIdAt),
    ...expiryIn(answer, probe),
    ...seen,
  };
}

/** An end that is told as an instant is one of the server's clock; kept is the same instant of ours, when ours is off. */
function expiryIn(answer: Answer, { expiresAt }: Probe): { readonly expiresAt?: number | null } {
  const { json, serverAt, sentAt } = answer;
  const value = expiresAt === undefined ? undefined : valueAt(json, expiresAt);
  if (value === null) return { expiresAt: null };
  const at = typeof value === 'string' ? fromRfc3339(value) : undefined;
  const aheadMs = serverAt === null ? 0 : sentAt - serverAt;
  return at === undefined ? {} : { expiresAt: Math.abs(aheadMs) > skewMs ? at + aheadMs : at };
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

/** In a header, which lists them even when there are none, or in the body. */
function scopesIn({ json, headers }: Answer, probe: Probe, { scopes }: Provider): readonly string[] | null {
  const { scopeAt, scopesHeader } = probe;
  const separator = scopes.separator.answer;
  const listed = scopesHeader === undefined ? undefined : headers[scopesHeader];
  if (listed !== undefined)
    return listed.split(separator).flatMap((scope) => (scope.trim() === '' ? [] : [scope.trim()]));
  const found = scopeAt.map((pointer) => valueAt(json, pointer)).find((value) => value !== undefined && value !== null);
  const parts = Array.isArray(found) ? found : typeof found === 'string' ? found.split(separator) : undefined;
  if (parts === undefined) return null;
  return parts.flatMap((part: unknown) => (typeof part === 'string' && part.trim() !== '' ? [part.trim()] : []));
}
