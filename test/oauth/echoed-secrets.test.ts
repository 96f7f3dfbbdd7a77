// A server that quotes what it was sent: no error repeats a secret, in whichever spelling it comes back.
import { expect, test } from 'vitest';
import { refreshGrant } from '../../src/oauth/refresh.ts';
import { json, makePeer, portsOver, script, spendingOf } from './rig.ts';

test.each([
  ['the refresh token', 'no refresh-1 here'],
  ['the refresh token with an invisible character in it', 'no refre\u200bsh-1 here'],
  ['the client secret', `bad client ${Buffer.from('the-client:the-client-secret').toString('base64')}`],
])('a server that echoes %s is not repeated', async (_, error_description) => {
  const server = script(json(400, { error: 'invalid_grant', error_description }));
  const result = await refreshGrant(makePeer(), spendingOf('refresh-1'), portsOver(server.fetch));
  expect(result).toMatchObject({ words: expect.stringMatching(/^(no \[secret\] here|bad client \[secret\])$/) });
});

test.each(['basic', 'basic-raw', 'post'] as const)(
  'what is sent by %s is in no error, however it is echoed',
  async (clientAuth) => {
    const secret = 's3cr/et+1~';
    const token = '1//0refresh';
    const form = (text: string) => new URLSearchParams({ text }).toString().slice('text='.length);
    const spellings = [secret, token].flatMap((text) => [text, encodeURIComponent(text), form(text)]);
    const error_description = `no: ${spellings.join(' ')}`;
    const server = script(json(401, { error: 'invalid_client', error_description }));
    const peer = makePeer({}, { clientAuth }, secret);
    const result = await refreshGrant(peer, spendingOf(token), portsOver(server.fetch));
    expect(result).toMatchObject({ words: `no:${' [secret]'.repeat(6)}` });
  },
);
