// What no exchange shows, checked with the code that reads it: apps, guides, ends of grants, groups, proofs, turns.
import { expect } from 'vitest';
import {
  checkRedirectUri,
  checkSecretRule,
  clientIdProblem,
  clientSecretProblem,
} from '../../src/connections/app-values.ts';
import { parseConsoleFile } from '../../src/connections/console-file.ts';
import { alsoEnding } from '../../src/connections/grant-group.ts';
import { registrationGuide } from '../../src/connections/guide.ts';
import { grantEnd, isFresh } from '../../src/connections/lifetimes.ts';
import { refusalProblem } from '../../src/connections/refusals.ts';
import { revokeConnection } from '../../src/connections/revoke.ts';
import { checkConnections } from '../../src/connections/status.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { Provider } from '../../src/model/provider.ts';
import { providerJson } from '../../src/ui/show-provider.ts';
import type { Fixture } from './fixture.ts';
import { connectionOf, liveToken, plantGrants } from './grants.ts';

export interface Check {
  readonly name: string;
  /** The knobs that it is about, where it reads many others on the way: a costly check is not run for those. */
  readonly about?: string;
  /** Throws when it is not so. */
  readonly run: (provider: Provider, fixture: Fixture, sibling: Provider) => void | Promise<void>;
}

const daySeconds = 86_400;

