// A verifier of the trail that shares no code with the one who writes it.
import { createHmac, hkdfSync } from 'node:crypto';

/**
 * The entries; throws at the first line that is out of order, not canonical, or not under the key. `keys`: the seal key, base64,
 * or what is derived of every key that the tree has had, by its id.
 */
export function verifyTrail(text: string, keys: string | ReadonlyMap<string, Uint8Array>): Record<string, unknown>[] {
  const keyOf = (kid: unknown) =>
    typeof keys === 'string'
      ? Buffer.from(hkdfSync('sha256', Buffer.from(keys, 'base64'), '', 'audit/v1', 32))
      : (keys.get(String(kid)) ?? Buffer.alloc(0));
  if (text !== '' && !text.endsWith('\n')) throw new Error('the last line has no end');
  let prev: unknown = null;
  return text
    .split('\n')
    .slice(0, -1)
    .map((line, index) => {
      const { mac, ...entry } = JSON.parse(line) as Record<string, unknown>;
      const canonical = JSON.stringify(entry, sortedKeys(entry));
      const expected = createHmac('sha256', keyOf(entry.kid))
        .update(Buffer.from([0]))
        .update(canonical)
        .digest('base64url');
      if (entry.seq !== index + 1) throw new Error(`line ${index + 1} has number ${String(entry.seq)}`);
      if (entry.prev !== prev) throw new Error(`entry ${index + 1} does not follow the one before`);
      if (mac !== expected) throw new Error(`the MAC of entry ${index + 1} is wrong`);
      if (line !== JSON.stringify({ ...entry, mac }, sortedKeys({ ...entry, mac }))) throw new Error('not canonical');
      prev = mac;
      return { ...entry, mac };
    });
}

/** Every member name at any depth, sorted: as a replacer it makes JSON.stringify canonical for what the trail holds. */
function sortedKeys(value: unknown): string[] {
  const names = new Set<string>();
  JSON.stringify(value, (name, member) => {
    names.add(name);
    return member;
  });
  return [...names].sort();
}
