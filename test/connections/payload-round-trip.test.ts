// What is exported is imported: whatever a grant and its app hold, nothing is added, lost or changed on the way.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Movable, payloadFromText, payloadToText } from '../../src/connections/moving/export-payload.ts';
import type { App } from '../../src/model/app.ts';
import type { Connection, RoleTokens, TokenSet } from '../../src/model/connection.ts';
import { connectionName } from '../../src/model/names.ts';
import { Secret } from '../../src/model/secret.ts';

/** To the second, as instants rest in files. */
const instant = fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => seconds * 1000);
const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
/** RFC 6749 §A.12 */
const visible = fc.stringMatching(/^[\x21-\x7e]{1,40}$/);
const secret = visible.map((value) => new Secret(value));
const texts = fc.array(text, { maxLength: 4 });
const label = orNull(fc.stringMatching(/^[a-z0-9][a-z0-9._@+-]{0,10}$/));
const provider = fc.stringMatching(/^zz[a-z0-9-]{0,8}$/);
const roles = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z-]{0,8}$/), { minLength: 1, maxLength: 3 });

const roleTokens: fc.Arbitrary<RoleTokens> = fc.record({
  access: orNull(secret),
  tokenType: visible,
  expiresAt: orNull(instant),
  issuedSeconds: orNull(fc.nat()),
  refresh: orNull(secret),
});

const spending = fc.record({ role: text, fingerprint: text, at: instant, by: text });
const refused = fc.record({
  role: text,
  fingerprint: text,
  means: text,
  error: orNull(text),
  explained: fc.boolean(),
  cut: orNull(fc.record({ at: instant, by: text })),
  elsewhere: orNull(fc.constant({ is: 'grant_lives' } as const)),
  at: instant,
  count: fc.nat(),
});

const facts = fc.record({
  issuer: text,
  tokenOrigins: texts,
  account: fc.record({ id: orNull(text), name: orNull(text) }),
  clientId: text,
  kind: text,
  tenant: orNull(text),
  flow: fc.constantFrom('loopback', 'device', 'paste', 'fragment'),
  scopes: fc.record({ asked: texts, granted: texts, missing: texts }),
  accessToken: fc.record({ expiresAt: orNull(instant), refreshable: fc.boolean() }),
  refreshToken: fc.record({ present: fc.boolean(), rotates: orNull(fc.boolean()), expiresAt: orNull(instant) }),
  grant: fc.record({ endsAt: orNull(instant), reason: orNull(text) }),
  grantIssuedSeconds: orNull(fc.nat()),
  resource: orNull(text),
  createdAt: instant,
  refreshedAt: orNull(instant),
  provedAt: orNull(instant),
  spending: fc.array(spending, { maxLength: 2 }),
  refused: fc.array(refused, { maxLength: 2 }),
  host: text,
});

const movable: fc.Arbitrary<Movable> = fc
  .record({
    facts,
    provider,
    label,
    roles,
    held: fc.array(roleTokens, { minLength: 3, maxLength: 3 }),
    idToken: orNull(secret),
    clientSecret: orNull(secret),
    at: orNull(instant),
  })
  .map(({ facts, provider, label, roles, held, idToken, clientSecret, at }) => {
    const { text: name } = connectionName(provider, label);
    const connection: Connection = { ...facts, name, provider, label, app: 'default', roles };
    const app: App = {
      provider,
      name: 'default',
      kind: facts.kind,
      clientId: facts.clientId,
      clientAuth: clientSecret === null ? 'none' : 'post',
      redirectUri: null,
      tenant: facts.tenant,
      hasSecret: clientSecret !== null,
      source: 'stored',
      createdAt: at,
    };
    const tokens: TokenSet = {
      roles: Object.fromEntries(roles.map((role, at) => [role, held[at] as RoleTokens])),
      idToken,
    };
    return { connection, tokens, app, clientSecret: clientSecret ?? undefined, provider: undefined };
  });

/** Secrets print as `[secret]`: compared by what they hold. */
const open = (value: unknown): unknown => {
  if (value instanceof Secret) return { secret: value.reveal() };
  if (Array.isArray(value)) return value.map(open);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, open(item)]));
};

it('any grant comes out as it went in', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(movable, { selector: ({ connection }) => connection.provider, minLength: 1, maxLength: 3 }),
      instant,
      text,
      fc.boolean(),
      (grants, createdAt, host, moved) => {
        const payload = { createdAt, host, moved, grants };
        expect(open(payloadFromText(payloadToText(payload)))).toEqual(open(payload));
      },
    ),
    { numRuns: 200 },
  );
});
