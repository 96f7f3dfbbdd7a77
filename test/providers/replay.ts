// Plays one case of a fixture through the real protocol code, with given provider data, and tells what differs.
import { clientAuthOf, kindOf } from '../../src/connections/app-values.ts';
import { CliError } from '../../src/errors.ts';
import type { RoleTokens } from '../../src/model/connection.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import type { Provider } from '../../src/model/provider.ts';
import { Secret } from '../../src/model/secret.ts';
import type { Peer } from '../../src/oauth/peer.ts';
import type { OAuthPorts } from '../../src/oauth/ports.ts';
import { probeGrant } from '../../src/oauth/probe.ts';
import { refreshGrant } from '../../src/oauth/refresh.ts';
import { revokeGrant } from '../../src/oauth/revoke.ts';
import { differences, type Happened } from './compare.ts';
import { asText, type Case, type Fixture } from './fixture.ts';
import { playFlow } from './replay-flow.ts';
import { createReplayWire, type ReplayWire } from './replay-wire.ts';

/** Empty when the case went as the fixture says. `watch` may look over the data's shoulder. */
export async function replay(
  provider: Provider,
  fixture: Fixture,
  entry: Case,
  watch: (provider: Provider) => Provider = (same) => same,
): Promise<readonly string[]> {
  const narrowed = narrow(watch(provider), fixture, entry);
  if (narrowed === undefined) return [`there is no probe at ${fixture.requests[entry.given.probe ?? '']?.url}`];
  const wire = createReplayWire(fixture, entry);
  const happened = await play(narrowed, fixture, entry, wire).catch(failure);
  const explained = provider.answers.some(({ words }) => asText(happened.words).includes(words));
  const left = wire.left() === 0 ? [] : [`${wire.left()} of ${entry.wire.length} exchanges did not happen`];
  return [...wire.faults, ...left, ...differences(entry.outcome, { ...happened, explained })];
}

function failure(error: unknown): Happened {
  if (error instanceof CliError) return { ends: error.code, words: `${error.message} ${error.hint ?? ''}` };
  return { failed: error instanceof Error ? (error.stack ?? error.message) : 'something that is no error' };
}

async function play(provider: Provider, fixture: Fixture, entry: Case, wire: ReplayWire): Promise<Happened> {
  const peer = peerOf(provider, fixture, entry);
  switch (entry.operation) {
    case 'refresh':
      return refresh(peer, fixture, entry, wire);
    case 'probe':
      return probe(peer, fixture, entry, wire);
    case 'revoke':
      return revoke(peer, fixture, entry, wire);
    default:
      return playFlow(peer, scopesOf(fixture, entry), fixture.text('callback'), entry, wire);
  }
}

/** The provider with the one probe that the case is about. */
function narrow(provider: Provider, fixture: Fixture, { given }: Case): Provider | undefined {
  if (given.probe === undefined) return provider;
  const address = fixture.requests[given.probe]?.url;
  const { probes, apiProbe } = provider;
  const chosen = [...probes, ...(apiProbe === undefined ? [] : [apiProbe])].filter(
    ({ url }) => url.split('?')[0] === address,
  );
  if (chosen.length === 0) return undefined;
  // In front of the data, not a copy of it: a copy would read every knob.
  return Object.create(provider, { probes: { value: chosen }, apiProbe: { value: undefined } }) as Provider;
}

/** Undefined: the provider's default. */
function scopesOf(fixture: Fixture, { given }: Case): readonly string[] | undefined {
  return given.scopes === 'default' ? undefined : (given.scopes ?? (fixture.values.scopes as string[]));
}

function peerOf(provider: Provider, fixture: Fixture, { given }: Case): Peer {
  const clientSecret = given.clientSecret === null ? undefined : new Secret(fixture.text('client_secret'));
  const hasSecret = clientSecret !== undefined;
  const app = {
    provider: provider.id,
    name: 'default',
    kind: kindOf(provider, given.kind).id,
    clientId: fixture.text('client_id'),
    clientAuth: clientAuthOf(provider, undefined, hasSecret),
    redirectUri: given.redirectUri ?? null,
    hasSecret,
    source: 'stored',
    createdAt: null,
  } as const;
  return { provider, app, clientSecret, resource: null };
}

