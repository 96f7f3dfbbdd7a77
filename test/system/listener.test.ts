// The real Listener against what browsers and strangers do: sockets opened ahead, half requests, floods; and its two families.
import { once } from 'node:events';
import { createServer as createHttpServer, type Server } from 'node:http';
import { type AddressInfo, connect, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { Listening, ListenOptions, ListenResponse } from '../../src/model/ports.ts';
import { createListener, type ListenLimits } from '../../src/system/listener.ts';
import { bindLoopback, closeServer } from '../../src/system/loopback-sockets.ts';

const limits: ListenLimits = { headerBytes: 16 * 1024, bodyBytes: 64 * 1024, requestMs: 10_000, connections: 64 };
const hello: ListenResponse = { status: 200, headers: {}, body: 'hello' };

async function listen(options: Partial<ListenOptions> = {}, narrower: Partial<ListenLimits> = {}): Promise<Listening> {
  const listener = createListener({ ...limits, ...narrower });
  const listening = await listener({ host: '127.0.0.1', port: 0, handle: async () => hello, ...options });
  onTestFinished(() => listening.close());
  return listening;
}

/** A socket that remembers what came, until it ends. */
function open(port: number, host = '127.0.0.1') {
  const socket = connect({ port, host });
  let text = '';
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    text += chunk;
  });
  const ended = new Promise<string>((resolve) => socket.once('close', () => resolve(text)));
  onTestFinished(() => void socket.destroy());
  return { socket, ended };
}

async function exchange(port: number, request: string, host?: string): Promise<string> {
  const { socket, ended } = open(port, host);
  socket.write(request);
  return ended;
}

const get = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n';

