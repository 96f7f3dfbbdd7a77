// The data that ships: it is what a person could have written, and it says what the public sources say.
import { describe, expect, test } from 'vitest';
import { refuseConflicts } from '../../src/connections/constraints.ts';
import { finishPage } from '../../src/connections/finish-page.ts';
import { tenantFor } from '../../src/connections/tenants.ts';
import { looksLike, shapeProblem } from '../../src/connections/value-shapes.ts';
import { parseProvider } from '../../src/model/parse-provider.ts';
import type { AnswerRule, KindRule, Provider } from '../../src/model/provider.ts';
import { providerForApp } from '../../src/model/provider-for-app.ts';
import { roleOfScope } from '../../src/model/token-roles.ts';
import { shippedProviders } from '../../src/providers/generated-index.ts';
import { provider as github } from '../../src/providers/github/dialect.ts';
import { provider as gmail } from '../../src/providers/gmail/dialect.ts';
import { provider as drive } from '../../src/providers/google-drive/dialect.ts';
import { provider as outlook } from '../../src/providers/outlook/dialect.ts';
import { provider as teams } from '../../src/providers/teams/dialect.ts';

const shipped = await Promise.all(
  Object.entries(shippedProviders).map(async ([id, load]) => ({ id, provider: (await load()).provider })),
);

/** The provider as each kind of app meets it. */
const forKinds = (provider: Provider) =>
  provider.kinds.map((kind) => ({ kind, own: providerForApp(provider, kind.id, null) }));

/** What `connect` finds in the way of a sign-in with the default scopes; the message, or undefined. */
function conflict(own: Provider, kind: KindRule, hasSecret: boolean, flow = kind.flows[0] ?? 'loopback') {
  const { path } = own.redirect;
  const redirect = kind.ownRedirect
    ? ({ at: 'own', uri: 'https://mine.example/back' } as const)
    : ({ at: 'loopback', host: '127.0.0.1', ports: 'any', path } as const);
  try {
    refuseConflicts({ provider: own, kind, flow, scopes: asked(own), redirect, hasSecret });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : 'something that is no error';
  }
}

const asked = ({ scopes }: Provider) => [...scopes.default, ...(scopes.always ?? [])];

describe.each(shipped)('$id', ({ id, provider }) => {
  test('survives a JSON round trip through the parser of user-supplied providers', () => {
    expect(parseProvider(JSON.parse(JSON.stringify(provider)))).toEqual(provider);
  });

  test('is filed under its own id and comes back to its own path, so that answers cannot be mixed up', () => {
    expect(provider.id).toBe(id);
    for (const { own } of forKinds(provider)) expect(own.redirect.path).toBe(`/callback/${id}`);
  });

  test('describes every scope that it asks for or counts with', () => {
    for (const { own } of forKinds(provider)) {
      const { known, rename } = own.scopes;
      const implied = Object.values(known).flatMap(({ impliedBy = [] }) => impliedBy);
      const named = [...asked(own), ...implied, ...Object.keys(rename)];
      expect(named.filter((scope) => known[scope] === undefined)).toEqual([]);
    }
  });

  test('asks by default for scopes of its primary token', () => {
    const primary = provider.roles?.[0]?.id ?? 'access';
    expect(asked(provider).filter((scope) => roleOfScope(provider, scope).id !== primary)).toEqual([]);
  });

  test('walks through a registration of each kind of app', () => {
    for (const { own } of forKinds(provider)) {
      expect(own.guide.length).toBeGreaterThan(3);
      expect(new Set(own.guide.map(({ text }) => text)).size).toBe(own.guide.length);
      expect(own.guide.some(({ url }) => url !== undefined)).toBe(true);
    }
  });

  test('lets each kind of app that signs in by browser do so with the default scopes, the first on this machine', () => {
    expect(provider.kinds[0]?.flows).toContain('loopback');
    // A device flow may give fewer scopes.
    const byBrowser = forKinds(provider).filter(({ kind }) => kind.flows[0] !== 'device');
    for (const { kind, own } of byBrowser) expect(conflict(own, kind, kind.secret !== 'never')).toBeUndefined();
  });

  test('takes its own example for a client id, and for nothing else', () => {
    for (const { own } of forKinds(provider)) {
      const { clientIdShape: shape, lookalikes = [] } = own;
      if (shape === null) continue;
      expect(shapeProblem(shape, shape.example)).toBeUndefined();
      const taken = lookalikes.filter((other) => other.of === 'client_id' && looksLike(other, shape.example));
      expect(taken).toEqual([]);
    }
  });

  test('has no answer that an earlier one hides', () => {
    const seen = provider.answers.flatMap((rule) => rule.on.map((place) => conditions(rule, place)));
    expect(seen.filter((one, index) => seen.indexOf(one) !== index)).toEqual([]);
  });

  test('has a cause for every dead grant', () => {
    expect(provider.deadGrantCauses.at(-1)?.when.is).toBe('always');
  });

  test('can be ended, here or by hand', () => {
    for (const { own } of forKinds(provider)) {
      expect(own.revocation.kind !== 'none' || own.revocation.finishAt !== null).toBe(true);
    }
  });

  test('can be asked whether a token lives, and says where its API is', () => {
    for (const { own } of forKinds(provider)) expect(own.probes.length).toBeGreaterThan(0);
    expect(provider.apiOrigins.length).toBeGreaterThan(0);
  });
});

