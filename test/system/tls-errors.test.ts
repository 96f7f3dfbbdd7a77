// What a refused handshake says: each kind of bad certificate, and what is no TLS or none in common. Nothing is ever sent then.
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer, type ServerOptions } from 'node:https';
import { createServer, type Server } from 'node:net';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { wireError } from '../../src/system/wire-errors.ts';
import * as certificates from '../support/certificates.ts';
import { realFetch } from '../support/real-fetch.ts';
import { ownAuthorities } from './own-authorities.ts';
import { key as ownKey, cert as selfSigned } from './self-signed.ts';
import { start } from './start-server.ts';

const { authority, authorityBetween, early, expired, good, issuedBetween, leafKey, oddIssuer, otherName } =
  certificates;

const arrived = vi.fn();
beforeEach(() => void arrived.mockClear());

const server = (options: ServerOptions) =>
  createHttpsServer({ key: leafKey, ...options }, (_, response) => {
    arrived();
    response.end('{}');
  });

async function ask(at: Server, trusted?: string, host = 'localhost') {
  const port = await start(at);
  const fetch = realFetch({ caFile: trusted && ownAuthorities(trusted) });
  const asked = fetch({ method: 'POST', url: `https://${host}:${port}/`, headers: {}, body: 'x=1', timeoutMs: 10_000 });
  return asked.catch((error) => error);
}

const inspection = (issuer: string) =>
  `was issued by '${issuer}', which this machine does not trust: a network that inspects TLS does that`;
const orIncomplete = ', and so does a server that sends a part of its chain only';

test.each<[string, ServerOptions, string | undefined, string, RegExp]>([
  ['expired', { cert: expired }, authority, 'the certificate of HOST has expired (since 2021-02-03)', /clock/],
  [
    'not valid yet',
    { cert: early },
    authority,
    'the certificate of HOST is not valid yet (before 2125-01-02)',
    /clock/,
  ],
  [
    'for another name',
    { cert: otherName },
    authority,
    'HOST showed a certificate that is for another name (captive.example, www.captive.example, a.captive.example and 2 more)',
    /^check the address/,
  ],
  [
    'of an unknown issuer',
    { cert: good },
    undefined,
    `the certificate of HOST ${inspection('Acme Corp Inspection CA (Acme Corp)')}${orIncomplete}`,
    /--ca-file FILE.*NODE_EXTRA_CA_CERTS/,
  ],
  [
    'of an unknown issuer, with its whole chain',
    { cert: issuedBetween + authorityBetween + authority },
    undefined,
    `the certificate of HOST ${inspection('Acme Corp Inspection Sub CA (Acme Corp)')}`,
    /--ca-file/,
  ],
  [
    'of a known root, with the one between left out',
    { cert: issuedBetween },
    authority,
    `the certificate of HOST ${inspection('Acme Corp Inspection Sub CA (Acme Corp)')}${orIncomplete}`,
    /--ca-file/,
  ],
  [
    'of an issuer whose name would steer the terminal',
    { cert: oddIssuer },
    undefined,
    `the certificate of HOST ${inspection('Trusted [31m CA')}${orIncomplete}`,
    /--ca-file/,
  ],
  [
    'self-signed',
    { key: ownKey, cert: selfSigned },
    undefined,
    "the certificate of HOST is self-signed, as 'localhost': nobody vouches for it",
    /^if it is your own.*--ca-file/,
  ],
])('a certificate that is %s', async (_, options, trusted, message, hint) => {
  const error = await ask(server(options), trusted);
  expect(error).toMatchObject({ code: 'unreachable', cause: { sent: false } });
  expect(error.message.replace(/localhost:\d+/, 'HOST')).toBe(message);
  expect(error.hint).toMatch(hint);
  expect(arrived).not.toHaveBeenCalled();
});

test('one that was revoked is said to be', () => {
  const error = wireError(Object.assign(new Error('x'), { code: 'CERT_REVOKED' }), 'a.test', false);
  expect(error).toMatchObject({ code: 'unreachable', message: 'the certificate of a.test has been revoked' });
});

test('any other reason against a certificate is named by its code', () => {
  const error = wireError(Object.assign(new Error('x'), { code: 'INVALID_PURPOSE' }), 'a.test', false);
  expect(error.message).toBe('the certificate of a.test cannot be accepted (INVALID_PURPOSE)');
});

test.each<[string, () => Server, RegExp]>([
  ['plain HTTP', () => createHttpServer(), /answered with something that is not TLS/],
  ['something else', () => createServer((socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n')), /is not TLS/],
  [
    'TLS 1.1 alone',
    () => server({ cert: good, minVersion: 'TLSv1', maxVersion: 'TLSv1.1' }),
    /no version of TLS in common/,
  ],
  [
    'no cipher in common',
    () =>
      server({
        cert: good,
        maxVersion: 'TLSv1.2',
        ciphers: 'ECDHE-RSA-AES128-GCM-SHA256',
      }),
    /none of the ciphers on offer/,
  ],
  ['an end', () => createServer((socket) => void socket.end()), /closed the connection before anything was asked/],
  [
    'a reset',
    () => createServer((socket) => void socket.resetAndDestroy()),
    /closed the connection before anything was asked/,
  ],
])('a server whose handshake is %s', async (_, make, message) => {
  const error = await ask(make(), authority);
  expect(error).toMatchObject({ code: 'unreachable', cause: { sent: false }, message: expect.stringMatching(message) });
  expect(arrived).not.toHaveBeenCalled();
});

test.each(['localhost', '127.0.0.1'])('a good one is taken, for %s too', async (host) => {
  expect(await ask(server({ cert: good }), authority, host)).toMatchObject({ status: 200 });
  expect(arrived).toHaveBeenCalled();
});

test('a switch in the environment that trusts everybody trusts nobody here', async () => {
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(await ask(server({ cert: good }))).toMatchObject({ code: 'unreachable', cause: { sent: false } });
  expect(await ask(server({ cert: otherName }), authority)).toMatchObject({
    code: 'unreachable',
    cause: { sent: false },
  });
  expect(arrived).not.toHaveBeenCalled();
});

test('a session of TLS 1.2 does not let a wrong name through the second time', async () => {
  const port = await start(server({ cert: otherName, maxVersion: 'TLSv1.2' }));
  const fetch = realFetch({ caFile: ownAuthorities(authority) });
  const once = () => fetch({ method: 'GET', url: `https://localhost:${port}/`, headers: {}, timeoutMs: 10_000 });
  for (let round = 0; round < 3; round++) await expect(once()).rejects.toMatchObject({ cause: { sent: false } });
  expect(arrived).not.toHaveBeenCalled();
});
