// The real Fetch through real proxies: tunnels that stand, and every way in which a proxy fails. What must hold each time: the
// request did not leave, the proxy and its variable are named, and its credentials are nowhere.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { expect, test } from 'vitest';
import { authority, good, leafKey, otherName } from '../support/certificates.ts';
import { type ProxyOptions, startProxy } from '../support/connect-proxy.ts';
import { realFetch } from '../support/real-fetch.ts';
import { ownAuthorities } from './own-authorities.ts';
import { start } from './start-server.ts';

const url = 'https://login.acme.test/token?a=1';
const password = 's3cret';
async function echo(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const { url: path, headers, socket } = request;
  const resumed = (socket as TLSSocket).isSessionReused();
  response.end(JSON.stringify({ path, host: headers.host, body: String(Buffer.concat(parts)), resumed }));
}

const answering = (cert: string) =>
  createHttpsServer({ key: leafKey, cert }, (request, response) => void echo(request, response));

async function through(options: ProxyOptions, trusted: string | null = authority) {
  const proxy = await startProxy(options);
  const address = `${options.secure ? 'https' : 'http'}://ann:${password}@127.0.0.1:${proxy.port}`;
  const fetch = realFetch({
    env: { HTTPS_PROXY: address },
    caFile: trusted === null ? undefined : ownAuthorities(trusted),
  });
  const ask = (timeoutMs = 10_000) =>
    fetch({ method: 'POST', url, headers: { authorization: 'Bearer t0ken' }, body: 'k=v', timeoutMs });
  return { proxy, ask };
}

const credentials = `ann:${password}`;

test.each([false, true])('an https address is asked through a tunnel (TLS to the proxy: %s)', async (secure) => {
  const { proxy, ask } = await through({ to: await start(answering(good)), credentials, secure });
  const seen = { path: '/token?a=1', host: 'login.acme.test', body: 'k=v' };
  expect(JSON.parse((await ask()).body)).toEqual({ ...seen, resumed: false });
  expect(JSON.parse((await ask()).body)).toEqual({ ...seen, resumed: true });
  expect(proxy.asked).toEqual(['login.acme.test:443', 'login.acme.test:443']);
  expect(proxy.passed().includes('t0ken')).toBe(false);
});

const says = (text: string) => (socket: Socket) => void socket.write(text);
const answers = (status: number) => says(`HTTP/1.1 ${status} x\r\ncontent-length: 3\r\n\r\nno!`);

test.each<[string, ProxyOptions, RegExp, RegExp]>([
  [
    'wants other credentials',
    { credentials: 'bob:x' },
    /does not take the credentials .* \(HTTP 407\)/,
    /^put them into HTTPS_PROXY/,
  ],
  ['forbids the host', { instead: answers(403) }, /refuses a way to login\.acme\.test:443 \(HTTP 403\)/, /NO_PROXY/],
  ['answers with a redirect', { instead: answers(302) }, /refuses a way .* \(HTTP 302\)/, /NO_PROXY/],
  [
    'does not get through',
    { instead: answers(502) },
    /does not get through to login\.acme\.test:443 \(HTTP 502\)/,
    /again/,
  ],
  ['closes at once', { instead: (socket) => socket.destroy() }, /closed the connection/, /^check HTTPS_PROXY$/],
  [
    'closes half way',
    { instead: (socket) => socket.end('HTTP/1.1 200 Conn') },
    /closed the connection/,
    /^check HTTPS_PROXY$/,
  ],
  [
    'speaks something else',
    { instead: says('SSH-2.0-OpenSSH_9.2\r\n') },
    /something that is not HTTP/,
    /^check HTTPS_PROXY$/,
  ],
  ['never ends its headers', { instead: says(`HTTP/1.1 200 x\r\nx: ${'y'.repeat(40_000)}`) }, /16 KiB/, /HTTPS_PROXY/],
])('a proxy that %s', async (_, options, message, hint) => {
  const { proxy, ask } = await through({ credentials, ...options });
  const error = await ask().catch((reason) => reason);
  expect(error).toMatchObject({ code: 'unreachable', cause: { sent: false }, message: expect.stringMatching(message) });
  expect(error.message).toContain(`the proxy 127.0.0.1:${proxy.port} (HTTPS_PROXY)`);
  expect(error.hint).toMatch(hint);
  expect(JSON.stringify([error.message, error.hint, error.cause])).not.toContain(password);
});

test('a proxy that wants credentials where none were given', async () => {
  const { port } = await startProxy({ credentials });
  const fetch = realFetch({ env: { ALL_PROXY: `127.0.0.1:${port}` } });
  await expect(fetch({ method: 'GET', url, headers: {}, timeoutMs: 10_000 })).rejects.toMatchObject({
    code: 'unreachable',
    message: `the proxy 127.0.0.1:${port} (ALL_PROXY) wants credentials (HTTP 407)`,
    hint: 'put them into ALL_PROXY: http://USER:PASSWORD@HOST:PORT',
  });
});

