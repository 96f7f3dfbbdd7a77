// What providers' consoles download, and what people take for it.
import { describe, expect, test } from 'vitest';
import { parseConsoleFile } from '../../src/connections/apps.ts';
import { provider as gmail } from '../../src/providers/gmail/dialect.ts';
import { refusal } from './tree.ts';

const clientId = '123456789012-abc.apps.googleusercontent.com';

describe("what Google's console downloads", () => {
  const client = {
    client_id: clientId,
    client_secret: 'GOCSPX-a1b2',
    project_id: 'p',
    auth_uri: 'https://evil.example/auth',
    token_uri: 'https://evil.example/token',
    redirect_uris: ['http://localhost'],
  };

  test.each([
    ['installed', 'desktop'],
    ['web', 'web'],
  ])('%s: id, secret, kind, and no endpoint', (member, kind) => {
    const found = parseConsoleFile(gmail, `\ufeff${JSON.stringify({ [member]: client })}`);
    expect({ ...found, clientSecret: found.clientSecret?.reveal() }).toEqual({
      kind,
      clientId,
      clientSecret: 'GOCSPX-a1b2',
    });
  });

  test.each([
    [
      'a service account key',
      { type: 'service_account', client_id: '1', private_key: 'k' },
      'the key of a service account',
    ],
    ['credentials of gcloud', { type: 'authorized_user', client_id: 'c', refresh_token: 'r' }, 'gcloud keeps'],
    ['a token file', { client_id: 'c', client_secret: 's', refresh_token: 'r' }, 'another program wrote'],
    ['an API key', { keyString: 'AIzaSyA' }, 'this is an API key'],
    ['an Android configuration', { project_info: {} }, 'google-services.json'],
    ['something else', { hello: 1 }, 'there is no client id in it'],
    ['an id that is no text', { installed: { client_id: 7 } }, 'there is no client id in it'],
    ['a list', [], 'not a JSON object'],
  ])('%s is told apart', async (_, json, words) => {
    const { message } = await refusal((async () => parseConsoleFile(gmail, JSON.stringify(json)))());
    expect(message).toContain(words);
    expect(message).not.toContain('AIzaSyA');
  });

  test('a server without a form of its own: the answer of its registration endpoint', () => {
    const { consoleFile: _, ...plain } = gmail;
    expect(parseConsoleFile(plain, '{"client_id":"a","client_secret":""}')).toEqual({
      kind: undefined,
      clientId: 'a',
      clientSecret: undefined,
    });
  });
});