/** A port that some other program holds on one address. */
async function hold(host: string, port = 0): Promise<number> {
  const server = createServer();
  server.listen({ host, port, ipv6Only: host === '::1' });
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

test('localhost is both families on one port', async () => {
  const { port } = await listen({ host: 'localhost' });
  for (const host of ['127.0.0.1', '::1']) expect(await exchange(port, get, host)).toContain('hello');
});

test.each([
  ['127.0.0.1', '::1'],
  ['::1', '127.0.0.1'],
] as const)('%s alone is not on %s, nor anywhere else', async (host, other) => {
  const { port } = await listen({ host });
  expect(await exchange(port, get, host)).toContain('hello');
  expect(await exchange(port, get, other)).toBe('');
  expect(await exchange(port, get, '127.0.0.2')).toBe('');
});

test.each(['127.0.0.1', '::1'])('a port that is taken on %s is taken for localhost', async (host) => {
  const port = await hold(host);
  await expect(listen({ host: 'localhost', port })).rejects.toMatchObject({ code: 'port_unavailable' });
  const other = host === '::1' ? '127.0.0.1' : '::1';
  expect((await listen({ host: other, port })).port).toBe(port);
});

test('a port below 1024 that may not be used, or any other refusal, is port_unavailable too', async () => {
  const refusing = () => refuse(createHttpServer(), 'EACCES');
  const bound = bindLoopback({ host: '127.0.0.1', port: 80, handle: async () => hello }, refusing);
  await expect(bound).rejects.toMatchObject({
    code: 'port_unavailable',
    message: expect.stringContaining('may not use'),
  });
});

function refuse(server: Server, code: string): Server {
  server.listen = () => {
    process.nextTick(() => server.emit('error', Object.assign(new Error(code), { code })));
    return server;
  };
  return server;
}

/** Servers of which the n-th, counted from 1, cannot be bound. */
function refusingSome(codes: Readonly<Record<number, string>>) {
  const made: Server[] = [];
  onTestFinished(async () => void (await Promise.all(made.filter((server) => server.listening).map(closeServer))));
  const make = () => {
    const server = createHttpServer();
    made.push(server);
    const code = codes[made.length];
    return code === undefined ? server : refuse(server, code);
  };
  return { made, make };
}

test.each(['EADDRNOTAVAIL', 'EAFNOSUPPORT'])('a family that is missing (%s) is left out', async (code) => {
  for (const missing of [1, 2]) {
    const { make } = refusingSome({ [missing]: code });
    const bound = await bindLoopback({ host: 'localhost', port: 0, handle: async () => hello }, make);
    expect([bound.servers.length, bound.port > 0]).toEqual([1, true]);
  }
  const { make } = refusingSome({ 1: code, 2: code });
  const neither = bindLoopback({ host: 'localhost', port: 0, handle: async () => hello }, make);
  await expect(neither).rejects.toMatchObject({ code: 'port_unavailable' });
});

test('for any port, one that is free on both families is looked for, and the sockets tried first are closed', async () => {
  const { made, make } = refusingSome({ 2: 'EADDRINUSE', 4: 'EADDRINUSE' });
  const bound = await bindLoopback({ host: 'localhost', port: 0, handle: async () => hello }, make);
  expect(bound.servers).toEqual(made.slice(4));
  expect(made.map((server) => server.listening)).toEqual([false, false, false, false, true, true]);
});

test('sockets that a browser opened ahead do not hold the end, nor do half requests', async () => {
  const listening = await listen();
  const idle = Array.from({ length: 5 }, () => open(listening.port));
  const half = open(listening.port);
  await Promise.all([...idle, half].map(({ socket }) => once(socket, 'connect')));
  half.socket.write('GET / HTTP/1.1\r\nhost: x\r\nx-');
  expect(await exchange(listening.port, get)).toContain('hello');
  await listening.close();
  expect(await Promise.all([...idle, half].map(({ ended }) => ended))).toEqual(['', '', '', '', '', '']);
  expect(await exchange(listening.port, get)).toBe('');
});

test.each([
  ['nothing', ''],
  ['half a header', 'GET / HTTP/1.1\r\nhost: x\r\nx-'],
  ['half a body', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n12345'],
])('who sends %s is dropped when the time for a request is over', async (_, text) => {
  const { port } = await listen({}, { requestMs: 100 });
  const { socket, ended } = open(port);
  socket.write(text);
  expect(await ended).toMatch(/^(HTTP\/1.1 408 |$)/);
});

test('too long a header and too long a body are refused, and the handler is not bothered', async () => {
  let asked = 0;
  const handle = async () => {
    asked++;
    return hello;
  };
  const { port } = await listen({ handle });
  expect(await exchange(port, `GET / HTTP/1.1\r\nhost: x\r\nx-long: ${'y'.repeat(20_000)}\r\n\r\n`)).toContain(' 431 ');
  const announced = `POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 70000\r\n\r\n`;
  expect(await exchange(port, announced)).toContain(' 413 ');
  const chunk = `${(66_000).toString(16)}\r\n${'z'.repeat(66_000)}\r\n`;
  expect(await exchange(port, `POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n${chunk}`)).toContain(
    ' 413 ',
  );
  expect(asked).toBe(0);
});

test('a body of 64 KiB is taken', async () => {
  let length = 0;
  const { port } = await listen({
    handle: async ({ body }) => {
      length = body.length;
      return hello;
    },
  });
  const body = 'z'.repeat(64 * 1024);
  expect(await exchange(port, `POST / HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`)).toContain(
    'hello',
  );
  expect(length).toBe(64 * 1024);
});

test('connections are bounded', async () => {
  const { port } = await listen({}, { connections: 2 });
  const kept = [open(port), open(port)];
  await Promise.all(kept.map(({ socket }) => once(socket, 'connect')));
  expect(await exchange(port, get)).toBe('');
  kept[0]?.socket.write(get);
  expect(await kept[0]?.ended).toContain('hello');
});

test('what the handler stumbles over stays inside', async () => {
  const { port } = await listen({ handle: async () => Promise.reject(new Error('s3cret')) });
  const answer = await exchange(port, get);
  expect(answer).toContain(' 500 ');
  expect(answer).not.toContain('s3cret');
  const bad = await listen({ handle: async () => ({ ...hello, headers: { 'x-bad': 'a\r\nb' } }) });
  expect(await exchange(bad.port, get)).toBe('');
});

test('every answer ends its connection', async () => {
  const { port } = await listen();
  const answer = await exchange(port, `${get}${get}`);
  expect(answer).toContain('connection: close');
  expect(answer.match(/HTTP\/1.1/g)).toHaveLength(1);
});

test('a browser that goes away before its answer counts as answered', async () => {
  let arrived = () => {};
  const waiting = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  let answer = () => {};
  const ready = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const left = new Promise<void>((resolve) => {
    void listen({
      handle: async ({ target }) => {
        if (target !== '/slow') return hello;
        arrived();
        await ready;
        return { ...hello, sent: resolve };
      },
    }).then(async ({ port }) => {
      const { socket } = open(port);
      socket.write('GET /slow HTTP/1.1\r\nhost: x\r\n\r\n');
      await waiting;
      socket.destroy();
      // By the time another exchange is through, the server knows that the first one's browser has gone.
      await exchange(port, get);
      answer();
    });
  });
  await left;
});

test('headers are handed over in lower case, the target as it was sent', async () => {
  const seen: unknown[] = [];
  const { port } = await listen({
    handle: async (request) => {
      seen.push(request);
      return hello;
    },
  });
  await exchange(
    port,
    'GET http://evil.example/?a=%41 HTTP/1.1\r\nHost: evil.example\r\nX-Twice: 1\r\nX-Twice: 2\r\n\r\n',
  );
  expect(seen).toMatchObject([
    { target: 'http://evil.example/?a=%41', headers: { host: 'evil.example', 'x-twice': '1, 2' } },
  ]);
});

test('a served fault reaches the peer: a reset, and a body that ends too early', async () => {
  for (const fault of ['reset', 'truncate'] as const) {
    const handle = async () => ({ status: 200, headers: {}, body: 'half', fault });
    const listening = await listen({ host: '127.0.0.1', port: 0, handle });
    await expect(fetch(`http://127.0.0.1:${listening.port}/`).then((answer) => answer.text())).rejects.toThrow();
    await listening.close();
  }
});