test.each<[string, (socket: Socket) => void, RegExp]>([
  ['before a tunnel stands', () => {}, /^the proxy 127\.0\.0\.1:\d+ \(HTTPS_PROXY\) did not answer within 0\.3 s$/],
  [
    'in the handshake within',
    says('HTTP/1.1 200 x\r\n\r\n'),
    /^login\.acme\.test, through the proxy .*, did not answer/,
  ],
])('a proxy that hangs %s ends at the one deadline', async (_, instead, message) => {
  const { ask } = await through({ credentials, instead });
  await expect(ask(300)).rejects.toMatchObject({
    code: 'timed_out',
    cause: { sent: false },
    message: expect.stringMatching(message),
  });
});

test('a tunnel that is cut in its handshake', async () => {
  const cut = (socket: Socket) => {
    socket.write('HTTP/1.1 200 x\r\n\r\n');
    socket.once('data', () => socket.destroy());
  };
  const { ask } = await through({ credentials, instead: cut });
  await expect(ask()).rejects.toMatchObject({
    code: 'unreachable',
    cause: { sent: false },
    message: expect.stringMatching(/^login\.acme\.test, through the proxy .*, closed the connection before anything/),
  });
});

test('a proxy that speaks before the handshake within: no TLS', async () => {
  const { ask } = await through({ credentials, instead: says('HTTP/1.1 200 x\r\n\r\nHTTP/1.1 400 no TLS\r\n\r\n') });
  await expect(ask()).rejects.toMatchObject({
    code: 'unreachable',
    cause: { sent: false },
    message: expect.stringContaining('something that is not TLS'),
  });
});

test('a server that breaks off behind the tunnel may have acted all the same', async () => {
  const breaking = createHttpsServer({ key: leafKey, cert: good }, (request) => request.socket.destroy());
  const { ask } = await through({ to: await start(breaking), credentials });
  await expect(ask()).rejects.toMatchObject({ code: 'unreachable', cause: { sent: true } });
});

test.each([
  ['nobody vouches for', good, null, "issued by 'Acme Corp Inspection CA (Acme Corp)'"],
  ['is for another name', otherName, authority, 'captive.example'],
])('a certificate within the tunnel that %s', async (_, cert, trusted, words) => {
  const to = await start(answering(cert));
  const { proxy, ask } = await through({ to, credentials }, trusted);
  const error = await ask().catch((reason) => reason);
  expect(error).toMatchObject({ code: 'unreachable', cause: { sent: false }, message: expect.stringContaining(words) });
  expect(error.message).toContain(`login.acme.test, through the proxy 127.0.0.1:${proxy.port} (HTTPS_PROXY)`);
});

test('a proxy over TLS whose certificate nobody vouches for is told nothing', async () => {
  const { proxy, ask } = await through({ secure: true, credentials }, null);
  await expect(ask()).rejects.toMatchObject({
    code: 'unreachable',
    cause: { sent: false },
    message: expect.stringMatching(/^the certificate of the proxy .* was issued by 'Acme Corp Inspection CA/),
  });
  expect(proxy.asked).toEqual([]);
});

test('a proxy where nobody listens, and one that does not exist', async () => {
  const port = await start(createServer());
  for (const [at, words] of [
    [`127.0.0.1:${port === 9 ? 10 : 9}`, 'refused the connection'],
    ['no-such-proxy.invalid:3128', 'no name service'],
  ]) {
    const fetch = realFetch({ env: { https_proxy: `http://${credentials}@${at}` } });
    await expect(fetch({ method: 'GET', url, headers: {}, timeoutMs: 10_000 })).rejects.toMatchObject({
      code: 'unreachable',
      cause: { sent: false },
      message: expect.stringContaining(`${words}`),
      hint: 'check https_proxy',
    });
  }
});

test('an interruption ends the wait for a proxy', async () => {
  const stop = new AbortController();
  const { port } = await startProxy({ instead: () => stop.abort() });
  const fetch = realFetch({ env: { HTTPS_PROXY: `http://127.0.0.1:${port}` }, cutsShort: () => stop.signal });
  await expect(fetch({ method: 'GET', url, headers: {}, timeoutMs: 10_000 })).rejects.toMatchObject({
    code: 'cancelled',
    cause: { sent: false },
  });
});

test('what NO_PROXY names and what is loopback is asked straight', async () => {
  const { port, asked } = await startProxy({ instead: answers(403) });
  const target = await start(answering(good));
  const fetch = realFetch({
    env: { HTTPS_PROXY: `http://127.0.0.1:${port}`, NO_PROXY: 'acme.test' },
    caFile: ownAuthorities(authority),
    lookup: (_, __, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
  });
  for (const host of ['login.acme.test', 'localhost', '127.0.0.1']) {
    const answer = await fetch({ method: 'GET', url: `https://${host}:${target}/`, headers: {}, timeoutMs: 10_000 });
    expect(answer.status).toBe(200);
  }
  expect(asked).toEqual([]);
});

test('a variable that cannot be understood: told before anything is asked, and by check alone', async () => {
  const fetch = realFetch({ env: { HTTPS_PROXY: 'socks5://p.corp' } });
  const refusal = { code: 'settings_invalid', cause: { sent: false } };
  await expect(fetch({ method: 'GET', url, headers: {}, timeoutMs: 10_000 })).rejects.toMatchObject(refusal);
  await expect(fetch.check?.()).rejects.toMatchObject(refusal);
});
