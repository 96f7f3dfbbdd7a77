// Cryptographically strong bytes. Web Crypto, because Node loads it only when it is first used.
import type { Random } from '../model/ports.ts';

export function createRandom(): Random {
  return { bytes: (count) => globalThis.crypto.getRandomValues(new Uint8Array(count)) };
}
