// What must be so of every provider, whatever its pages say: checked with the code that reads it.
import { expect } from 'vitest';
import { checkConnections } from '../../src/connections/status.ts';
import type { Provider } from '../../src/model/provider.ts';
import { providerJson } from '../../src/ui/show-provider.ts';
import type { Fixture } from './fixture.ts';
import { text } from './fixture.ts';
import { scopesOf, secretOf } from './given.ts';
import { plantGrants } from './grants.ts';

export interface Check {
  readonly name: string;
  /** The knobs that it is about, where it reads many others on the way: a costly check is not run for those. */
  readonly about?: string;
  /** Throws when it is not so. */
  readonly run: (provider: Provider, fixture: Fixture) => void | Promise<void>;
}

export const checks: readonly Check[] = [
  {
    name: 'as many checks at once as its host bears',
    about: '/probesAtOnce',
    run: async (provider, { cases }) => {
      const plain = cases.find(({ operation, given }) => operation === 'exchange' && given.kind === undefined);
      if (plain === undefined) throw new Error('the fixture exchanges no code');
      const grants = await plantGrants([provider], { clientId: text(plain, 'client_id'), secret: secretOf(plain) });
      const granted = scopesOf(provider, plain);
      const scopes = { asked: granted, granted, missing: [] };
      for (let count = 0; count < 25; count++)
        await grants.store(provider, { name: `${provider.id}:n${count}`, scopes });
      const options = { noRefresh: true, warnSeconds: 0, concurrency: 100 };
      await checkConnections(grants.workspace, 'all', options);
      expect(grants.mostAtOnce()).toBe(Number(text(plain, 'probes_at_once') || 20));
    },
  },
  {
    name: 'what is shown of it is what its pages say',
    run: (provider, { id, scopeClasses }) => {
      const shown = JSON.parse(JSON.stringify(providerJson({ provider, source: 'shipped' }))) as {
        readonly id: string;
        readonly scopes: { readonly known: readonly { readonly name: string; readonly class: string | null }[] };
      };
      expect(shown.id).toBe(id);
      const classOf = new Map(shown.scopes.known.map((scope) => [scope.name, scope.class]));
      for (const wanted of ['plain', 'sensitive', 'restricted'] as const) {
        for (const scope of scopeClasses[wanted] ?? []) expect(classOf.get(scope), scope).toBe(wanted);
      }
    },
  },
];
