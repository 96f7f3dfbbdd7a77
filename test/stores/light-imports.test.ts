// The fast path reads records with the store's own code, so that code must stay quick to load.
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

const source = new URL('../../src/', import.meta.url);

/** Everything that a file loads, directly or not, as paths below src; packages by name. Type-only imports cost nothing. */
async function loads(file: URL, found = new Set<string>()): Promise<Set<string>> {
  const text = await readFile(file, 'utf8');
  for (const [, clause, from = ''] of text.matchAll(/^(?:import|export) (?!type )([^;]*?) from '([^']+)'/gm)) {
    if (clause && /^\{(\s*type [^,}]+,?)*\s*\}$/.test(clause)) continue;
    const target = from.startsWith('.') ? new URL(from, file) : undefined;
    const name = target === undefined ? from : target.href.slice(source.href.length);
    if (found.has(name)) continue;
    found.add(name);
    if (target !== undefined) await loads(target, found);
  }
  return found;
}

test('reading a record loads node:crypto, the model and a few small files', async () => {
  const entries = ['stores/open-record.ts', 'stores/key-file.ts', 'stores/key-text.ts', 'stores/tree-layout.ts'];
  const loaded = new Set<string>();
  for (const entry of entries) await loads(new URL(entry, source), loaded);
  expect([...loaded].sort()).toEqual([
    'errors.ts',
    'model/instants.ts',
    'model/json.ts',
    'model/secret.ts',
    'node:crypto',
    'stores/record-name.ts',
    'stores/seal.ts',
    'stores/tree-layout.ts',
  ]);
});