function tokensOf(fixture: Fixture, { given }: Case): RoleTokens {
  return {
    access: new Secret(fixture.text('access_token')),
    tokenType: 'Bearer',
    // Not before any fixture ends.
    expiresAt: Date.parse('2100-01-01'),
    issuedSeconds: null,
    refresh: given.refreshToken === null ? null : new Secret(fixture.text('refresh_token')),
  };
}

function portsOf(wire: ReplayWire): OAuthPorts {
  return {
    fetch: wire.fetch,
    clock: { now: wire.now, sleep: async () => {} },
    random: { bytes: (count) => new Uint8Array(count).fill(7) },
    waitMs: 8_000,
    trace: () => {},
  };
}

async function refresh(peer: Peer, fixture: Fixture, entry: Case, wire: ReplayWire): Promise<Happened> {
  const token = new Secret(fixture.text('refresh_token'));
  const answer = await refreshGrant(peer, token, scopesOf(fixture, entry) ?? [], portsOf(wire));
  if (answer.kind === 'refused') return { refused: answer.means, words: answer.words };
  if (answer.kind === 'transient') return { transient: { spent: answer.spent, ...errorFacts(answer.error) } };
  const granted: JsonObject = {
    ...tokenFacts(answer.tokens, wire.now()),
    scopes: answer.granted,
    grantSeconds: answer.refreshIssuedSeconds,
    idToken: answer.idToken !== null,
    rotation: peer.provider.rotation,
  };
  return { granted };
}

export function tokenFacts(tokens: RoleTokens, nowAt: number): JsonObject {
  return {
    access: tokens.access?.reveal() ?? null,
    refresh: tokens.refresh?.reveal() ?? null,
    tokenType: tokens.tokenType,
    lifeSeconds: tokens.expiresAt === null ? null : (tokens.expiresAt - nowAt) / 1000,
  };
}

async function probe(peer: Peer, fixture: Fixture, entry: Case, wire: ReplayWire): Promise<Happened> {
  const granted = scopesOf(fixture, entry) ?? peer.provider.scopes.default;
  const answer = await probeGrant(peer, tokensOf(fixture, entry), granted, portsOf(wire));
  switch (answer.kind) {
    case 'accepted': {
      const { account, clientId, scopes } = answer;
      return { accepted: { account: { ...account }, clientId, scopes: scopes && shortNames(scopes, peer.provider) } };
    }
    case 'rejected':
      return { rejected: true };
    case 'refused':
      return { refused: answer.means, words: answer.words };
    case 'transient':
      return { transient: errorFacts(answer.error), words: answer.error.message };
    case 'nothing_to_ask':
      return { nothingToAsk: true };
  }
}

/** A probe answers in the provider's spelling. */
function shortNames(scopes: readonly string[], { scopes: { rename } }: Provider): Json {
  const short = new Map(Object.entries(rename).map(([asked, answered]) => [answered, asked]));
  return scopes.map((scope) => short.get(scope) ?? scope);
}

async function revoke(peer: Peer, fixture: Fixture, entry: Case, wire: ReplayWire): Promise<Happened> {
  const { kills, proof } = peer.provider.revocation;
  const answer = await revokeGrant(peer, tokensOf(fixture, entry), portsOf(wire));
  switch (answer.kind) {
    case 'revoked':
      return { revoked: true, kills, proof };
    case 'already_dead':
      return { alreadyDead: true };
    case 'unsupported':
      return { unsupported: true };
    case 'failed':
      return { failed: answer.error.code };
  }
}

function errorFacts({ code, retryAfterSeconds }: CliError): JsonObject {
  return { code, retryAfterSeconds: retryAfterSeconds ?? null };
}
