// The data that ships: it is what a person could have written, and it says what the public sources say.
import { describe, expect, test } from 'vitest';
import { parseProvider } from '../../src/model/parse-provider.ts';
import type { Provider } from '../../src/model/provider.ts';
import { shippedProviders } from '../../src/providers/generated-index.ts';
import { provider as gmail } from '../../src/providers/gmail/dialect.ts';
import { provider as drive } from '../../src/providers/google-drive/dialect.ts';

const shipped = await Promise.all(
  Object.entries(shippedProviders).map(async ([id, load]) => ({ id, provider: (await load()).provider })),
);

describe.each(shipped)('$id', ({ id, provider }) => {
  test('survives a JSON round trip through the parser of user-supplied providers', () => {
    expect(parseProvider(JSON.parse(JSON.stringify(provider)))).toEqual(provider);
  });

  test('is filed under its own id and comes back to its own path, so that answers cannot be mixed up', () => {
    expect(provider.id).toBe(id);
    expect(provider.redirect.path).toBe(`/callback/${id}`);
  });

  test('describes every default scope, and walks through a registration', () => {
    const { known, default: byDefault } = provider.scopes;
    expect(byDefault.filter((scope) => known[scope] === undefined)).toEqual([]);
    expect(provider.guide.length).toBeGreaterThan(3);
  });

  test('the first kind of app can do the default sign-in', () => {
    const kind = provider.kinds[0];
    const stopped = provider.constraints.filter(
      (rule) =>
        (rule.kind === undefined || rule.kind === kind?.id) &&
        (rule.flow === undefined || rule.flow === 'loopback') &&
        (rule.anyScope === undefined || rule.anyScope.some((scope) => provider.scopes.default.includes(scope))),
    );
    expect(kind?.flows).toContain('loopback');
    expect(stopped).toEqual([]);
  });
});

describe("Google's oddities", () => {
  test('a Desktop app comes first, and always has a secret that is none', () => {
    expect(gmail.kinds[0]).toMatchObject({ id: 'desktop', secret: 'always', secretIsPublic: true });
    expect(gmail.redirect.register).toBe('none');
  });

  test('offline access is asked for in a way that works at a second consent too', () => {
    expect(gmail.authorizeParams).toEqual({ access_type: 'offline', prompt: 'consent' });
  });

  test('reading mail is restricted, a single file is not', () => {
    const classOf = (provider: Provider, scope: string) =>
      provider.scopes.known[`https://www.googleapis.com/auth/${scope}`]?.class;
    expect(classOf(gmail, 'gmail.readonly')).toBe('restricted');
    expect(classOf(gmail, 'gmail.send')).toBe('sensitive');
    expect(classOf(drive, 'drive.file')).toBe('plain');
    expect(classOf(drive, 'drive.readonly')).toBe('restricted');
  });

  test('a session policy wants the person and does not end the grant: its row stands before invalid_grant', () => {
    const rows = gmail.answers.filter(({ on }) => on.includes('token')).map(({ equals, means }) => [equals, means]);
    const rapt = rows.findIndex(([equals]) => equals === 'invalid_rapt');
    const dead = rows.findIndex(([equals]) => equals === 'invalid_grant');
    expect(rows[rapt]).toEqual(['invalid_rapt', 'person_needed']);
    expect(rows[dead]).toEqual(['invalid_grant', 'grant_dead']);
    expect(rapt).toBeLessThan(dead);
  });

  test('Gmail by device is stopped before anything is sent; one file of Drive is not', () => {
    const stops = ({ constraints, scopes }: Provider) =>
      constraints.some(
        (rule) => rule.flow === 'device' && rule.anyScope?.some((name) => scopes.default.includes(name)),
      );
    expect(stops(gmail)).toBe(true);
    expect(stops(drive)).toBe(false);
    expect(drive.scopes.default.filter((scope) => !drive.device?.scopes?.includes(scope))).toEqual([]);
  });

  test('both share one revocation group, since Google revokes a whole Cloud project', () => {
    expect(gmail.revocation).toEqual(drive.revocation);
    expect(gmail.revocation).toMatchObject({ kills: 'group', group: { clientIdUntil: '-' }, clientAuth: false });
  });

  test('a dead grant has a cause for every case, the sure ones first', () => {
    expect(gmail.deadGrantCauses.map(({ when }) => when.is)).toEqual([
      'short_grant_over',
      'idle_over',
      'has_scope',
      'always',
    ]);
    expect(drive.deadGrantCauses.map(({ when }) => when.is)).not.toContain('has_scope');
  });
});
