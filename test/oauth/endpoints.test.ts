// Which addresses are taken, and which are refused by name.
import { expect, test } from 'vitest';
import { checkEndpoint } from '../../src/oauth/endpoints.ts';

const local = 'http://127.0.0.1:9000';

test.each([
  ['https://id.example.com/token', 'https://id.example.com'],
  ['https://tokens.example.net/t?tenant=1', 'https://id.example.com'],
  ['http://127.0.0.1:9001/token', local],
  ['http://localhost:9001/token', local],
  ['http://[::1]:9001/token', 'http://localhost:1'],
  ['https://127.0.0.1/token', local],
])('%s under %s is taken', (address, issuer) => {
  expect(checkEndpoint(address, issuer).href).toBe(address);
});

test.each([
  ['http://id.example.com/token', 'https://id.example.com', 'plain http'],
  ['http://127.0.0.1:9000/token', 'https://id.example.com', 'plain http'],
  ['http://id.example.com/token', local, 'plain http'],
  ['http://127.0.0.2/token', local, 'plain http'],
  ['http://127.0.0.1.evil.example/token', local, 'plain http'],
  ['http://localhost.evil.example/token', local, 'plain http'],
  ['http://evil.example#@127.0.0.1/', local, 'plain http'],
  ['http://user@127.0.0.1:9000/', local, 'user name'],
  ['https://id.example.com:secret@evil.example/', 'https://id.example.com', 'user name'],
  ['file:///etc/passwd', local, 'file:'],
  ['javascript:alert(1)', local, 'javascript:'],
  ['data:text/html,x', local, 'data:'],
  ['/token', local, 'not an address'],
  ['', local, 'not an address'],
])('%s under %s is refused by name', (address, issuer, why) => {
  expect(() => checkEndpoint(address, issuer, 'the token endpoint')).toThrow(
    expect.objectContaining({
      code: 'bad_response',
      message: expect.stringMatching(new RegExp(`^the token endpoint '.*' is refused: .*${why}`)),
    }),
  );
});

test('what is refused is printed without its escapes', () => {
  expect(() => checkEndpoint('file:\u001b[2J\u202eabc', local)).toThrow("'file:[2Jabc'");
});