export const checks: readonly Check[] = [
  {
    name: 'a client id and a client secret are told apart',
    run: (provider) => {
      expect(clientIdProblem(provider, '123456789012-a1b2.apps.googleusercontent.com')).toBeUndefined();
      expect(clientIdProblem(provider, '123456789012-a1b2')).toContain("'.apps.googleusercontent.com'");
      expect(clientIdProblem(provider, 'GOCSPX-a1b2c3')).toContain('is a client secret');
      expect(clientSecretProblem(provider, '123456789012-a1b2.apps.googleusercontent.com')).toContain('is a client id');
    },
  },
  {
    name: 'every kind of app wants its secret, which only a web app can keep',
    run: (provider) => {
      expect(provider.kinds.map(({ id }) => id)).toEqual(['desktop', 'web', 'tv']);
      for (const kind of provider.kinds) {
        const without = () => checkSecretRule(provider, kind, false);
        expect(() => checkSecretRule(provider, kind, true)).not.toThrow();
        expect(without).toThrow(/wants the client secret/);
        const shared = expect(without);
        if (kind.id === 'web') shared.not.toThrow(/every copy/);
        else shared.toThrow(/every copy/);
      }
    },
  },
  {
    name: 'a Desktop app returns to this machine, a web app to an https address of its own',
    run: (provider) => {
      const [desktop, web, tv] = provider.kinds;
      for (const kind of [desktop, tv]) {
        if (kind === undefined) throw new Error('a kind is missing');
        expect(() => checkRedirectUri(provider, kind, 'http://127.0.0.1:8080/')).not.toThrow();
        expect(() => checkRedirectUri(provider, kind, 'https://example.com/callback')).toThrow(
          /returns to this machine/,
        );
      }
      if (web === undefined) throw new Error('a kind is missing');
      expect(() => checkRedirectUri(provider, web, 'https://example.com/callback')).not.toThrow();
      expect(() => checkRedirectUri(provider, web, 'http://127.0.0.1:8080/')).toThrow(/your own https address/);
    },
  },
  {
    name: "the console's downloads are read, and what is none is called by its name",
    run: (provider) => {
      const client = { client_id: '1-a.apps.googleusercontent.com', client_secret: 'held' };
      const kindIn = (file: object) => parseConsoleFile(provider, JSON.stringify(file)).kind;
      expect(kindIn({ installed: client })).toBe('desktop');
      expect(kindIn({ web: client })).toBe('web');
      expect(() => kindIn({ type: 'service_account', client_email: 'a@b' })).toThrow(/service account/);
      expect(() => kindIn({ type: 'authorized_user', refresh_token: 'held' })).toThrow(/gcloud/);
      expect(() => kindIn({ refresh_token: 'held', access_token: 'held' })).toThrow(/token file/);
      expect(() => kindIn({ keyString: 'held' })).toThrow(/API key/);
      expect(() => kindIn({ project_info: {} })).toThrow(/Android/);
      expect(() => kindIn({ type: 'something else' })).toThrow(/no client id/);
    },
  },
  {
    name: 'there is no redirect URI to register, and each provider has its own path',
    run: (provider, { id }) => {
      const { redirectUris, redirectSays } = registrationGuide(provider);
      expect(redirectUris).toEqual([]);
      // RFC 9700 §4.4.2: distinct redirect URIs tell the servers apart.
      expect(redirectSays).toContain(`http://127.0.0.1:PORT/callback/${id} is sent`);
    },
  },
  {
    name: 'a grant ends after six months without use; seven days are a sign of Testing, eight are not',
    run: (provider) => {
      const at = (days: number) => days * daySeconds * 1000;
      const held = { createdAt: 0, refreshedAt: null, accessExpiresAt: at(1), refreshPresent: true };
      const endOf = (grantIssuedSeconds: number | null) => {
        const refreshExpiresAt = grantIssuedSeconds === null ? null : grantIssuedSeconds * 1000;
        return grantEnd(provider, { ...held, grantIssuedSeconds, refreshExpiresAt });
      };
      const { endsAt } = endOf(null);
      expect(endsAt).toBeGreaterThanOrEqual(at(180));
      expect(endsAt).toBeLessThanOrEqual(at(184));
      expect(endOf(7 * daySeconds - 1).reason).toMatch(/Testing/);
      expect(endOf(8 * daySeconds).reason).not.toMatch(/Testing/);
    },
  },
  {
    name: 'a token without a known end is believed for five minutes',
    run: ({ lifetimes }) => {
      const fresh = (seconds: number) => isFresh(liveToken, 0, lifetimes, 60, seconds * 1000);
      expect([fresh(299), fresh(301)]).toEqual([true, false]);
    },
  },
  {
    name: 'the likeliest cause of a dead grant is named',
    run: (provider, { id, text, scopeClasses }) => {
      const nowAt = 365 * daySeconds * 1000;
      const causeOf = (facts: Parameters<typeof connectionOf>[1]) => {
        const connection = connectionOf(provider, facts);
        return refusalProblem(provider, connection, { means: 'grant_dead', error: 'invalid_grant' }, nowAt).message;
      };
      const recent = { createdAt: nowAt - 30 * daySeconds * 1000 };
      const granted = (...scopes: string[]) => ({ ...recent, scopes: { asked: scopes, granted: scopes, missing: [] } });
      expect(causeOf({ ...granted(text('scope')), grantIssuedSeconds: 604_799 })).toMatch(/most likely .*Testing/);
      expect(causeOf({ ...granted('openid'), createdAt: 0 })).toMatch(/most likely .*six months/);
      const { plain, sensitive, restricted } = scopeClasses;
      const own = [...plain, ...sensitive, ...restricted].filter((scope) => scope.startsWith('https:'));
      for (const scope of own)
        expect(/most likely .*password/.test(causeOf(granted(scope))), scope).toBe(id === 'gmail');
      expect(causeOf(granted('openid'))).toMatch(/most likely .*100 newer/);
      expect(causeOf(granted('openid'))).not.toMatch(/password/);
    },
  },
  {
    name: 'one revocation ends what the same person gave the same Cloud project, and nothing else',
    run: async (provider, _, sibling) => {
      const grants = await plantGrants([provider, sibling]);
      const client = '123456789012-a.apps.googleusercontent.com';
      const one = await grants.store(provider, { name: `${provider.id}:one`, clientId: client });
      await grants.store(sibling, {
        name: `${sibling.id}:same`,
        clientId: '123456789012-b.apps.googleusercontent.com',
      });
      await grants.store(sibling, {
        name: `${sibling.id}:other-project`,
        clientId: '999-b.apps.googleusercontent.com',
      });
      const somebody = { id: '2', name: 'bob@example.com' };
      await grants.store(sibling, { name: `${sibling.id}:other-person`, clientId: client, account: somebody });
      expect(await alsoEnding(grants.workspace, one)).toEqual([`${sibling.id}:same`]);
    },
  },
  {
    name: 'a revocation is proved by asking again, and can be finished by hand',
    about: '/revocation/',
    run: async (provider) => {
      const grants = await plantGrants([provider]);
      grants.answers.set('https://oauth2.googleapis.com/revoke', { status: 200, body: '{}' });
      grants.answers.set('https://oauth2.googleapis.com/tokeninfo', {
        status: 400,
        body: '{"error_description":"Invalid Value"}',
      });
      const { name } = await grants.store(provider, {});
      const ended = await revokeConnection(grants.workspace, name, { localOnly: false });
      expect(ended).toMatchObject({ remote: 'revoked', proof: 'probe_rejected', finishAt: null });
      const forgotten = await grants.store(provider, {});
      const { finishAt } = await revokeConnection(grants.workspace, forgotten.name, { localOnly: true });
      expect(finishAt).toBe('https://myaccount.google.com/permissions');
    },
  },
  {
    name: 'twenty checks at once',
    about: '/probesAtOnce',
    run: async (provider) => {
      const grants = await plantGrants([provider]);
      for (let count = 0; count < 25; count++) await grants.store(provider, { name: `${provider.id}:n${count}` });
      const options = { noRefresh: true, warnSeconds: 0, concurrency: 100 };
      await checkConnections(grants.workspace, 'all', options);
      expect(grants.mostAtOnce()).toBe(20);
    },
  },
  {
    name: 'what is shown of it is what its pages say',
    run: (provider, { id, scopeClasses }) => {
      const shown = JSON.parse(JSON.stringify(providerJson({ provider, source: 'shipped' }))) as JsonObject;
      expect(shown.id).toBe(id);
      const { known } = shown.scopes as {
        readonly known: readonly { readonly name: string; readonly class: string | null }[];
      };
      const classOf = new Map(known.map((scope) => [scope.name, scope.class]));
      for (const wanted of ['plain', 'sensitive', 'restricted'] as const) {
        for (const scope of scopeClasses[wanted]) expect(classOf.get(scope), scope).toBe(wanted);
      }
    },
  },
];
