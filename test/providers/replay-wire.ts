// The wire of one replay: the case's exchanges, the provider's signing keys, and the placeholders of the attempt.
import type { JsonObject } from '../../src/model/json.ts';
import { type Case, type Fixture, text } from './fixture.ts';
import { hashOf, keySet, signIdToken } from './id-token.ts';
import { matches } from './matches.ts';
import { createWire, type Wire } from './wire.ts';

/** Every replay starts at this instant. */
export const startText = '2026-11-20T12:00:00Z';

export interface ReplayWire extends Wire {
  readonly attempt: Record<string, string>;
  now: () => number;
}

export function createReplayWire(fixture: Fixture, entry: Case): ReplayWire {
  const startAt = Date.parse(startText);
  const attempt: Record<string, string> = {};
  const idToken = (claims: JsonObject, forged: boolean) => {
    const nowSeconds = Math.floor(wire.now() / 1000);
    const all = {
      iss: text(entry, 'issuer'),
      azp: text(entry, 'client_id'),
      aud: text(entry, 'client_id'),
      at_hash: hashOf(text(entry, 'access_token')),
      iat: nowSeconds,
      exp: nowSeconds + 3600,
      ...(attempt.nonce === undefined ? {} : { nonce: attempt.nonce }),
      ...claims,
    };
    return signIdToken(all, forged);
  };
  const setting = { steps: entry.wire, never: fixture.never, attempt, now: () => wire.now(), idToken };
  const plain = createWire(setting);
  const isKeys = (url: string) => entry.keys.url !== undefined && matches(entry.keys.url, url);
  const wire: ReplayWire = {
    ...plain,
    attempt,
    now: () => startAt,
    // Keys may be fetched at any time, and as often as one likes.
    fetch: async (request) =>
      request.method === 'GET' && isKeys(request.url)
        ? { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(keySet) }
        : plain.fetch(request),
  };
  return wire;
}
