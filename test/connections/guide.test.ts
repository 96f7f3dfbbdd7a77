// The registration guide: the exact redirect URI for each kind of app and rule.
import { describe, expect, test } from 'vitest';
import { registrationGuide } from '../../src/connections/guide.ts';
import { CliError } from '../../src/errors.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { parseProvider } from '../../src/model/parse-provider.ts';
import { provider as gmail } from '../../src/providers/gmail/dialect.ts';

const issuer = 'https://id.acme.example';
const acme = { id: 'acme', issuer, endpoints: { authorization: `${issuer}/authorize`, token: `${issuer}/token` } };

describe('the registration guide', () => {
  const plain = (change: JsonObject = {}) => parseProvider({ ...acme, redirect: change });

  test('Google registers no redirect URI for a Desktop app, and says what is sent', () => {
    const guide = registrationGuide(gmail);
    expect(guide.redirectUris).toEqual([]);
    expect(guide.redirectSays).toContain('http://127.0.0.1:PORT/callback/gmail');
    expect(guide.next).toEqual(['oauthctl app set gmail', 'oauthctl connect gmail']);
    expect(guide.steps.map(({ text }) => text).join()).toContain('Gmail API');
  });

  test('each kind has its own address', () => {
    expect(registrationGuide(gmail, { kind: 'web' }).redirectSays).toContain('https address of your own');
    const own = 'https://app.example.com/Callback/';
    expect(registrationGuide(gmail, { kind: 'web', redirectUri: own }).redirectUris).toEqual([own]);
    const [set] = registrationGuide(gmail, { kind: 'web' }).next;
    expect(set).toBe('oauthctl app set gmail --kind web --redirect-uri https://…');
    expect(registrationGuide(gmail, { kind: 'tv' })).toMatchObject({
      redirectUris: [],
      next: ['oauthctl app set gmail --kind tv', 'oauthctl connect gmail'],
    });
    expect(() => registrationGuide(gmail, { kind: 'spa' })).toThrow(CliError);
  });

  test.each<[string, JsonObject, readonly string[]]>([
    ['any port', {}, ['http://127.0.0.1/callback/acme']],
    [
      'each registered port',
      { ports: [8252, 8253] },
      ['http://127.0.0.1:8252/callback/acme', 'http://127.0.0.1:8253/callback/acme'],
    ],
    ['the word localhost', { hosts: ['localhost'], ports: [8252] }, ['http://localhost:8252/callback/acme']],
    ['an origin', { register: 'origin', ports: [8252] }, ['http://127.0.0.1:8252']],
  ])('the exact redirect URI to paste: %s', (_, change, uris) => {
    expect(registrationGuide(plain(change)).redirectUris).toEqual(uris);
  });

  test('a server that nobody described still has steps', () => {
    expect(registrationGuide(plain()).steps.length).toBeGreaterThan(1);
  });
});