function conditions({ status, header, at, equals, text }: AnswerRule, place: string): string {
  return JSON.stringify([place, status, header, at, equals, text]);
}

test('no two come back to the same path', () => {
  const paths = shipped.map(({ provider }) => provider.redirect.path);
  expect(new Set(paths).size).toBe(paths.length);
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

describe("Microsoft's oddities", () => {
  const personal = '9188040d-6c67-4c5b-b112-36a304b66dad';

  test.each([outlook, teams])('$id: a public app has no secret and takes the word localhost, any port', (provider) => {
    expect(provider.kinds[0]).toMatchObject({ id: 'public', secret: 'never', flows: ['loopback', 'paste', 'device'] });
    expect(provider.redirect).toMatchObject({ hosts: ['localhost'], ports: 'any', register: 'uri' });
    expect(provider.kinds[1]).toMatchObject({ id: 'confidential', secret: 'always', flows: ['loopback', 'paste'] });
  });

  test.each([outlook, teams])(
    '$id: always asks for a refresh token and for the claims that name the account',
    (provider) => {
      expect(provider.scopes.always).toEqual(expect.arrayContaining(['offline_access', 'openid', 'profile']));
      expect(provider.account.idClaims).toEqual(['tid', 'oid']);
      expect(provider.refreshParams).toEqual({ scope: '{scope}' });
      expect(provider.scopes.known.offline_access?.notEchoed).toBe(true);
    },
  );

  test('the directory stands in every address of the login, and in the issuer', () => {
    const { issuer, endpoints } = providerForApp(outlook, 'public', 'contoso.example');
    const addresses = [issuer, endpoints.authorization, endpoints.token, endpoints.deviceAuthorization, endpoints.jwks];
    for (const url of addresses) expect(url).toContain('https://login.microsoftonline.com/contoso.example/');
  });

  test('Outlook takes everybody, Teams no personal account, whatever its directory is called', () => {
    expect(tenantFor(outlook, null)).toBe('common');
    expect(tenantFor(outlook, 'consumers')).toBe('consumers');
    expect(tenantFor(teams, null)).toBe('organizations');
    for (const tenant of ['common', 'consumers', personal, personal.toUpperCase()]) {
      expect(() => tenantFor(teams, tenant)).toThrow('personal');
    }
    expect(outlook.tenant?.claimOf.organizations).toEqual({ not: personal });
  });

  test('an old refresh token stays good, and a grant ends after 90 idle days', () => {
    expect(outlook).toMatchObject({ rotation: 'always', oldRefreshLives: true });
    expect(outlook.lifetimes.refreshIdleSeconds).toBe(90 * 86_400);
  });

  test('there is nothing to revoke with, and another page for personal accounts', () => {
    const page = (tenant: string) => finishPage(outlook, { clientId: 'c', accountId: `${tenant}:oid` });
    expect(outlook.revocation.kind).toBe('none');
    expect(page(personal)).toBe('https://account.live.com/consent/Manage');
    expect(page('7d1c4c53-0000-4000-8000-000000000000')).toBe('https://myapps.microsoft.com');
  });

  test('numbers explain and decide nothing', () => {
    expect(outlook.answers.filter(({ at }) => at !== undefined && at !== '/error')).toEqual([]);
    expect(Object.keys(outlook.reasonCodes?.words ?? {})).toEqual(expect.arrayContaining(['50011', '700082', '90094']));
  });

  test('who can consent is known', () => {
    expect(outlook.scopes.known['Mail.Read']?.consent).toBe('blocked-by-default');
    expect(outlook.scopes.known['Mail.Send']?.consent).toBeUndefined();
    expect(teams.scopes.known['ChannelMessage.Read.All']?.consent).toBe('admin');
    expect(teams.scopes.default.filter((scope) => teams.scopes.known[scope]?.consent !== undefined)).toEqual([]);
  });

  test("'.default' stands alone", () => {
    const [kind] = outlook.kinds;
    const stops = (scopes: string[]) => {
      const alone = { ...outlook, scopes: { ...outlook.scopes, default: scopes } };
      return kind === undefined ? undefined : conflict(alone, kind, false);
    };
    expect(stops(['https://graph.microsoft.com/.default'])).toBeUndefined();
    expect(stops(['https://graph.microsoft.com/.default', 'Mail.Read'])).toContain('.default');
  });
});

describe("GitHub's oddities", () => {
  const [oauthApp, githubApp] = forKinds(github);

  test('a browser sign-in wants the secret, a device wants none, not even later', () => {
    const found = (flow: 'loopback' | 'paste' | 'device', hasSecret: boolean) =>
      oauthApp === undefined ? undefined : conflict(oauthApp.own, oauthApp.kind, hasSecret, flow);
    expect(found('loopback', false)).toContain('client secret');
    expect(found('paste', false)).toContain('client secret');
    expect(found('device', false)).toBeUndefined();
    expect(found('loopback', true)).toBeUndefined();
    expect(github.device).toMatchObject({ secretAtPoll: false, secretAtRefresh: false });
  });

  test('a GitHub App registers its ports and has no scopes, an OAuth App the opposite', () => {
    expect(oauthApp?.own.redirect).toMatchObject({ hosts: ['127.0.0.1'], ports: 'any' });
    expect(oauthApp?.own.scopes.default.length).toBeGreaterThan(0);
    expect(oauthApp?.own.probes[0]?.scopesHeader).toBe('x-oauth-scopes');
    expect(githubApp?.own.redirect.ports).toBe('registered');
    expect(githubApp?.own.scopes.default).toEqual([]);
    expect(githubApp?.own.probes[0]?.scopesHeader).toBeUndefined();
    expect(github.constraints.find(({ kind }) => kind === 'github-app')?.scopeOfRole).toBe('access');
  });

  test('errors are known by name, since they come at 200', () => {
    const rows = github.answers.filter(({ on }) => on.includes('token') || on.includes('device'));
    expect(rows.filter(({ at }) => at !== '/error')).toEqual([]);
    expect(rows.find(({ equals }) => equals === 'bad_refresh_token')?.means).toBe('grant_dead');
    expect(github.tokenHeaders).toEqual({ accept: 'application/json' });
  });

  test('both spellings of the documentation are taken', () => {
    expect(github.device?.expired).toEqual(expect.arrayContaining(['expired_token', 'token_expired']));
    const off = github.answers.filter(({ words }) => words.includes('Enable Device Flow')).map(({ equals }) => equals);
    expect(off).toEqual(expect.arrayContaining(['device_flow_disabled', 'unauthorized_client']));
  });

  test('a used-up hour is a 403 that says until when', () => {
    const row = github.answers.find(({ status, header }) => status === 403 && header !== undefined);
    expect(row).toMatchObject({ means: 'rate_limited', retryAfter: { epochIn: 'x-ratelimit-reset' } });
  });

  test('a refresh token is good once, and ends the old access token too', () => {
    expect(github).toMatchObject({ rotation: 'always', oldAccessDies: true });
    expect(github.oldRefreshLives).toBeUndefined();
  });

  test('a revocation takes everything of the app and is proved by asking for the dead token', () => {
    const { revocation } = github;
    expect(revocation).toMatchObject({ kind: 'rest', needsSecret: true, kills: 'group', proof: 'check' });
    expect(revocation.group?.clientIdUntil).toBeUndefined();
    expect(revocation.call).toMatchObject({
      method: 'DELETE',
      auth: 'basic',
      body: { json: { access_token: '{token}' } },
    });
    expect(revocation.check?.deadStatus).toBe(404);
    expect(finishPage(github, { clientId: 'Iv1', accountId: '1' })).toMatch(/\/applications\/Iv1$/);
  });

  test('a wider scope stands for the narrower', () => {
    expect(github.scopes.known['user:email']?.impliedBy).toContain('user');
    expect(github.scopes.known['read:org']?.impliedBy).toEqual(['write:org', 'admin:org']);
    expect(github.scopes.separator).toEqual({ ask: ' ', answer: ',' });
  });
});
