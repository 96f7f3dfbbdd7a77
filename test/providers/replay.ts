// Plays one case of a fixture through the real code, with given provider data, and tells what differs.
import { finishPage } from '../../src/connections/finish-page.ts';
import { CliError } from '../../src/errors.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import type { Provider } from '../../src/model/provider.ts';

import { Secret } from '../../src/model/secret.ts';
import type { Peer } from '../../src/oauth/peer.ts';
import type { OAuthPorts } from '../../src/oauth/ports.ts';
import { probeGrant } from '../../src/oauth/probe.ts';
import { proveEnd } from '../../src/oauth/prove-end.ts';
import { refreshGrant } from '../../src/oauth/refresh.ts';
import { revokeGrant } from '../../src/oauth/revoke.ts';
import { differences } from './compare.ts';
import { asText, type Case, type Fixture, text } from './fixture.ts';
import { heldOf, narrowed, peerOf, scopesOf, tokenOf } from './given.ts';
import { endOf, errorFacts, type Happened, tokenFacts } from './happened.ts';
import { playAlone } from './replay-alone.ts';
import { playFlow } from './replay-flow.ts';
import { createReplayWire, type ReplayWire } from './replay-wire.ts';

/** Empty when the case went as the fixture says. `watch` may look over the data's shoulder. */
export async function replay(
  provider: Provider,
  fixture: Fixture,
  entry: Case,
  watch: (provider: Provider) => Provider = (same) => same,
): Promise<readonly string[]> {
  const wire = createReplayWire(fixture, entry);
  const happened = await play(watch(provider), entry, wire).catch(endedOrFailed);
  const sentences = [
    ...provider.answers.map(({ words }) => words),
    ...Object.values(provider.reasonCodes?.words ?? {}),
  ];
  const explained = sentences.some((words) => asText(happened.words).includes(words));
  const left = wire.left() === 0 ? [] : [`${wire.left()} of ${entry.wire.length} exchanges did not happen`];
  return [...wire.faults, ...left, ...differences(entry.outcome, { ...happened, explained })];
}

function endedOrFailed(error: unknown): Happened {
  if (error instanceof CliError) return endOf(error);
  return { failed: error instanceof Error ? (error.stack ?? error.message) : 'something that is no error' };
}

async function play(provider: Provider, entry: Case, wire: ReplayWire): Promise<Happened> {
  switch (entry.operation) {
    case 'refresh':
      return refresh(peerOf(provider, entry), entry, wire);
    case 'probe':
      return probe(peerOf(provider, entry), entry, wire);
    case 'revoke':
      return revoke(peerOf(provider, entry), entry, wire);
    case 'prove':
      return prove(peerOf(provider, entry), entry, wire);
    case 'authorize':
    case 'callback':
    case 'fragment':
    case 'printed':
    case 'exchange':
    case 'device_start':
    case 'device_poll':
      return playFlow(provider, entry, wire);
    default:
      return playAlone(provider, entry);
  }
}

async function prove(peer: Peer, entry: Case, wire: ReplayWire): Promise<Happened> {
  const end = await proveEnd(peer, heldOf(peer.provider, entry), portsOf(wire));
  return { proved: end instanceof CliError ? 'not now' : end };
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

async function refresh(peer: Peer, entry: Case, wire: ReplayWire): Promise<Happened> {
  const { provider } = peer;
  const { role } = heldOf(provider, entry);
  const request = {
    role,
    refreshToken: new Secret(tokenOf(entry, 'refresh_token')),
    asked: scopesOf(provider, entry),
    accountId: entry.given.accountId ?? null,
    flow: entry.given.flow ?? null,
  };
  const answer = await refreshGrant(peer, request, portsOf(wire));
  if (answer.kind === 'refused') return { refused: answer.means, words: answer.words };
  if (answer.kind === 'transient') {
    return { transient: { spent: answer.spent, ...errorFacts(answer.error) }, words: endOf(answer.error).words };
  }
  const granted: JsonObject = {
    ...tokenFacts(answer.tokens, wire.now()),
    scopes: answer.granted,
    grantSeconds: answer.refreshIssuedSeconds,
    idToken: answer.idToken !== null,
    rotation: provider.rotation,
    oldRefreshLives: provider.oldRefreshLives ?? false,
    oldAccessDies: provider.oldAccessDies ?? false,
  };
  return { granted };
}

async function probe(peer: Peer, entry: Case, wire: ReplayWire): Promise<Happened> {
  const provider = narrowed(peer.provider, entry);
  if (provider === undefined) return { failed: `there is no probe '${entry.given.probe}'` };
  const answer = await probeGrant({ ...peer, provider }, heldOf(provider, entry), portsOf(wire));
  switch (answer.kind) {
    case 'accepted': {
      const { account, clientId, scopes, expiresAt } = answer;
      const until = expiresAt === undefined ? 'not told' : expiresAt && new Date(expiresAt).toISOString();
      const named = scopes && shortNames(scopes, provider);
      return { accepted: { account: { ...account }, clientId, scopes: named, expiresAt: until } };
    }
    case 'rejected':
      return { rejected: true, words: answer.words };
    case 'refused':
      return { refused: answer.means, words: answer.words };
    case 'transient':
      return { transient: errorFacts(answer.error), words: endOf(answer.error).words };
    case 'nothing_to_ask':
      return { nothingToAsk: true };
  }
}

/** A probe answers in the provider's spelling. */
function shortNames(scopes: readonly string[], { scopes: { rename } }: Provider): Json {
  const short = new Map(Object.entries(rename).map(([asked, answered]) => [answered, asked]));
  return scopes.map((scope) => short.get(scope) ?? scope);
}

async function revoke(peer: Peer, entry: Case, wire: ReplayWire): Promise<Happened> {
  const { provider } = peer;
  const { kills, proof, leaves } = provider.revocation;
  const whose = { clientId: text(entry, 'client_id'), accountId: entry.given.accountId ?? null };
  const known = { kills, proof, finishAt: finishPage(provider, whose), leaves };
  const answer = await revokeGrant(peer, heldOf(provider, entry), portsOf(wire));
  switch (answer.kind) {
    case 'revoked':
      return { ...known, revoked: true };
    case 'already_dead':
      return { ...known, alreadyDead: true };
    case 'unsupported':
      return { ...known, unsupported: true };
    case 'failed':
      return { ...known, failed: answer.error.code, words: endOf(answer.error).words };
  }
}
