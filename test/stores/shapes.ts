// The form of what lies on the disk, without its values: which members, of which types, in clear and under the seal.
import { isJsonObject, type Json, parseJson } from '../../src/model/json.ts';
import { claimedHeader, unseal } from '../../src/stores/seal.ts';

const key = Buffer.alloc(32, 7);

/** `/data/connections/acme.json facts.account.id: string`, sorted. Locks and trail lines count as one kind of file each. */
export function shapesOf(tree: ReadonlyMap<string, string>): readonly string[] {
  const lines = [...tree].flatMap(([path, text]) => {
    const place = path.replace(/\/\d+\.json$/, '/EPOCH.json');
    // Provider data has its own rules of growth: members may be left out, and then mean what they meant.
    if (place.startsWith('/config/')) return [];
    return text
      .split(place.endsWith('.jsonl') ? '\n' : /$(?!.)/s)
      .filter((part) => part.trim() !== '')
      .flatMap((part) => membersOf(parseJson(part), '').map((member) => `${place} ${member}`));
  });
  return [...new Set(lines)].sort();
}

function membersOf(value: Json | undefined, at: string): readonly string[] {
  if (typeof value === 'string' && /^eyJ[\w-]*\.\.[\w.-]+$/.test(value)) return sealedMembers(value, at);
  if (Array.isArray(value)) return value.flatMap((item: Json) => membersOf(item, `${at}[]`));
  if (!isJsonObject(value)) return [`${at}: ${value === null ? 'null' : typeof value}`];
  const members = Object.entries(value);
  return members.length === 0 ? [`${at}: {}`] : members.flatMap(([name, item]) => membersOf(item, `${at}.${name}`));
}

function sealedMembers(sealed: string, at: string): readonly string[] {
  const payload = parseJson(unseal(key, sealed) ?? '');
  return [...membersOf(claimedHeader(sealed), `${at}(header)`), ...membersOf(payload, `${at}(sealed)`)];
}
