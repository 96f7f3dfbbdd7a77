// A connection's facts at rest: what is written is read back, and what is damaged is never taken for something else.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { connectionFromFacts, connectionJson, connectionToFacts } from '../../src/connections/facts.ts';
import { CliError } from '../../src/errors.ts';
import type { Connection } from '../../src/model/connection.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';

const instant = fc.integer({ min: 0, max: 4_102_444_800 }).map((seconds) => seconds * 1000);
const words = fc.string({ maxLength: 20 });
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });

const connections: fc.Arbitrary<Connection> = fc.record({
  name: fc.constant('acme:work'),
  provider: fc.constant('acme'),
  label: fc.constant('work'),
  issuer: fc.constant('https://acme.example'),
  tokenOrigins: fc.array(words),
  account: fc.record({ id: orNull(words), name: orNull(words) }),
  app: fc.constant('default'),
  clientId: fc.constant('client-1'),
  kind: words,
  tenant: orNull(words),
  flow: fc.constantFrom('loopback', 'device', 'paste', 'fragment'),
  roles: fc.array(words, { maxLength: 2 }),
  scopes: fc.record({ asked: fc.array(words), granted: fc.array(words), missing: fc.array(words) }),
  accessToken: fc.record({ expiresAt: orNull(instant), refreshable: fc.boolean() }),
  refreshToken: fc.record({ present: fc.boolean(), rotates: orNull(fc.boolean()), expiresAt: orNull(instant) }),
  grant: fc.record({ endsAt: orNull(instant), reason: orNull(words) }),
  grantIssuedSeconds: orNull(fc.integer({ min: 0 })),
  resource: orNull(words),
  createdAt: instant,
  refreshedAt: orNull(instant),
  provedAt: orNull(instant),
  spending: fc.array(fc.record({ role: words, fingerprint: words, at: instant, by: words }), { maxLength: 2 }),
  refused: fc.array(
    fc.record({
      role: words,
      fingerprint: words,
      means: words,
      error: orNull(words),
      explained: fc.boolean(),
      cut: orNull(fc.record({ at: instant, by: words })),
      elsewhere: orNull(
        fc.oneof(
          fc.constant({ is: 'grant_lives' } as const),
          fc.record({ is: fc.constant('came_from' as const), host: words }),
        ),
      ),
      at: instant,
      count: fc.integer({ min: 1 }),
    }),
    { maxLength: 2 },
  ),
  host: words,
});

const binding = { issuer: 'https://acme.example', clientId: 'client-1' };

it('reads back what it wrote, through JSON', () => {
  fc.assert(
    fc.property(connections, (connection) => {
      const facts = JSON.parse(JSON.stringify(connectionToFacts(connection))) as JsonObject;
      expect(connectionFromFacts('acme:work', binding, facts)).toEqual(connection);
    }),
  );
});

it('refuses facts with any one member missing or of another kind', () => {
  fc.assert(
    fc.property(connections, (connection) => {
      const facts = connectionToFacts(connection);
      for (const key of Object.keys(facts)) {
        const { [key]: _, ...without } = facts;
        // Records of before these were facts have none.
        if (key !== 'tenant' && key !== 'token_origins')
          expect(() => connectionFromFacts('acme:work', binding, without), key).toThrow(CliError);
        expect(() => connectionFromFacts('acme:work', binding, { ...facts, [key]: [{}] }), key).toThrow(CliError);
      }
    }),
    { numRuns: 20 },
  );
});

it('shows the members of the contract, and no journal', () => {
  const [connection] = fc.sample(connections, 1);
  expect(Object.keys(connectionJson(connection as Connection, 'files')).sort()).toEqual([
    'access_token',
    'account',
    'app',
    'created_at',
    'flow',
    'grant',
    'kind',
    'label',
    'name',
    'provider',
    'refresh_token',
    'refreshed_at',
    'roles',
    'scopes',
    'store',
    'tenant',
  ]);
});

it('reads a mark that was written before marks were lists', () => {
  const [connection] = fc.sample(connections, 1) as [Connection];
  const mark = { role: 'access', fingerprint: 'f', at: 60_000, by: 'process 7 on a host' };
  const refused = {
    role: 'access',
    fingerprint: 'f',
    means: 'grant_dead',
    error: null,
    explained: false,
    cut: null,
    elsewhere: null,
    at: 60_000,
    count: 2,
  };
  const facts = connectionToFacts({ ...connection, spending: [mark], refused: [refused] });
  // It told neither whether the provider had said why, nor of a refresh before it.
  const { explained: _, cut: __, elsewhere: ___, ...before } = (facts.refused as JsonObject[])[0] as JsonObject;
  const alone = {
    ...facts,
    spending: (facts.spending as Json[])[0] as Json,
    refused: before,
  };
  expect(connectionFromFacts('acme:work', binding, alone)).toMatchObject({ spending: [mark], refused: [refused] });
});
