// Every wire fixture, replayed through the real protocol code with the provider's real data. See README.md beside.
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/model/json.ts';
import { valueAt } from '../../src/oauth/answer.ts';
import { shippedProviders } from '../../src/providers/generated-index.ts';
import { checks } from './checks.ts';
import { matches } from './matches.ts';
import { readFixture } from './read-fixture.ts';
import { replay } from './replay.ts';

const loaded = await Promise.all(Object.values(shippedProviders).map(async (load) => (await load()).provider));

for (const provider of loaded) {
  const { id } = provider;
  const fixture = readFixture(id);

  describe(id, () => {
    it.each(fixture.cases.map((entry) => [`${entry.operation}: ${entry.name}`, entry] as const))(
      '%s',
      async (_, entry) => {
        expect(await replay(provider, fixture, entry)).toEqual([]);
      },
    );

    it.each(fixture.facts)('$says', ({ at, is }) => {
      const value = valueAt(provider as unknown as Json, at);
      expect(matches(is, value), `${at} is ${JSON.stringify(value)}`).toBe(true);
    });

    it.each(checks)('$name', async ({ run }) => {
      await run(provider, fixture);
    });

    it('gives every case and fact an address to read it at', () => {
      const sources = [...fixture.cases, ...fixture.never, ...fixture.facts].map(
        (entry) => 'source' in entry && entry.source,
      );
      expect(sources.flat().filter((source) => !/^https:\/\/[a-z]/.test(String(source)))).toEqual([]);
      expect(fixture.read).toMatch(/^20\d\d-\d\d$/);
    });
  });
}
