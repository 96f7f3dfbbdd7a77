// The real Fetch against servers that do wrong: they hang, dribble, break off, flood, redirect, or speak something else.
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import type { WireRequest, WireResponse } from '../../src/model/ports.ts';
import { realFetch } from '../support/real-fetch.ts';
import { start } from './start-server.ts';

const stop = new AbortController();
const fetch = realFetch({ cutsShort: () => stop.signal });

function ask(url: string, request: Partial<WireRequest> = {}): Promise<WireResponse> {
  return fetch({ method: 'GET', headers: {}, timeoutMs: 10_000, ...request, url });
}

const web = async (listener: RequestListener) => `http://127.0.0.1:${await start(createHttpServer(listener))}/`;

/** Answers every request with these pieces, one turn apart, then ends or leaves the connection open. */
async function raw(pieces: readonly string[], end: 'end' | 'reset' | 'open' = 'end'): Promise<string> {
  const server = createServer((socket) => {
    const answer = async () => {
      for (const piece of pieces) await new Promise((resolve) => socket.write(piece, resolve));
      if (end === 'end') socket.end();
      if (end === 'reset') socket.resetAndDestroy();
    };
    socket.once('data', () => void answer());
  });
  return `http://127.0.0.1:${await start(server)}/`;
}

test('says who it is, asks for nothing packed, and keeps no cookie', async () => {
  const seen: unknown[] = [];
  const url = await web((request, response) => {
    seen.push(request.headers);
    response.setHeader('set-cookie', ['a=1', 'b=2']);
    response.end();
  });
  const answer = await ask(url, { headers: { accept: 'application/json' } });
  await ask(url);
  expect(seen).toMatchObject([
    { 'user-agent': 'oauthctl/1.2.3', accept: 'application/json', 'accept-encoding': 'identity' },
    {},
  ]);
  expect(seen[1]).not.toHaveProperty('cookie');
  expect(answer.headers['set-cookie']).toBe('a=1, b=2');
});

test.each([301, 302, 303, 307, 308])('a %i to another origin is not followed', async (status) => {
  let reached = 0;
  const other = await web((_, response) => {
    reached++;
    response.end();
  });
  const url = await web((_, response) => response.writeHead(status, { location: other }).end());
  expect(await ask(url, { method: 'POST', body: 'x=1' })).toMatchObject({ status, headers: { location: other } });
  expect(reached).toBe(0);
});

test('10 MB, announced or not, is cut off', async () => {
  const announced = await web((_, response) =>
    response.writeHead(200, { 'content-length': 10_000_000 }).flushHeaders(),
  );
  await expect(ask(announced)).rejects.toMatchObject({ code: 'bad_response', cause: { sent: true } });
  const chunked = await web((_, response) => {
    for (let count = 0; count < 10; count++) response.write('x'.repeat(1_000_000));
    response.end();
  });
  await expect(ask(chunked)).rejects.toMatchObject({ code: 'bad_response', message: expect.stringContaining('1 MiB') });
});

test('exactly 1 MiB is taken', async () => {
  const url = await web((_, response) => response.end('x'.repeat(1024 * 1024)));
  expect((await ask(url)).body.length).toBe(1024 * 1024);
});

test('endless headers are cut off', async () => {
  const url = await raw(
    ['HTTP/1.1 200 OK\r\n', ...Array.from({ length: 40 }, (_, i) => `x-${i}: ${'y'.repeat(1000)}\r\n`)],
    'open',
  );
  await expect(ask(url)).rejects.toMatchObject({ code: 'bad_response' });
});

test.each(['headers', 'body'])('a server that dribbles its %s is given up at the deadline', async (part) => {
  const url = await web((_, response) => {
    const socket = response.socket as Socket;
    socket.write(part === 'body' ? 'HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n' : 'HTTP/1.1 200 OK\r\nx-long: ');
    const timer = setInterval(() => socket.write('x'), 5);
    socket.once('close', () => clearInterval(timer));
  });
  await expect(ask(url, { timeoutMs: 500 })).rejects.toMatchObject({ code: 'timed_out', cause: { sent: true } });
});

test('a server that takes the connection and says nothing is given up at the deadline', async () => {
  const url = await raw([], 'open');
  await expect(ask(url, { timeoutMs: 500 })).rejects.toMatchObject({ code: 'timed_out', cause: { sent: true } });
});

test('a server that does not end its TLS handshake was sent nothing', async () => {
  const port = await start(createServer(() => {}));
  const asked = ask(`https://127.0.0.1:${port}/`, { timeoutMs: 100 });
  await expect(asked).rejects.toMatchObject({ code: 'timed_out', cause: { sent: false } });
});

test.each([
  ['resets before an answer', [], 'reset'],
  ['ends before an answer', [], 'end'],
  [
    'switches protocols unasked',
    ['HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'],
    'open',
  ],
  ['breaks off in the headers', ['HTTP/1.1 200 OK\r\ncontent-'], 'end'],
  ['breaks off in the body', ['HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{"a"'], 'end'],
  ['breaks off between chunks', ['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\n{"a"\r\n'], 'reset'],
] as const)('a server that %s may have acted all the same', async (_, pieces, end) => {
  const url = await raw(pieces, end);
  await expect(ask(url, { method: 'POST', body: 'x=1' })).rejects.toMatchObject({
    code: 'unreachable',
    cause: { sent: true },
  });
});

test.each([
  ['something that is not HTTP', 'SSH-2.0-OpenSSH_9.2\r\n'],
  ['a length that is none', 'HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\n'],
])('%s is a bad response', async (_, text) => {
  await expect(ask(await raw([text]))).rejects.toMatchObject({ code: 'bad_response', cause: { sent: true } });
});

test('HTML, and bytes that are not UTF-8, are handed over for the caller to judge', async () => {
  const html = await web((_, response) =>
    response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway'),
  );
  expect(await ask(html)).toMatchObject({
    status: 502,
    headers: { 'content-type': 'text/html' },
    body: '<h1>Bad gateway',
  });
  const latin1 = await web((_, response) => response.end(Buffer.from([0x63, 0x61, 0x66, 0xe9])));
  expect((await ask(latin1)).body).toBe('caf\uFFFD');
});

test('a name that does not exist: nothing was sent', async () => {
  const asked = ask('https://no-such-host.invalid/');
  await expect(asked).rejects.toMatchObject({
    code: 'unreachable',
    cause: { sent: false },
    message: expect.stringContaining('no-such-host.invalid'),
  });
});

test('plain http goes to loopback only', async () => {
  await expect(ask('http://192.0.2.1/')).rejects.toMatchObject({ code: 'bad_response', cause: { sent: false } });
  await expect(ask('file:///etc/passwd')).rejects.toMatchObject({ code: 'bad_response', cause: { sent: false } });
  await expect(ask('http://127.0.0.1.example.com/')).rejects.toMatchObject({ code: 'bad_response' });
});

test('a header that HTTP forbids is not sent, and its value is in no message', async () => {
  const error = await ask('https://127.0.0.1/', { headers: { authorization: 'Bearer s3cret\r\nx: y' } }).catch(
    (reason) => reason,
  );
  expect(error).toMatchObject({ code: 'bad_response', cause: { sent: false } });
  expect(JSON.stringify([error.message, error.cause])).not.toContain('s3cret');
});

test('an interruption of the process ends what nothing protects', async () => {
  const url = await raw([], 'open');
  const asked = expect(ask(url)).rejects.toMatchObject({ code: 'cancelled' });
  stop.abort();
  await asked;
});
